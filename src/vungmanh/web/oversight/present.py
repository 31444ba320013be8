"""What the pages of plans of overseers say: findings, goals beside the best, lines, rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from vungmanh.analysis.assigning.model import AssigningRule, Breach, ChargeReason, PlanGoal
from vungmanh.core.programme_words import PlanState
from vungmanh.core.text import number_vi
from vungmanh.strengthening.assigning import GoalPrice, Said
from vungmanh.strengthening.assigning_reads import ChargedCell
from vungmanh.strengthening.models import OversightPlan, PlannedOversight

Names = Mapping[str, str]  # of people and cells by id, as the plan keeps them


def finding_of_today(cells: Sequence[ChargedCell]) -> str:
    """How many have somebody, and who being strengthened has nobody."""
    if not cells:
        return _("Chưa chi bộ nào có người phụ trách.")
    empty = sum(not one.people for one in cells)
    words = _("%(n)s chi bộ đang có người phụ trách") % {"n": number_vi(len(cells) - empty)}
    if empty:
        words += _("; %(n)s chi bộ của nơi đang được tập trung củng cố chưa có ai") % {
            "n": number_vi(empty)
        }
    return words + "."


def finding_of(plan: OversightPlan, lines: Sequence[PlannedOversight]) -> str:
    """The sentence that opens a plan."""
    people = {one.overseer_id for one in lines if one.overseer_id}
    empty = sum(one.overseer_id is None for one in lines)
    words = _("%(cells)s chi bộ giao cho %(people)s người") % {
        "cells": number_vi(len(lines) - empty), "people": number_vi(len(people)),
    }  # fmt: skip
    if empty:
        words += _("; %(n)s chi bộ chưa có người") % {"n": number_vi(empty)}
    return f"{words}. {state_words(plan)}."


def state_words(plan: OversightPlan) -> str:
    return _(PlanState(plan.state).label)


# --- goals ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GoalRow:
    """One goal in words: the plan as it stands, the planner's, the best possible, the gap."""

    label: str
    now: str
    planned: str
    bound: str
    gap: str
    lost: str


def goal_rows(goals: Sequence[GoalPrice], *, unknown: int, charges: int) -> list[GoalRow]:
    """In their order. Where no way is known the way of all is not known either."""
    return [
        _distance_unknown(one) if one.goal is PlanGoal.DISTANCE and 0 < charges == unknown
        else _goal(one)
        for one in goals
    ]  # fmt: skip


def _goal(one: GoalPrice) -> GoalRow:
    reached = one.reached
    gap = (
        _("đã tốt nhất") if reached.is_proven
        else _("có thể còn bớt được nhiều nhất %(percent)s %%")
        % {"percent": number_vi(round(reached.gap * 100, 1))}
    )  # fmt: skip
    lost = ""
    if one.lost > 0:
        lost = _("thêm %(n)s so với máy tính") % {"n": _value(one.goal, one.lost)}
    elif one.lost < 0:
        lost = _("bớt %(n)s so với máy tính") % {"n": _value(one.goal, -one.lost)}
    return GoalRow(
        label=_label(one.goal),
        now=_value(one.goal, one.now),
        planned=_value(one.goal, one.planned),
        bound=_value(one.goal, reached.bound),
        gap=gap,
        lost=lost,
    )


def _distance_unknown(one: GoalPrice) -> GoalRow:
    words = _("chưa biết")
    return GoalRow(_label(one.goal), words, words, words, _("chưa ghi quãng đường nào"), "")


def _label(goal: PlanGoal) -> str:
    return {
        PlanGoal.UNASSIGNED: _("Chi bộ chưa có người"),
        PlanGoal.UNCOVERED: _("Chi bộ khó chưa giao người có kinh nghiệm"),
        PlanGoal.HEAVIEST: _("Người nhiều nhất có mấy chi bộ"),
        PlanGoal.DISTANCE: _("Tổng quãng đường một lượt"),
        PlanGoal.CHANGES: _("Chi bộ đổi người so với hiện nay"),
    }[goal]


def _value(goal: PlanGoal, value: int) -> str:
    return km(value) if goal is PlanGoal.DISTANCE else number_vi(value)


def km(metres: int | None) -> str:
    if metres is None:
        return _("chưa biết")
    return _("%(n)s km") % {"n": number_vi(metres / 1000)}


# --- lines ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LineRow:
    """One cell of a plan in words."""

    line: PlannedOversight
    name: str
    is_in_file: bool
    is_weak: bool
    why: str
    way: str
    move: str
    by_hand: str


def line_rows(
    lines: Sequence[PlannedOversight], stands: Said, inputs: Said, names: Names
) -> list[LineRow]:
    charges = {one["cell"]: one for one in stands["charges"]}
    cells = {one["id"]: one for one in inputs["cells"]}
    rows = []
    for line in lines:
        key = str(line.unit_id)
        charge, cell = charges.get(key), cells[key]
        rows.append(
            LineRow(
                line=line,
                name=names.get(key, _("chi bộ đã kết thúc")),
                is_in_file=cell["in_file"],
                is_weak=cell["is_weak"],
                why=_reasons(charge, bool(inputs["ways"])) if charge else line.why,
                way=km(charge["metres"]) if charge else "",
                move=_move(line, len(cell["current"])),
                by_hand=_by_hand(line),
            )
        )
    return rows


def _reasons(charge: Mapping[str, Any], knows_ways: bool) -> str:
    """Why this one. Where no way at all is known, that is said once, above."""
    reasons = [ChargeReason(one) for one in charge["reasons"]]
    told = [one for one in reasons if knows_ways or one is not ChargeReason.FAR_UNKNOWN]
    return "; ".join(_(one.label) for one in told) or _("được phép và còn chỗ")


def _move(line: PlannedOversight, now: int) -> str:
    if not now:
        return _("hiện chưa có ai")
    if line.overseer_id == line.before_id:
        return _("giữ nguyên")
    words = _("thay %(name)s") if line.overseer_id else _("hiện có %(name)s")
    words %= {"name": line.before}
    return words + (_(" và %(n)s người nữa") % {"n": now - 1} if now > 1 else "")


def _by_hand(line: PlannedOversight) -> str:
    if line.changed_by is None:
        return ""
    planned = str(line.planned) if line.planned else _("không ai")
    return _("%(by)s đổi, máy đề nghị %(planned)s: %(reason)s") % {
        "by": line.changed_by, "planned": planned, "reason": line.changed_reason,
    }  # fmt: skip


@dataclass(frozen=True)
class LoadRow:
    """What one person would have: cells of the plan, of them hard, others, and the most."""

    name: str
    cells: int
    hard: int
    elsewhere: int
    most: int
    notes: str

    @property
    def is_over(self) -> bool:
        return self.cells + self.elsewhere > self.most


def load_rows(
    plan: OversightPlan, given: Mapping[UUID, UUID | None], names: Names
) -> list[LoadRow]:
    """By name as the plan has them; nobody is ranked. `elsewhere` with what one keeps because the
    plan found nobody for it."""
    hard = {one["id"] for one in plan.inputs["cells"] if one["is_hard"]}
    cells = Counter(str(who) for who in given.values() if who)
    kept = Counter(
        who for one in plan.inputs["cells"] if given.get(UUID(one["id"])) is None
        for who in one["current"]
    )  # fmt: skip
    heavy = Counter(str(who) for cell, who in given.items() if who and str(cell) in hard)
    return [
        LoadRow(
            names.get(one["id"], ""), cells[one["id"]], heavy[one["id"]],
            one["elsewhere"] + kept[one["id"]],
            one["most"], _notes(one),
        )
        for one in sorted(plan.inputs["overseers"], key=lambda one: names.get(one["id"], ""))
    ]  # fmt: skip


def _notes(one: Said) -> str:
    """What the records say that keeps somebody away, as counts."""
    said = []
    if one["experienced"]:
        said.append(_("có kinh nghiệm"))
    for name, words in (
        ("own", _("%(n)s chi bộ của mình")),
        ("grades", _("%(n)s chi bộ mình xếp loại")),
        ("avoids", _("%(n)s nơi phải tránh")),
    ):
        if one[name]:
            said.append(words % {"n": len(one[name])})
    if one["languages"]:
        said.append(_("biết tiếng %(names)s") % {"names": ", ".join(one["languages"])})
    return "; ".join(said)


# --- rules ---------------------------------------------------------------------------------------


def relaxing_rows(found: Said, names: Names) -> list[str]:
    """Each rule to relax so that every cell has somebody, in plain words."""
    return [_relaxed(one, names) for one in found["relaxations"]]


def _relaxed(one: Said, names: Names) -> str:
    who, where = names.get(one["overseer"], ""), names.get(one["cell"], "")
    said = {"who": who, "where": where, "n": number_vi(one["amount"])}
    rule = AssigningRule(one["rule"])
    if rule is AssigningRule.LOAD:
        return _("Cho %(who)s thêm %(n)s chi bộ ngoài số nhiều nhất đã ghi.") % said
    if rule is AssigningRule.HARD_CASES:
        return _("Cho %(who)s thêm %(n)s chi bộ khó ngoài số nhiều nhất đã ghi.") % said
    if rule is AssigningRule.LANGUAGE:
        return _("Bỏ yêu cầu biết tiếng ở %(where)s.") % said
    said["rule"] = _(rule.label)
    return (
        _(
            "Ở %(where)s ai cũng vướng; gần nhất là %(who)s (%(rule)s). Quy tắc này không bỏ bằng "
            "tay được: thêm người khác."
        )
        % said
    )


def breach_rows(breaches: Sequence[Breach], names: Names) -> list[str]:
    """Each rule that the plan as it stands breaks."""
    found = []
    for one in breaches:
        said = {
            "who": names.get(one.overseer, ""), "where": names.get(one.cell, ""),
            "rule": _(one.rule.label), "n": number_vi(one.amount),
        }  # fmt: skip
        words = (
            _("%(who)s ở %(where)s: %(rule)s.") if one.cell
            else _("%(who)s: %(rule)s (vượt %(n)s).")
        )  # fmt: skip
        found.append(words % said)
    return found
