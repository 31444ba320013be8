"""Index and status (decisions.md 2, 3, 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vungmanh.rulebook.values.base import Value, require, require_positive


@dataclass(frozen=True)
class IndexWeights(Value):
    """Weights of the index's parts; they sum to one and are never renormalised."""

    key: ClassVar[str] = "index.weights"
    held: float
    attendance: float
    resolutions: float

    def __post_init__(self) -> None:
        weights = (self.held, self.attendance, self.resolutions)
        require(all(w >= 0 for w in weights), "trọng số không được âm.")
        require(abs(sum(weights) - 1) < 1e-9, "các trọng số phải cộng lại bằng 1.")


@dataclass(frozen=True)
class StatusReporting(Value):
    """Under `minimum_percent` of due months reported, a unit goes to the queue to be verified."""

    key: ClassVar[str] = "status.reporting"
    minimum_percent: int

    def __post_init__(self) -> None:
        require(0 <= self.minimum_percent <= 100, "“minimum_percent” phải từ 0 đến 100.")


@dataclass(frozen=True)
class FlagReplyTerm(Value):
    """Days a unit has to answer a flag before anybody concludes on it (decisions.md 6)."""

    key: ClassVar[str] = "status.flag_reply_term"
    days: int

    def __post_init__(self) -> None:
        require_positive(days=self.days)


@dataclass(frozen=True)
class StatusProbability(Value):
    """When being weak is probable enough to say so, and what "weak" means in figures.

    The reference is the index below which `reference_percent` of a like kind lay in the first
    `base_periods` periods; it stays, whatever later years bring.
    """

    key: ClassVar[str] = "status.probability"
    weak_percent: int
    watch_percent: int
    reference_percent: int
    base_periods: int
    interval_percent: int
    false_signals_a_month: int

    def __post_init__(self) -> None:
        require_positive(
            false_signals_a_month=self.false_signals_a_month,
            reference_percent=self.reference_percent,
            base_periods=self.base_periods,
            watch_percent=self.watch_percent,
        )
        if not self.watch_percent < self.weak_percent <= 100:
            raise ValueError("watch_percent phải nhỏ hơn weak_percent, weak_percent không quá 100")
        if not self.reference_percent < 50 <= self.interval_percent < 100:
            raise ValueError("reference_percent phải dưới 50, interval_percent từ 50 đến dưới 100")


@dataclass(frozen=True)
class StatusPersistence(Value):
    """How long a sign must last to count, and how long a unit must be good to be clear again."""

    key: ClassVar[str] = "status.persistence"
    period_months: int
    weak_periods: int
    good_periods_to_clear: int

    def __post_init__(self) -> None:
        require_positive(
            period_months=self.period_months,
            weak_periods=self.weak_periods,
            good_periods_to_clear=self.good_periods_to_clear,
        )
