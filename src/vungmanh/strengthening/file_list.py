"""The list of files: what waits for the viewer first, cut to what the viewer sees."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.core.programme_words import FileState, MeasureState
from vungmanh.core.text import fold
from vungmanh.core.vocabulary import Reach
from vungmanh.org.models import UnitVersion
from vungmanh.strengthening.file_reads import ASKING, files_visible
from vungmanh.strengthening.file_reviews import reviews_named_for
from vungmanh.strengthening.file_states import APPROVE, WORK
from vungmanh.strengthening.models import FileEntry, FileMeasure, Handover, SupportFile
from vungmanh.strengthening.models.files import OVER
from vungmanh.strengthening.standing_in import acting_for

S = FileState
_ASKED = (S.DIAGNOSIS_ASKED, S.PLAN_ASKED, S.EXIT_ASKED, S.LINEAGE_ASKED)
UNDER_WAY = (S.ACTING, S.EXIT_ASKED, S.HOLDING)
ALL = "all"  # beside the states: also what is closed


@dataclass(frozen=True)
class FileFilter:
    """What to list. `state` "" are the open files, ALL every one."""

    text: str = ""
    state: str = ""
    programme: UUID | None = None
    year: int | None = None
    handler: UUID | None = None


def listed_files(viewer: Viewer, on: dt.date, chosen: FileFilter) -> QuerySet[SupportFile]:
    """Each with `name`, `handler_name`, `late` (measures past their day) and `waits`."""
    acting = acting_for(viewer)
    found = _filtered(files_visible(viewer), chosen).annotate(
        name=_named("unit_id", "name", on),
        name_fold=_named("unit_id", "name_fold", on),
        name_key=_named("unit_id", "name_key", on),
        handler_name=_named("handler_id", "name", on),
        late=Coalesce(Subquery(_late(on), output_field=IntegerField()), 0),
        offered=Exists(_offers(acting)),
    )
    for word in fold(chosen.text).split():
        found = found.filter(name_fold__contains=word)
    found = found.annotate(
        waits=Case(
            When(
                waiting_for_viewer(acting) | reviews_named_for(_persons(viewer)), then=Value(True)
            ),
            default=Value(False), output_field=BooleanField(),
        )
    )  # fmt: skip
    return found.select_related("programme", "choice").order_by("-waits", "-late", "name_key", "id")


def choices_of_lists(viewer: Viewer, on: dt.date) -> dict[str, list[tuple[Any, Any]]]:
    """Programmes, years and handlers that the files in sight have, to filter by."""
    rows = files_visible(viewer).annotate(handler_name=_named("handler_id", "name", on))
    told = rows.order_by().values_list(
        "programme_id", "programme__title", "choice__year", "handler_id", "handler_name"
    ).distinct()  # fmt: skip
    programmes, years, handlers = {}, set(), {}
    for programme, title, year, handler, name in told:
        programmes[programme], handlers[handler] = title, name or ""
        years.add(year)
    return {
        "programmes": sorted(programmes.items(), key=lambda one: one[1]),
        "years": [(year, year) for year in sorted(years, reverse=True)],
        "handlers": sorted(handlers.items(), key=lambda one: one[1]),
    }


def open_file_of(viewer: Viewer | None, unit_id: UUID) -> SupportFile | None:
    """The open file of a unit, for whoever may see it."""
    return files_visible(viewer).filter(unit_id=unit_id).exclude(state__in=OVER).first()


def _filtered(found: QuerySet[SupportFile], chosen: FileFilter) -> QuerySet[SupportFile]:
    if not chosen.state:
        found = found.exclude(state__in=OVER)
    elif chosen.state != ALL:
        found = found.filter(state=chosen.state)
    said = {
        "programme_id": chosen.programme, "choice__year": chosen.year, "handler_id": chosen.handler
    }  # fmt: skip
    return found.filter(**{name: value for name, value in said.items() if value is not None})


def _named(key: str, field: str, on: dt.date) -> Subquery:
    """What a unit was called last by a day."""
    named = UnitVersion.objects.filter(unit_id=OuterRef(key), valid__startswith__lte=on)
    return Subquery(named.order_by("-valid").values(field)[:1])


def _late(on: dt.date) -> QuerySet[FileMeasure, Any]:
    late = FileMeasure.objects.order_by().filter(
        file_id=OuterRef("pk"), state=MeasureState.PLANNED, due_on__lt=on,
        file__state__in=UNDER_WAY,
    )  # fmt: skip
    return late.values("file_id").annotate(n=Count("pk")).values("n")


def _offers(viewer: Viewer) -> QuerySet[Handover]:
    held = viewer.units_with(Reach.UNIT_AND_BELOW)
    return Handover.objects.filter(file_id=OuterRef("pk"), answered_at=None, unit_id__in=held)


def waiting_for_viewer(viewer: Viewer) -> Q:
    """What this viewer's side must do next; asked with `standing_in.acting_for`."""
    held = viewer.units_with(Reach.UNIT_AND_BELOW)
    waits: Any = Q(pk__in=[])
    if can(viewer, WORK):
        late = FileMeasure.objects.filter(
            file_id=OuterRef("pk"), state=MeasureState.PLANNED, due_on__lt=viewer.on
        )
        is_late = Q(Exists(late), state__in=UNDER_WAY)
        waits |= Q(handler_id__in=held) & (Q(state__in=[S.CHOSEN, S.DIAGNOSED]) | is_late)
        waits |= Q(Exists(_offers(viewer)))
    if can(viewer, APPROVE):
        persons = _persons(viewer)
        last = FileEntry.objects.filter(file_id=OuterRef("file_id"), act__in=ASKING)
        by_me = FileEntry.objects.filter(
            Q(by_id__in=persons) | Q(on_behalf_id__in=persons),
            file_id=OuterRef("pk"), pk=Subquery(last.order_by("-number").values("pk")[:1]),
        )  # fmt: skip
        waits |= Q(approver_id__in=held, state__in=_ASKED) & ~Exists(by_me)
    return waits


def _persons(viewer: Viewer) -> list[UUID]:
    """The viewer, and whoever lent the role."""
    lender = viewer.on_behalf_of
    return [viewer.user.pk, *([lender.pk] if lender else [])]
