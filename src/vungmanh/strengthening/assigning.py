"""A plan of who oversees which cell: computed from what was laid down, priced, computed again.

Nothing here reads the register; `assigning_records` lays down the inputs. One cell is one of load,
as the rule on the most cells for one person counts. A way that nobody told stays unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from vungmanh.analysis.assigning.judging import judge_plan
from vungmanh.analysis.assigning.model import (
    AssigningRules,
    Breach,
    Cell,
    Distances,
    GoalReached,
    Overseer,
    OverseerPlan,
    PlanGoal,
    Planning,
    Relaxing,
)
from vungmanh.analysis.assigning.planning import plan_overseers
from vungmanh.strengthening.assigning_keeping import keep_held
from vungmanh.strengthening.choosing import hash_of
from vungmanh.strengthening.models import OversightPlan

LAYOUT = 1  # of inputs and results; what was kept in an older one stays as it is
Said = dict[str, Any]


def planning_of(inputs: Mapping[str, Any]) -> Planning:
    """The planner's question, from what a plan keeps."""
    ways = {(f"o:{who}", f"c:{cell}"): metres for who, cell, metres in inputs["ways"]}
    return Planning(
        overseers=tuple(
            Overseer(
                id=one["id"], code=one["id"], place=f"o:{one['id']}" if ways else "",
                max_load=max(0, one["most"] - one["elsewhere"]), experienced=one["experienced"],
                own_cells=frozenset(one["own"]), grades=frozenset(one["grades"]),
                kin=frozenset(one["avoids"]), languages=frozenset(one["languages"]),
            )
            for one in inputs["overseers"]
        ),
        cells=tuple(
            Cell(
                id=one["id"], code=one["code"], place=f"c:{one['id']}" if ways else "", weight=1,
                is_hard=one["is_hard"], languages=frozenset(one["languages"]),
                current=frozenset(one["current"]),
            )
            for one in inputs["cells"]
        ),
        distances=Distances(table=ways),
        rules=AssigningRules(
            max_hard=inputs["rules"]["max_hard"], most_extra=inputs["rules"]["most_extra"]
        ),
    )  # fmt: skip


def compute(inputs: Mapping[str, Any]) -> Said:
    """The plan as JSON, from the inputs and nothing else: any order of them gives the same."""
    planning = planning_of(inputs)
    plan = plan_overseers(planning)
    return told_of(keep_held(planning, _hard_first(planning, plan) or plan))


def _hard_first(planning: Planning, plan: OverseerPlan) -> OverseerPlan | None:
    """Where people are short: the experienced are given hard cells before others, as far as nothing
    else gets worse. The planner counts open seats alike, whichever cell they are of."""
    hard = {one.id for one in planning.cells if one.is_hard}
    skilled = {one.id for one in planning.overseers if one.experienced}
    open_hard = len(hard & {one.cell for one in plan.unassigned})
    if not open_hard or all(one.cell in hard for one in plan.charges if one.overseer in skilled):
        return None
    first = plan_overseers(
        replace(
            planning,
            overseers=tuple(one for one in planning.overseers if one.id in skilled),
            cells=tuple(one for one in planning.cells if one.id in hard),
        )
    )
    done = {cell for cell, _who in first.pairs}
    taken = Counter(who for _cell, who in first.pairs)
    second = plan_overseers(
        replace(
            planning,
            overseers=tuple(
                replace(one, max_load=one.max_load - taken[one.id]) for one in planning.overseers
            ),
            cells=tuple(one for one in planning.cells if one.id not in done),
        )
    )
    both = judge_plan(planning, first.pairs + second.pairs, against=plan)
    still_open = len(hard & {one.cell for one in both.unassigned})
    is_worse = any(
        both.value(goal) > plan.value(goal) for goal in (PlanGoal.UNASSIGNED, PlanGoal.UNCOVERED)
    )
    if both.breaches or is_worse or still_open >= open_hard:
        return None
    return replace(both, relaxing=plan.relaxing)


def told_of(plan: OverseerPlan) -> Said:
    """A plan as JSON: what a plan keeps, and what its page is drawn from."""
    return {
        "charges": [
            {
                "cell": one.cell, "overseer": one.overseer, "metres": one.metres,
                "is_change": one.is_change, "nearer": one.nearer,
                "reasons": [reason.value for reason in one.reasons],
            }
            for one in plan.charges
        ],
        "unassigned": [
            {
                "cell": one.cell, "allowed": one.allowed,
                "kept_away": [[rule.value, count] for rule, count in one.kept_away],
            }
            for one in plan.unassigned
        ],
        "loads": [list(one) for one in plan.loads],
        "goals": [[one.goal.value, one.value, one.bound] for one in plan.goals],
        "relaxing": _relaxing(plan.relaxing) if plan.relaxing else None,
        "unknown_ways": plan.unknown_ways,
    }  # fmt: skip


def _relaxing(found: Relaxing) -> Said:
    return {
        "relaxations": [
            {
                "rule": one.rule.value, "overseer": one.overseer, "cell": one.cell,
                "amount": one.amount,
            }
            for one in found.relaxations
        ],
        "least": found.least,
        "still": found.still_unassigned,
    }  # fmt: skip


# --- as it stands, after changes by hand ---------------------------------------------------------


@dataclass(frozen=True)
class GoalPrice:
    """One goal: the planner's value, the value as the plan stands, the bound nobody can beat."""

    goal: PlanGoal
    planned: int
    now: int
    bound: int

    @property
    def lost(self) -> int:
        return self.now - self.planned

    @property
    def reached(self) -> GoalReached:
        return GoalReached(self.goal, self.now, min(self.bound, self.now))


@dataclass(frozen=True)
class Price:
    """What a plan costs beside the planner's own: by goal in order, and the rules it breaks."""

    goals: tuple[GoalPrice, ...]
    breaches: tuple[Breach, ...]
    stands: OverseerPlan

    @property
    def is_free(self) -> bool:
        return not self.breaches and all(one.lost <= 0 for one in self.goals)


Given = Mapping[UUID, UUID | None]


def given_of(plan: OversightPlan) -> dict[UUID, UUID | None]:
    """Who each cell has, as the plan stands: one query."""
    return dict(plan.lines.values_list("unit_id", "overseer_id"))


def price_of(plan: OversightPlan, given: Given) -> Price:
    """What it costs that the cells are given so, by the same goals and rules."""
    planned = {PlanGoal(goal): (value, bound) for goal, value, bound in _computed(plan)["goals"]}
    pairs = [(str(cell), str(who)) for cell, who in given.items() if who is not None]
    stands = judge_plan(planning_of(plan.inputs), pairs)
    return Price(
        tuple(
            GoalPrice(goal, *_both(planned[goal], stands.value(goal))) for goal in PlanGoal
        ),
        stands.breaches,
        stands,
    )  # fmt: skip


def _both(planned: tuple[int, int], now: int) -> tuple[int, int, int]:
    return planned[0], now, planned[1]


def _computed(plan: OversightPlan) -> Said:
    found: Said = plan.result["computed"]
    return found


def computed_for(plan: OversightPlan) -> dict[str, UUID | None]:
    """Whom the planner gave each cell."""
    found: dict[str, UUID | None] = {one["cell"]: None for one in plan.inputs["cells"]}
    charges = _computed(plan)["charges"]
    return found | {one["cell"]: UUID(one["overseer"]) for one in charges}


# --- years later ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Recomputed:
    """What came of computing a plan anew from what it kept; `differences` names each."""

    inputs_hold: bool
    differences: tuple[str, ...]

    @property
    def is_equal(self) -> bool:
        return self.inputs_hold and not self.differences


def recompute_plan(plan: OversightPlan) -> Recomputed:
    """Compute a plan anew, reading nothing but what it kept; changes nothing."""
    holds = hash_of(plan.inputs) == plan.input_hash
    again = compute(plan.inputs)
    return Recomputed(holds, tuple(_differences("", _computed(plan), again)))


def _differences(where: str, kept: Any, again: Any) -> Iterable[str]:
    if isinstance(kept, dict) and isinstance(again, dict):
        for name in sorted({*kept, *again}):
            yield from _differences(f"{where}.{name}".lstrip("."), kept.get(name), again.get(name))
    elif isinstance(kept, list) and isinstance(again, list) and len(kept) == len(again):
        for place, (one, other) in enumerate(zip(kept, again, strict=True)):
            yield from _differences(f"{where}[{place}]", one, other)
    elif kept != again:
        yield f"{where}: {kept} → {again}"
