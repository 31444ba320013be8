"""Reads about programmes: which are in sight, who reports at a gate, who chose how many."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils.timezone import localdate

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound
from vungmanh.core.programme_words import FileState, ProgrammeState, SelectionState
from vungmanh.core.vocabulary import UnitKind
from vungmanh.org.models import UnitClosure
from vungmanh.org.queries import ended_units_visible, units_visible
from vungmanh.strengthening.file_reads import files_visible
from vungmanh.strengthening.models import GateReport, Programme, ProgrammeGate, Selection
from vungmanh.strengthening.standing_in import is_held

VIEW = "strengthening.programme.view"
_OPEN_BELOW = (ProgrammeState.RUNNING, ProgrammeState.CLOSED)


def programmes_visible(viewer: Viewer | None) -> QuerySet[Programme]:
    """Those of the committees in sight; and, once approved, those of the committees above."""
    if viewer is None or not can(viewer, VIEW):
        return Programme.objects.none()
    held = [grant.unit_id for grant in viewer.grants]
    above = UnitClosure.objects.filter(descendant_id__in=held, valid__contains=viewer.on)
    return Programme.objects.filter(
        Q(unit_id__in=units_visible(viewer, viewer.on))
        | Q(unit_id__in=ended_units_visible(viewer, viewer.on))
        | Q(state__in=_OPEN_BELOW, unit_id__in=above.values("ancestor_id"))
    )


def programme_visible(viewer: Viewer | None, programme_id: UUID) -> Programme:
    """One programme. Raises NotFound alike for absent and out of sight."""
    found = programmes_visible(viewer).filter(pk=programme_id).first()
    if found is None:
        raise NotFound("Không tìm thấy đề án này trong phạm vi của đồng chí.", code="no-programme")
    return found


def is_of_committee(viewer: Viewer, unit_id: UUID) -> bool:
    """Whether the role is held in that very committee, or in the one that acts for it now that it
    has ended: whose acts these then are."""
    return is_held(viewer, unit_id)


def sees_unit(viewer: Viewer, unit_id: UUID) -> bool:
    """Whether the committee itself is in sight, not only its programme."""
    return units_visible(viewer, viewer.on).filter(descendant_id=unit_id).exists()


@dataclass(frozen=True)
class Committee:
    """A unit that reports at gates, while it stood under the programme as that kind."""

    unit_id: UUID
    kind: UnitKind
    name: str
    first: dt.date
    last: dt.date | None  # the day after its last


def committees_due(viewer: Viewer, programme: Programme, levels: Sequence[str]) -> list[Committee]:
    """The units of those kinds that ever stood in the programme's committee, as far as in sight."""
    links = UnitClosure.objects.filter(
        Q(descendant_id__in=units_visible(viewer, viewer.on))
        | Q(descendant_id__in=ended_units_visible(viewer, viewer.on)),
        ancestor_id=programme.unit_id,
        descendant__versions__kind__in=levels,
        valid__overlap=F("descendant__versions__valid"),
    ).order_by("descendant__versions__name_key", "descendant_id")
    rows = links.values_list(
        "descendant_id", "descendant__versions__kind", "descendant__versions__name", "valid",
        "descendant__versions__valid",
    )  # fmt: skip
    return [
        Committee(
            unit, UnitKind(kind), name, max(stood.lower, called.lower),
            min((end for end in (stood.upper, called.upper) if end), default=None),
        )
        for unit, kind, name, stood, called in rows
    ]  # fmt: skip


def on_day(committees: Sequence[Committee], levels: Sequence[str], day: dt.date) -> list[Committee]:
    """Those of the levels that stood on a day."""
    return [
        one
        for one in committees
        if one.kind in levels and one.first <= day and (one.last is None or day < one.last)
    ]


@dataclass(frozen=True)
class GateNow:
    """A gate with how many of those in sight report, have reported, and did so late.

    A gate whose day came before the programme was approved is missed by nobody.
    """

    gate: ProgrammeGate
    due: int
    reported: int
    late: int
    is_past: bool

    @property
    def missing(self) -> int:
        return max(self.due - self.reported, 0) if self.is_past else 0


def gates_now(viewer: Viewer, programme: Programme, today: dt.date) -> list[GateNow]:
    """Every gate of a programme, in order of time; bounded queries."""
    gates = list(programme.gates.all())
    levels = sorted({level for gate in gates for level in gate.levels})
    committees = committees_due(viewer, programme, levels)
    told = reports_visible(viewer).filter(gate__in=gates).values_list("gate_id", "unit_id", "at")
    reports = list(told)
    found = []
    for gate in gates:
        due = {one.unit_id for one in on_day(committees, gate.levels, min(gate.due_on, today))}
        days = [localdate(at) for of, unit, at in reports if of == gate.pk and unit in due]
        late = sum(day > gate.due_on for day in days)
        approved = programme.decided_on
        is_past = gate.due_on < today and not (approved and gate.due_on < approved)
        found.append(GateNow(gate, len(due), len(days), late, is_past))
    return found


def reports_visible(viewer: Viewer) -> QuerySet[GateReport]:
    """The reports of the units in sight, gone ones included."""
    return GateReport.objects.filter(
        Q(unit_id__in=units_visible(viewer, viewer.on))
        | Q(unit_id__in=ended_units_visible(viewer, viewer.on))
    )


@dataclass(frozen=True)
class ChosenOfLevel:
    """What the committees of one kind decided for one year, beside the plan of the programme."""

    year: int
    kind: UnitKind
    committees: int
    chosen: int
    withdrawn: int
    planned: int | None  # a committee and year


def chosen_by_level(viewer: Viewer, programme: Programme) -> list[ChosenOfLevel]:
    """By year and kind of committee, of the decided selections in sight: one query."""
    planned = {one["kind"]: one["a_year"] for one in programme.levels}
    decided = Selection.objects.filter(
        Q(unit_id__in=units_visible(viewer, viewer.on))
        | Q(unit_id__in=ended_units_visible(viewer, viewer.on)),
        programme=programme, state=SelectionState.DECIDED,
        unit__versions__valid__contains=F("decided_on"),
    )  # fmt: skip
    kept = Q(choices__withdrawn_at=None, choices__isnull=False)
    rows = (
        decided.order_by("-year", "unit__versions__kind")
        .values_list("year", "unit__versions__kind")
        .annotate(
            of=Count("id", distinct=True),
            kept=Count("choices__id", filter=kept, distinct=True),
            all=Count("choices__id", distinct=True),
        )
    )
    order = list(UnitKind)
    found = [
        ChosenOfLevel(year, UnitKind(kind), of, kept, every - kept, planned.get(kind))
        for year, kind, of, kept, every in rows
    ]
    return sorted(found, key=lambda one: (-one.year, order.index(one.kind)))


def own_choices(viewer: Viewer, programme: Programme) -> list[tuple[int, int]]:
    """Choices of the units in which the viewer holds the role: id and year, the latest first."""
    held = [grant.unit_id for grant in viewer.grants]
    own = files_visible(viewer).filter(programme=programme, unit_id__in=held)
    return list(own.order_by("-choice__year").values_list("choice_id", "choice__year"))


def files_by_state(viewer: Viewer, programme: Programme) -> list[tuple[FileState, int]]:
    """How many files of the programme in sight are in each state, in the order of their life."""
    states = files_visible(viewer).filter(programme=programme).values_list("state", flat=True)
    counts = Counter(states)
    return [(state, counts[state]) for state in FileState if counts[state]]
