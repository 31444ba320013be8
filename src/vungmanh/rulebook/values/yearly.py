"""What a rating leaves to the province: when it opens, who is asked, how awards count."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from vungmanh.rulebook.values.base import Value, require

EVERY, ANY, NONE = "every", "any", "none"


@dataclass(frozen=True)
class CycleOpening(Value):
    """From which day of the rating year a cycle may be opened, and whose opinion is asked.

    `bodies` are asked where the procedure of the year names nobody; `member` is the column of a
    member of the committee, who is always asked.
    """

    key: ClassVar[str] = "grade_cycle.opening"
    opens_month: int
    opens_day: int
    bodies: tuple[str, ...]
    member: str

    def __post_init__(self) -> None:
        try:
            dt.date(2001, self.opens_month, self.opens_day)
        except ValueError:
            require(False, "“opens_month” và “opens_day” không phải một ngày trong năm.")
        require(bool(self.bodies), "“bodies” phải có ít nhất một nơi cho ý kiến.")
        require(len(set(self.bodies)) == len(self.bodies), "“bodies” có nơi nêu hai lần.")

    def opens_on(self, year: int) -> dt.date:
        """The first day on which the rating of the year may begin."""
        return dt.date(year, self.opens_month, self.opens_day)


@dataclass(frozen=True)
class AwardCounters(Value):
    """How many years running at the best grade are counted for awards.

    `after_merger`: the count goes on where `every` forebear had the grade, where `any` had it, or
    begins anew (`none`). `across_scales`: whether it goes on from one scale of grades to another
    that must not be compared with it.
    """

    key: ClassVar[str] = "award_counters"
    runs: tuple[int, ...]
    after_merger: str
    across_scales: bool

    def __post_init__(self) -> None:
        rising = list(self.runs) == sorted(set(self.runs)) and all(run >= 1 for run in self.runs)
        require(bool(self.runs) and rising, "“runs” phải là các số năm tăng dần, từ 1 trở lên.")
        require(
            self.after_merger in {EVERY, ANY, NONE},
            "“after_merger” là every, any hoặc none.",
        )
