"""The rules of an assessment month by month, taken down to be kept with its inputs."""

from __future__ import annotations

import dataclasses
import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

from vungmanh.analysis.facts import REFUTED_WEIGHTS, FactRules
from vungmanh.analysis.probability import ProbabilityRules
from vungmanh.core.errors import NotNow
from vungmanh.core.periods import last_day, month_label, month_range, month_slug, parse_month
from vungmanh.core.vocabulary import Weight
from vungmanh.rulebook import Rulebook
from vungmanh.strengthening.rules import fact_rules, first_assessable_day, probability_rules

Rules = tuple[FactRules, ProbabilityRules]


@dataclass(frozen=True)
class RulesInForce:
    """`rules[k]` held on the last day of each month from `since[k]` on. `version` is the book's."""

    version: str
    since: tuple[dt.date, ...]
    rules: tuple[Rules, ...]

    @property
    def first_month(self) -> dt.date | None:
        """The first month with every rule an assessment needs; None when there is none yet."""
        return self.since[0] if self.since else None

    def of_month(self, month: dt.date) -> Rules:
        """The rules on the last day of a month. Raises NotNow before the first of them."""
        place = bisect_right(self.since, month)
        if not place:
            raise NotNow(
                f"Căn cứ chưa có đủ quy định cho {month_label(month)}. Chọn tháng muộn hơn."
            )
        return self.rules[place - 1]

    def as_json(self) -> dict[str, Any]:
        return {
            "version": self.version,
            "in_force": [
                {
                    "since": month_slug(month),
                    "facts": dataclasses.asdict(facts),
                    "probability": dataclasses.asdict(probability),
                }
                for month, (facts, probability) in zip(self.since, self.rules, strict=True)
            ],
        }


def rules_until(book: Rulebook, first: dt.date, until: dt.date) -> RulesInForce:
    """The rules of the months from `first` to `until`."""
    since: list[dt.date] = []
    rules: list[Rules] = []
    for month in month_range(max(first, first_assessable_day(book).replace(day=1)), until):
        day = last_day(month)
        found = fact_rules(book, day), probability_rules(book, day)
        if not rules or rules[-1] != found:
            since.append(month)
            rules.append(found)
    return RulesInForce(book.version, tuple(since), tuple(rules))


def rules_from(told: dict[str, Any]) -> RulesInForce:
    """What `as_json` wrote."""
    return RulesInForce(
        told["version"],
        tuple(parse_month(one["since"]) for one in told["in_force"]),
        tuple((_facts(one["facts"]), _probability(one["probability"])) for one in told["in_force"]),
    )


def _facts(told: dict[str, Any]) -> FactRules:
    weights = {key: Weight(weight) for key, weight in told["weights"].items()}
    return FactRules(**{**told, "weights": {**REFUTED_WEIGHTS, **weights}})


def _probability(told: dict[str, Any]) -> ProbabilityRules:
    return ProbabilityRules(**{**told, "weights": tuple(told["weights"])})
