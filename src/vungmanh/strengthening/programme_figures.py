"""What the records say of the targets of a programme, for the whole of what one looks at.

Only figures that add up over cells are given for a whole; of the others nobody may say a sum, and
a target that asks for one is measured by hand: a value with its source and its day. A figure of a
whole is no effect of the programme: what would have come without it is not in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum

from vungmanh.access.viewer import Viewer
from vungmanh.core.periods import add_months, last_day, month_of
from vungmanh.core.vocabulary import Reach, Structure
from vungmanh.meetings.frames import first_month_due
from vungmanh.meetings.report_sums import SUMMED, admitted_in, report_sums
from vungmanh.meetings.series import MonthTotal, held_series
from vungmanh.org.listing import sizes_of
from vungmanh.org.models import UnitClosure
from vungmanh.org.structure import cells_of_series, roots_of
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values import NoAdmission
from vungmanh.strengthening.models import (
    Choice,
    Programme,
    ProgrammeTarget,
    SupportFile,
    TargetValue,
)
from vungmanh.strengthening.queries import assessed, run_of

MONTHS = 12
#: Figures that are sums over the months of cells, by which structure one wishes.
BY_MONTHS = frozenset({"hop-du-ky", "day-du-bao-cao", "ty-le-mien"})
FAILING, MEMBERS, ADMITTED = "chi-bo-khong-dat", "dang-vien-chinh-thuc", "ket-nap"
#: Every figure that this module gives for a whole.
GIVEN = BY_MONTHS | SUMMED | {FAILING, MEMBERS, ADMITTED}


@dataclass(frozen=True)
class Measured:
    """A figure: a percentage `part` of `whole`, or (`whole` None) the number `part`.

    `first`: the month it counts from, where that is not the first of the twelve.
    """

    part: float
    whole: float | None = None
    first: dt.date | None = None

    @property
    def value(self) -> float:
        return self.part if self.whole is None else 100 * self.part / self.whole


@dataclass(frozen=True)
class TargetNow:
    """A target beside what is measured, or told by hand; neither where nothing is known yet."""

    target: ProgrammeTarget
    measured: Measured | None
    told: TargetValue | None = None
    period: dt.date | None = None  # the last of the months that were measured

    @property
    def is_by_hand(self) -> bool:
        return is_by_hand(self.target.indicator)

    @property
    def value(self) -> float | None:
        if self.measured is not None:
            return self.measured.value
        return None if self.told is None else float(self.told.value)

    @property
    def is_reached(self) -> bool | None:
        aim, now = float(self.target.aim_value), self.value
        if now is None:
            return None
        return now >= aim if self.target.is_rise else now <= aim

    @property
    def way(self) -> float | None:
        """How much of the way from the figure at the start to the aim is behind, in percent."""
        base, aim = self.target.base_value, self.target.aim_value
        if self.value is None or base is None or base == aim:
            return None
        return 100 * (self.value - float(base)) / float(aim - base)


def is_by_hand(indicator: str) -> bool:
    """Whether the records give no figure of a whole for a target, so that somebody tells it."""
    return indicator not in GIVEN


def targets_now(
    programme: Programme, unit_id: UUID | None, structure: Structure, *, by: Viewer,
    period: dt.date, as_of: dt.date, told_until: dt.date | None = None, at_due: bool = False,
) -> list[TargetNow]:  # fmt: skip
    """Every target with its figure over the twelve months to `period`; bounded queries. `at_due`:
    what was due before is measured as it stood then, whatever came since.

    `unit_id` None: over all that the viewer sees. What was told by hand is of the whole programme:
    the value of the latest day until `told_until` (or `as_of`).
    """
    targets = list(programme.targets.all())
    months = {one.pk: min(period, month_of(one.due_on)) if at_due else period for one in targets}
    found = {
        month: measured(
            {one.indicator for one in targets if months[one.pk] == month}, unit_id, structure,
            by=by, period=month, as_of=min(as_of, last_day(month)) if month < period else as_of,
        )
        for month in sorted(set(months.values()))
    }  # fmt: skip
    values = TargetValue.objects.filter(target__in=targets, on__lte=told_until or as_of).order_by(
        "on", "id"
    )
    told = {one.target_id: one for one in values}
    return [
        TargetNow(one, found[month].get(one.indicator), told.get(one.pk), month)
        for one in targets
        for month in (months[one.pk],)
    ]


def measured(
    indicators: Iterable[str], unit_id: UUID | None, structure: Structure, *, by: Viewer,
    period: dt.date, as_of: dt.date,
) -> dict[str, Measured]:  # fmt: skip
    """The figures asked for, as far as they can be given for a whole and are known."""
    asked = set(indicators)
    found: dict[str, Measured] = {}
    if asked & (SUMMED | {ADMITTED}):
        found |= _from_reports(by, unit_id, structure, period, as_of)
    if asked & BY_MONTHS:
        months = months_measured(by, unit_id, structure, period, as_of)
        found |= _shares(sum(months[1:], months[0])) if months else {}
    if FAILING in asked:
        found |= _failing(by, unit_id, period, as_of)
    if MEMBERS in asked:
        units = [unit_id] if unit_id else units_held(by)
        known = [one.official for one in sizes_of(by, units, as_of).values() if one.official]
        found |= {MEMBERS: Measured(sum(known))} if known else {}
    return {code: one for code, one in found.items() if code in asked}


def units_held(by: Viewer) -> list[UUID]:
    """The units in which the viewer holds the role."""
    return [*by.units_with(Reach.UNIT_AND_BELOW), *by.units_with(Reach.UNIT)]


def months_measured(
    by: Viewer, unit_id: UUID | None, structure: Structure, period: dt.date, as_of: dt.date
) -> list[MonthTotal]:
    """The twelve months to `period` that the shares of a whole are sums of."""
    begin = first_month_due()
    if begin is None or begin > period:
        return []
    stretches = cells_of_series(roots_of(by, unit_id, as_of), structure, as_of)
    first = max(begin, add_months(period, 1 - MONTHS))
    return held_series(stretches, first, period, with_members=False).get("", [])


def _from_reports(
    by: Viewer, unit_id: UUID | None, structure: Structure, period: dt.date, as_of: dt.date
) -> dict[str, Measured]:
    """What cells report beside whether they met, and who was admitted over its rule's years."""
    begin, view = first_month_due(), load_rulebook().on(as_of)
    if begin is None or begin > period:
        return {}
    stretches = cells_of_series(roots_of(by, unit_id, as_of), structure, as_of)
    sums = report_sums(stretches, max(begin, add_months(period, 1 - MONTHS)), period)
    found = {code: Measured(part, whole) for code, (part, whole) in sums.items() if whole}
    if view.has(NoAdmission.key):
        since = add_months(period, 1 - MONTHS * view.of(NoAdmission).years)
        count = admitted_in(stretches, since, period)
        # Nobody in the register is no zero while the register is younger than the rule looks back.
        if count or since >= begin:
            found[ADMITTED] = Measured(count, first=since)
    return found


def _shares(total: MonthTotal) -> dict[str, Measured]:
    known, all_due = total.held + total.not_held, total.due + total.excused
    shares = {
        "hop-du-ky": (total.held, known),
        "day-du-bao-cao": (known, total.due),
        "ty-le-mien": (total.excused, all_due),
    }
    return {code: Measured(part, whole) for code, (part, whole) in shares.items() if whole}


def _failing(
    by: Viewer, unit_id: UUID | None, period: dt.date, as_of: dt.date
) -> dict[str, Measured]:
    """Cells with a heavy reason, over the organisations assessed; a number, not a share."""
    run = run_of(period)
    if run is None:
        return {}
    rows = assessed(by, run).filter(organisation_position__isnull=False)
    if unit_id:
        below = UnitClosure.objects.filter(ancestor_id=unit_id, valid__contains=as_of)
        rows = rows.filter(unit_id__in=below.values("descendant_id"))
    failing = rows.aggregate(failing=Sum("failing_cells"))["failing"]
    return {} if failing is None else {FAILING: Measured(failing)}


def figures_of_report(
    programme: Programme, unit_id: UUID, *, by: Viewer, on: dt.date
) -> dict[str, Any]:
    """What a report keeps: the months of the unit to the last whole one, its choices and files."""
    period = add_months(month_of(on), -1)
    months = months_measured(by, unit_id, Structure.THEN, period, on)
    total = sum(months[1:], months[0]) if months else MonthTotal(period)
    chosen = Choice.objects.filter(selection__programme=programme, withdrawn_at=None)
    files = SupportFile.objects.filter(programme=programme, handler_id=unit_id).order_by()
    states = files.values_list("state").annotate(n=Count("id"))
    return {
        "month": f"{period:%Y-%m}",
        "held": round(total.held, 1),
        "not_held": round(total.not_held, 1),
        "no_report": round(total.no_report, 1),
        "chosen": chosen.filter(selection__unit_id=unit_id).count(),
        "files": dict(states),
    }
