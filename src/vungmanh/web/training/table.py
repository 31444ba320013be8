"""The table in which many units are told at once: called, came, passed; and who came by post.

Only rows that say something count; what was typed stays when something is refused.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Sum
from django.http import QueryDict
from django.utils.translation import gettext as _

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.cadre.actions.sessions import CountRow
from vungmanh.cadre.attending import MemberRow
from vungmanh.cadre.models import CourseSession
from vungmanh.core.errors import InputError
from vungmanh.core.text import fold, number_vi
from vungmanh.core.vocabulary import CELL_KINDS, Post, UnitKind
from vungmanh.org.listing import sizes_of
from vungmanh.org.models import Appointment, Membership, MembershipCount, UnitClosure, UnitVersion
from vungmanh.org.named import given_name_key, names_on
from vungmanh.org.queries import versions_visible

ROWS = 150  # three numbers a row stay below what one form may send
COLUMNS = (("goi", "called"), ("du", "came"), ("dat", "passed"))
CAME = {"du": None, "dat": True, "chua-dat": False}


@dataclass
class UnitRow:
    """One unit of the table, with what stands there or what was typed."""

    version: UnitVersion
    official: int | None
    cells: list[tuple[str, str]] = field(default_factory=list)  # name of the field, what it holds
    is_bad: bool = False
    leads_on: bool = False  # has units below that may be opened


@dataclass(frozen=True)
class Candidate:
    """Somebody who may have come: holder of a post, or on the list of a unit with names."""

    key: str
    unit: str
    who: str
    as_what: str
    state: str
    row: MemberRow


def group_of(viewer: Viewer, plan_unit: UUID, asked: UUID | None, on: dt.date) -> UUID:
    """The unit whose units the table shows: of the plan's committee, or one below it."""
    below = UnitClosure.objects.filter(
        ancestor_id=plan_unit, descendant_id=asked, valid__contains=on
    )
    return asked if asked is not None and below.exists() else plan_unit


def unit_page(
    viewer: Viewer, group: UUID, on: dt.date, number: str | None, text: str = ""
) -> Page[UnitVersion]:
    """A page of the unit itself and those directly below it; by words of the name, marks or not."""
    near = UnitClosure.objects.filter(ancestor_id=group, depth__lte=1, valid__contains=on)
    found = versions_visible(viewer, on).filter(unit_id__in=near.values("descendant_id"))
    for word in fold(text.replace("\0", "")).split():
        found = found.filter(name_fold__contains=word)
    return Paginator(found, ROWS).get_page(number)


def unit_rows(
    viewer: Viewer, page: Page[UnitVersion], on: dt.date, *, group: UUID,
    session: CourseSession | None = None, data: QueryDict | None = None, bad: str = "",
) -> list[UnitRow]:  # fmt: skip
    """The rows of the table: as typed where something was, else as kept. Two queries."""
    versions = list(page.object_list)
    ids = [one.unit_id for one in versions]
    sizes = sizes_of(viewer, ids, on)
    kept = {one.unit_id: one for one in session.counts.filter(unit_id__in=ids)} if session else {}
    return [
        UnitRow(
            one,
            sizes[one.unit_id].official if UnitKind(one.kind) in CELL_KINDS else None,
            _cells(one.unit_id, kept.get(one.unit_id), data),
            bad == f"hang-{one.unit_id}",
            UnitKind(one.kind) not in CELL_KINDS and one.unit_id != group,
        )
        for one in versions
    ]


def _cells(unit_id: UUID, kept: Any, data: QueryDict | None) -> list[tuple[str, str]]:
    found = []
    for name, column in COLUMNS:
        key = f"{name}-{unit_id}"
        stands = "" if kept is None else getattr(kept, column)
        found.append((key, data.get(key, "") if data is not None else _shown(stands)))
    return found


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True)
class TooMany:
    """A cell from which more were called than it has members."""

    name: str
    called: int
    members: int


#: The tick that says that guests were called too.
GUESTS = "co-khach"


def check_called(
    viewer: Viewer, rows: Iterable[CountRow], on: dt.date, data: QueryDict,
    session: CourseSession | None = None,
) -> None:  # fmt: skip
    """Ask once before more are called from a cell than it has members. Raises InputError."""
    if data.get(GUESTS):
        return
    kept = dict(session.counts.values_list("unit_id", "called")) if session else {}
    found = _more_than_members(viewer, [x for x in rows if x.called != kept.get(x.unit_id)], on)
    if not found:
        return
    told = "; ".join(
        _("%(unit)s: triệu tập %(called)s, có %(members)s đảng viên")
        % {"unit": x.name, "called": number_vi(x.called), "members": number_vi(x.members)}
        for x in found
    )
    raise InputError(
        _("%s. Sửa số, hoặc đánh dấu “Có khách dự” ở cuối bảng rồi ghi lại.") % told,
        field=GUESTS, code="more-than-members",
    )  # fmt: skip


def _more_than_members(viewer: Viewer, rows: Iterable[CountRow], on: dt.date) -> list[TooMany]:
    """Guests may attend, but a slip of the key is likelier."""
    called = {row.unit_id: row.called for row in rows if row.called}
    cells = versions_visible(viewer, on).filter(
        unit_id__in=called, kind__in=[kind.value for kind in CELL_KINDS]
    )
    counts = MembershipCount.objects.filter(unit_id__in=called, valid__contains=on).order_by()
    members = dict(counts.values_list("unit_id").annotate(total=Sum("count")))
    return [
        TooMany(one.name, called[one.unit_id] or 0, members[one.unit_id])
        for one in cells
        if one.unit_id in members and (called[one.unit_id] or 0) > members[one.unit_id]
    ]


def counts_in(viewer: Viewer, day: dt.date, data: QueryDict) -> list[CountRow]:
    """The rows that were sent, each a unit once. Raises InputError for what is no number."""
    rows = []
    for key in data:
        if not key.startswith("goi-"):
            continue
        try:
            unit = UUID(key.removeprefix("goi-"))
        except ValueError:
            continue
        told = [_number(data.get(f"{name}-{unit}", "")) for name, _column in COLUMNS]
        wrong = next((one for one in told if isinstance(one, str)), None)
        if wrong is not None:
            seen = versions_visible(viewer, day).filter(unit_id=unit).first()
            said = {"unit": seen.name if seen is not None else "–", "text": wrong[:20]}
            raise InputError(
                _("%(unit)s: “%(text)s” không phải là số người; chỉ ghi chữ số.") % said,
                field=f"hang-{unit}",
            )
        rows.append(CountRow(unit, *told))
    return rows


#: Digits alone, or in groups of three: "1.5" is no 15.
_WHOLE = re.compile(r"[0-9]{1,6}|[0-9]{1,3}\.[0-9]{3}")


def _number(typed: str) -> int | str | None:
    """The number; what was typed where it is none."""
    text = typed.strip()
    if not _WHOLE.fullmatch(text):
        return text or None
    return int(text.replace(".", ""))


# --- who came, one by one -------------------------------------------------------------------------


def candidates(viewer: Viewer, session: CourseSession, group: UUID) -> list[Candidate]:
    """Holders of posts in a unit and those directly below it; of one cell with names, its list."""
    day = session.began_on
    near = UnitClosure.objects.filter(ancestor_id=group, depth__lte=1, valid__contains=day)
    versions = versions_visible(viewer, day).filter(unit_id__in=near.values("descendant_id"))
    units = {one.unit_id: one for one in versions}
    place = {unit: n for n, unit in enumerate(units)}
    kept = {(one.appointment_id, one.person_id): one for one in session.members.all()}
    rows = Appointment.objects.filter(unit_id__in=units, valid__contains=day)
    order = list(Post)
    found = []
    for one in sorted(rows, key=lambda o: (place[o.unit_id], order.index(Post(o.post)), o.seat)):
        member = MemberRow(one.unit_id, None, one.pk, True)
        state = _state(kept.get((one.pk, None)))
        name, post = one.holder_name or "–", _(Post(one.post).label)
        found.append(
            Candidate(f"post-{one.pk}", units[one.unit_id].name, name, post, state, member)
        )
    version = units.get(group)
    if version is None or not can(viewer, "org.person.view") or not names_on(group, day):
        return found
    people = Membership.objects.filter(
        unit_id=group, valid__contains=day, person__erased_at=None, person__merged_into=None
    ).select_related("person")
    for row in sorted(people, key=lambda o: given_name_key(o.person.name)):
        member = MemberRow(group, row.person_id, None, True)
        state = _state(kept.get((None, row.person_id)))
        found.append(
            Candidate(f"person-{row.person_id}", version.name, row.person.name, _("đảng viên"),
                      state, member)
        )  # fmt: skip
    return found


def members_in(data: QueryDict, known: Iterable[Candidate]) -> list[MemberRow]:
    """What was said of each who was shown."""
    rows = []
    for one in known:
        said = data.get(one.key, "")
        row = one.row
        came = said in CAME
        if came or one.state:
            rows.append(
                MemberRow(row.unit_id, row.person_id, row.appointment_id, came, CAME.get(said))
            )
    return rows


def _state(member: Any) -> str:
    if member is None:
        return ""
    return next(key for key, passed in CAME.items() if passed is member.has_passed)
