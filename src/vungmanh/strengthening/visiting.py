"""How often each cell is visited in a year: by its status, and by lot.

The status says how often at least. Of the cells that it asks for the fewest visits of, the rule's
random share is drawn and gets one more, so that a good report alone keeps nobody away. The lots are
those of `analysis.lots`: whoever has the seed draws them again by hand.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from vungmanh.access.viewer import Viewer
from vungmanh.analysis import lots
from vungmanh.core.vocabulary import Status
from vungmanh.meetings.visits import listed_visits
from vungmanh.org.queries import units_visible, versions_visible
from vungmanh.rulebook.values.programmes import VisitFrequency
from vungmanh.strengthening.models import VisitPlan

Line = dict[str, Any]
Statuses = Mapping[str, str | None]


def plan_inputs(statuses: Statuses, rule: VisitFrequency, seed: str) -> dict[str, Any]:
    """What a plan is drawn from, as JSON: enough to draw it again years later."""
    return {
        "by_status": {one.status.value: one.a_year for one in rule.by_status},
        "random_percent": rule.random_percent,
        "statuses": dict(sorted(statuses.items())),
        "seed": seed,
    }


def plan_lines(inputs: Mapping[str, Any]) -> list[Line]:
    """The lines of a plan, by unit: the order in which the cells were given does not matter.

    A cell that was never assessed has no status; it is asked for nothing and may be drawn.
    """
    a_year: Mapping[str, int] = inputs["by_status"]
    asked = {unit: a_year.get(status or "", 0) for unit, status in inputs["statuses"].items()}
    fewest = min(asked.values(), default=0)
    pool = [unit for unit, count in asked.items() if count == fewest]
    places = -(-len(pool) * inputs["random_percent"] // 100)  # a part of one is one
    won = set(lots.draw(inputs["seed"], pool, places))
    return [
        {
            "unit": unit,
            "status": inputs["statuses"][unit],
            "by_status": asked[unit],
            "drawn": unit in won,
        }
        for unit in sorted(asked)
    ]


def is_drawn_alike(plan: VisitPlan) -> bool:
    """Whether the plan drawn again from what it kept is the same."""
    return plan_lines(plan.inputs) == plan.lines


@dataclass(frozen=True)
class VisitedSoFar:
    """One cell of a plan: how often it was to be visited, and how often it was."""

    unit_id: UUID
    name: str
    status: Status | None
    by_status: int
    drawn: bool
    done: int

    @property
    def wanted(self) -> int:
        return self.by_status + self.drawn

    @property
    def left(self) -> int:
        return max(0, self.wanted - self.done)


def visit_plans_visible(viewer: Viewer | None, on: dt.date) -> Iterable[VisitPlan]:
    """The plans of committees in sight, the latest year first."""
    return VisitPlan.objects.filter(unit_id__in=units_visible(viewer, on))


def visited_so_far(viewer: Viewer, plan: VisitPlan, on: dt.date) -> list[VisitedSoFar]:
    """The cells of a plan that the viewer sees, by name: three queries. Cells that ended since are
    left out: nobody visits them any more."""
    lines = {line["unit"]: line for line in plan.lines}
    names = versions_visible(viewer, on).filter(unit_id__in=list(lines))
    visits = listed_visits(viewer, on, year=plan.year).filter(unit_id__in=list(lines))
    done = Counter(visits.order_by().values_list("unit_id", flat=True))
    return [
        VisitedSoFar(
            unit_id=one.unit_id,
            name=one.name,
            status=Status(line["status"]) if line["status"] else None,
            by_status=line["by_status"],
            drawn=line["drawn"],
            done=done[one.unit_id],
        )
        for one in names.order_by("name_key", "unit_id")
        for line in [lines[str(one.unit_id)]]
    ]
