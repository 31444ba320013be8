"""Grounds of striking off, told to the cell as information. Nothing follows by itself."""

from __future__ import annotations

from dataclasses import dataclass

from vungmanh.rulebook.book import RulebookView
from vungmanh.rulebook.people.findings import (
    JudgedState,
    PeopleFinding,
    Ruling,
    no_rule,
    ruling,
    unknown,
)
from vungmanh.rulebook.values.members import GroundMeasure, ScreeningRule, StrikeOffGround

_TAIL = "Chi bộ xem lý do rồi xét; chương trình không kết luận."


@dataclass(frozen=True)
class ScreeningFacts:
    """What is known of one member in a year; None is not known. `said`: codes of grounds."""

    months_absent: int | None = None
    months_unpaid: int | None = None
    months_educated: int | None = None
    years_in_breach: int | None = None
    transfer_months_late: int | None = None
    said: frozenset[str] | None = None


def judge_screening(view: RulebookView, facts: ScreeningFacts) -> tuple[PeopleFinding, ...]:
    """Each ground of the day. MET: the records show it, never that somebody is struck off."""
    rule = ruling(view, ScreeningRule)
    if rule is None:
        return (no_rule("screening", "căn cứ xóa tên"),)
    return tuple(_ground(rule, one, facts) for one in rule.value.grounds)


def _ground(
    rule: Ruling[ScreeningRule], ground: StrikeOffGround, facts: ScreeningFacts
) -> PeopleFinding:
    cite = rule.cite("grounds")
    if ground.measure is GroundMeasure.SAID or ground.at_least is None:
        if facts.said is None:
            return unknown(ground.code, f"{ground.text}: chưa rõ.", cite)
        state = JudgedState.MET if ground.code in facts.said else JudgedState.NOT_MET
        return PeopleFinding(ground.code, state, f"{ground.text}. {_TAIL}", (), cite)
    number: int | None = getattr(facts, ground.measure.value)
    if number is None:
        return unknown(ground.code, f"{ground.text}: chưa rõ.", cite)
    figures = ((ground.measure.label, number), ("Từ", ground.at_least))
    state = JudgedState.MET if number >= ground.at_least else JudgedState.NOT_MET
    return PeopleFinding(ground.code, state, f"{ground.text}. {_TAIL}", figures, cite)
