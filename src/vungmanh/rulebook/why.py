"""Why one rule won over the others of its key, in a sentence for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from vungmanh.core.text import date_vi
from vungmanh.rulebook.scopes import Place

if TYPE_CHECKING:
    from vungmanh.rulebook.book import Rule


@dataclass(frozen=True)
class Candidate:
    """A rule of the key with why it stands or does not; `holds`: on this day, for this place."""

    rule: Rule
    won: bool
    holds: bool
    sentence: str


@dataclass(frozen=True)
class Why:
    """The winner first (None: nothing holds), then those that hold here, then the rest."""

    winner: Rule | None
    candidates: tuple[Candidate, ...]

    @property
    def rivals(self) -> tuple[Candidate, ...]:
        """Those that hold on the day and for the place, but are weaker."""
        return tuple(one for one in self.candidates if one.holds and not one.won)


def why(rules: Iterable[Rule], winner: Rule | None, day: date, place: Place) -> Why:
    """Every rule of one key, judged on a day and for a place."""
    judged = [
        Candidate(
            rule,
            rule is winner,
            rule.holds_on(day) and rule.whom.concerns(place),
            _sentence(rule, winner, day, place),
        )
        for rule in rules
    ]
    return Why(winner, tuple(sorted(judged, key=lambda one: (not one.won, not one.holds))))


def _sentence(rule: Rule, winner: Rule | None, day: date, place: Place) -> str:
    whom = rule.whom.label
    if day < rule.valid_from:
        return f"Chưa có hiệu lực ngày {date_vi(day)}: bắt đầu từ {date_vi(rule.valid_from)}."
    if rule.valid_to is not None and day >= rule.valid_to:
        return f"Đã hết hiệu lực ngày {date_vi(day)}: chỉ đến trước {date_vi(rule.valid_to)}."
    if rule.whom.example:
        return f"{whom}."
    if not rule.whom.concerns(place):
        return f"{whom}: của nơi khác, không áp dụng ở đây."
    if rule is winner:
        return f"Áp dụng. {whom}, có hiệu lực ngày {date_vi(day)}."
    assert winner is not None
    return f"{whom}: kém riêng hơn “{winner.title}” nên nhường."
