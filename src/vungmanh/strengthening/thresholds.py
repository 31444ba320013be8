"""The thresholds an analyst may try: where each stands in the rulebook and in `FactRules`."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from vungmanh.analysis.facts import FactRules
from vungmanh.core.errors import InputError
from vungmanh.rulebook.values import (
    FailingCells,
    FewOfficialMembers,
    MeetingsHeld,
    NoAdmission,
    ResolutionCarried,
    SecretaryVacant,
    StatusReporting,
    Value,
)


@dataclass(frozen=True)
class Threshold:
    """One number of one rule, with the bounds within which trying it makes sense.

    A share ("more than a third") is tried in percent: the number nearest to the present share
    stands for that share itself.
    """

    code: str  # in addresses
    rule: type[Value]
    field: str  # of the rule's value; the numerator of a share
    parameter: str  # of FactRules; the numerator of a share
    low: int
    high: int
    denominator: str = ""  # of FactRules and, "more_than_" before it, of the value

    @property
    def key(self) -> str:
        return self.rule.key

    def of(self, rules: FactRules) -> int:
        """The number now in force."""
        number: int = getattr(rules, self.parameter)
        if self.denominator:
            return round(100 * number / getattr(rules, self.denominator))
        return number

    def highest(self, rules: FactRules) -> int:
        return min(self.high, rules.of_due) if self.parameter == "minimum_held" else self.high

    def check(self, number: int, rules: FactRules) -> None:
        """Raise InputError for a number outside the bounds."""
        if not self.low <= number <= self.highest(rules):
            raise InputError(f"Gõ một số từ {self.low} đến {self.highest(rules)}.", field=self.code)

    def put(self, rules: FactRules, number: int) -> FactRules:
        """`rules` with this threshold at `number`; untouched where it stands there already."""
        self.check(number, rules)
        if number == self.of(rules):
            return rules
        return dataclasses.replace(rules, **self._fields(number, self.parameter, self.denominator))

    def value(self, present: Value, number: int) -> Value:
        """The value of the rule that puts this threshold at `number`, all else as at present."""
        denominator = f"more_than_{self.denominator.split('_')[1]}" if self.denominator else ""
        return dataclasses.replace(  # type: ignore[type-var]
            present, **self._fields(number, self.field, denominator)
        )

    def _fields(self, number: int, name: str, denominator: str) -> dict[str, Any]:
        if not denominator:
            return {name: number}
        share = Fraction(number, 100)
        return {name: share.numerator, denominator: share.denominator}


THRESHOLDS = (
    Threshold("so-ky", MeetingsHeld, "minimum", "minimum_held", 1, 12),
    Threshold("khuyet-bi-thu", SecretaryVacant, "days", "vacant_days", 15, 365),
    Threshold("keo-dai", ResolutionCarried, "times", "carried_times", 1, 12),
    Threshold("ket-nap", NoAdmission, "years", "admission_years", 1, 10),
    Threshold("it-dang-vien", FewOfficialMembers, "minimum", "minimum_official", 1, 12),
    Threshold(
        "chi-bo-yeu",
        FailingCells,
        "more_than_numerator",
        "failing_numerator",
        5,
        95,
        "failing_denominator",
    ),
    Threshold("bao-cao", StatusReporting, "minimum_percent", "reported_percent", 0, 100),
)
BY_CODE = {threshold.code: threshold for threshold in THRESHOLDS}


def with_changes(rules: FactRules, changes: dict[str, int]) -> FactRules:
    """`rules` with the thresholds of `changes` (code → number) moved. Raises InputError."""
    for code, number in changes.items():
        if code not in BY_CODE:
            raise InputError("Không có ngưỡng này. Chọn một ngưỡng trong danh sách.", field=code)
        rules = BY_CODE[code].put(rules, number)
    return rules
