"""Fact reasons: an exact count against a threshold (decisions.md 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vungmanh.core.vocabulary import Weight
from vungmanh.rulebook.values.base import Value, require, require_positive


@dataclass(frozen=True)
class MeetingsHeld(Value):
    """Fewer than `minimum` meetings of `of` due ones within `window_months` is a reason.

    With fewer than `minimum_due` months due there is too little to say.
    """

    key: ClassVar[str] = "fact_reason.meetings_held"
    window_months: int
    minimum: int
    of: int
    minimum_due: int
    weight: Weight

    def __post_init__(self) -> None:
        require_positive(window_months=self.window_months, minimum=self.minimum)
        require(self.minimum <= self.of, "“minimum” không được lớn hơn “of”.")
        require(0 <= self.minimum_due <= self.of, "“minimum_due” phải từ 0 đến “of”.")


@dataclass(frozen=True)
class SecretaryVacant(Value):
    """The post of secretary vacant for `days` days or more is a reason."""

    key: ClassVar[str] = "fact_reason.secretary_vacant"
    days: int
    weight: Weight

    def __post_init__(self) -> None:
        require_positive(days=self.days)


@dataclass(frozen=True)
class ResolutionCarried(Value):
    """A resolution carried over `times` times or more is a reason."""

    key: ClassVar[str] = "fact_reason.resolution_carried"
    times: int
    weight: Weight

    def __post_init__(self) -> None:
        require_positive(times=self.times)


@dataclass(frozen=True)
class NoAdmission(Value):
    """No member admitted for `years` full years is a reason."""

    key: ClassVar[str] = "fact_reason.no_admission"
    years: int
    weight: Weight

    def __post_init__(self) -> None:
        require_positive(years=self.years)


@dataclass(frozen=True)
class FewOfficialMembers(Value):
    """Fewer than `minimum` official members is a reason, never an excuse."""

    key: ClassVar[str] = "fact_reason.few_official_members"
    minimum: int
    weight: Weight

    def __post_init__(self) -> None:
        require_positive(minimum=self.minimum)


@dataclass(frozen=True)
class MeetingsRefuted(Value):
    """Meetings reported as held that an inspection saw not to have been held: from `light_from` in
    a period a light reason, from `heavy_from` a heavy one."""

    key: ClassVar[str] = "fact_reason.meetings_refuted"
    light_from: int
    heavy_from: int

    def __post_init__(self) -> None:
        require_positive(light_from=self.light_from)
        require(self.light_from <= self.heavy_from, "“light_from” không được lớn hơn “heavy_from”.")


@dataclass(frozen=True)
class FailingCells(Value):
    """More than numerator/denominator of an organisation's cells failing is a reason.

    Kept as two integers: a third has no exact decimal.
    """

    key: ClassVar[str] = "fact_reason.failing_cells"
    more_than_numerator: int
    more_than_denominator: int
    weight: Weight

    def __post_init__(self) -> None:
        require_positive(
            more_than_numerator=self.more_than_numerator,
            more_than_denominator=self.more_than_denominator,
        )
        require(
            self.more_than_numerator < self.more_than_denominator,
            "“more_than_numerator” phải nhỏ hơn “more_than_denominator”.",
        )
