"""What is new about files, and for whom: one definition for the daily list and the list of files.

Each question is a condition on files in sight; the days are told with it where one is known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from vungmanh.access import wall
from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.core.programme_words import FileAct, FileState, MeasureState
from vungmanh.core.vocabulary import Reach, Role
from vungmanh.meetings.digest import Waiting
from vungmanh.rulebook.programmes.exit import Exit
from vungmanh.strengthening.file_list import UNDER_WAY, waiting_for_viewer
from vungmanh.strengthening.file_reads import VIEW, files_visible
from vungmanh.strengthening.file_reviews import owing_review, reviews_named_for
from vungmanh.strengthening.file_states import APPROVE, WORK
from vungmanh.strengthening.lineage_of_files import of_ended_units
from vungmanh.strengthening.models import FileEntry, FileMeasure, FileMonth, SupportFile
from vungmanh.strengthening.models.files import OVER
from vungmanh.strengthening.standing_in import acting_for

NEW_FOR = dt.timedelta(days=31)  # how long a relapse is news
Condition = Callable[[Viewer, dt.date], Q]


def latest_month(name: str) -> Subquery:
    """A column of the latest month kept of a file."""
    kept = FileMonth.objects.filter(file_id=OuterRef("pk")).order_by("-month")
    return Subquery(kept.values(name)[:1])


def _side(viewer: Viewer) -> Q:
    """Followed or decided where the viewer's role is held."""
    held = viewer.units_with(Reach.UNIT_AND_BELOW)
    side = Q(pk__in=[])
    if can(viewer, WORK):
        side |= Q(handler_id__in=held)
    if can(viewer, APPROVE):
        side |= Q(approver_id__in=held)
    return side


def _months(**said: object) -> Exists:
    """Files whose latest month says so."""
    later = FileMonth.objects.filter(file_id=OuterRef("file_id"), month__gt=OuterRef("month"))
    rows = FileMonth.objects.filter(~Exists(later), file_id=OuterRef("pk"), **said)
    return Exists(rows)


def _slow(viewer: Viewer, on: dt.date) -> Q:
    """Below the path in so many months that a named person must review it, and nobody is named nor
    has reviewed it since the last month that was told."""
    later = FileMonth.objects.filter(file_id=OuterRef("file_id"), month__gt=OuterRef("month"))
    since = FileMonth.objects.filter(~Exists(later), file_id=OuterRef("file_id"))
    reviewed = FileEntry.objects.filter(
        file_id=OuterRef("pk"), act=FileAct.REVIEW, on__gt=Subquery(since.values("month")[:1])
    )
    slow = Q(_months(is_slow=True), state__in=UNDER_WAY, review_due=None)
    return _side(viewer) & slow & Q(~Exists(reviewed))


def _late(viewer: Viewer, on: dt.date) -> Q:
    late = FileMeasure.objects.filter(
        file_id=OuterRef("pk"), state=MeasureState.PLANNED, due_on__lt=on
    )
    return _side(viewer) & Q(Exists(late), state__in=UNDER_WAY)


def _missed(viewer: Viewer, on: dt.date) -> Q:
    return _side(viewer) & ~Q(state__in=OVER) & Q(_months(missed__gt=0))


def own_missed(viewer: Viewer) -> int:
    """The meetings of the latest month that an overseer was to attend and did not.

    Read past the wall: the file is often that of the organisation above the cell, out of sight; of
    it nothing is told but one's own attendance.
    """
    if viewer.role is not Role.OVERSEER:
        return 0
    user = viewer.on_behalf_of or viewer.user
    later = FileMonth.objects.filter(file_id=OuterRef("file_id"), month__gt=OuterRef("month"))
    with wall.lowered():
        rows = FileMonth.objects.filter(
            ~Exists(later), missed_by__contains=[{"user": str(user.pk)}]
        ).exclude(file__state__in=OVER)
        told = [each for row in rows for each in row.missed_by]
    return sum(each["n"] for each in told if each["user"] == str(user.pk))


def _named(viewer: Viewer, on: dt.date) -> Q:
    lender = viewer.on_behalf_of
    return reviews_named_for([viewer.user.pk, *([lender.pk] if lender else [])])


NEWS: dict[str, Condition] = {
    "files_waiting": lambda viewer, on: waiting_for_viewer(viewer),
    "files_my_review": _named,
    "files_slow": _slow,
    "files_review": lambda viewer, on: _side(viewer) & owing_review(on),
    "files_late": _late,
    "files_missed": _missed,
    "files_exit": lambda viewer, on: _side(viewer)
    & Q(_months(leaving=Exit.MET.value), state=FileState.ACTING),
    "files_relapsed": lambda viewer, on: _side(viewer)
    & Q(state=FileState.RELAPSED, ended_on__gte=on - NEW_FOR),
    "files_ended": lambda viewer, on: _side(viewer)
    & of_ended_units(on)
    & ~Q(state=FileState.LINEAGE_ASKED),
}  # fmt: skip
#: Told to whoever the files of a side wait for; the others to each person alone.
_OLDEST = {"files_my_review": "review_due", "files_relapsed": "ended_on"}


def news_of(viewer: Viewer, on: dt.date, key: str) -> Q:
    """Of which files this is new for the viewer, those included of committees that ended and for
    which its own acts."""
    return NEWS[key](acting_for(viewer), on)


def files_with(viewer: Viewer, on: dt.date, key: str) -> QuerySet[SupportFile]:
    """The files in sight of which this is new for the viewer."""
    return files_visible(viewer).filter(news_of(viewer, on, key))


def files_waiting(viewer: Viewer, on: dt.date) -> Iterator[Waiting]:
    """For the daily list (`meetings.digest`): how many files of each kind."""
    if not can(viewer, VIEW):
        return
    seen, acting = files_visible(viewer), acting_for(viewer)
    for key, condition in NEWS.items():
        found = seen.filter(condition(acting, on))
        oldest = None
        if key in _OLDEST:
            first = found.order_by(F(_OLDEST[key]).asc()).values_list(_OLDEST[key], flat=True)
            oldest = first.first()
        yield Waiting(key, found.count(), oldest)
    yield Waiting("attendance_missed", own_missed(viewer))
