"""How places are chosen for strengthening, what is done for them, and when they may leave.

No province's criteria could be read (domain.md §3.5, §3.6): the files of these keys are templates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from vungmanh.core.programme_words import EvidenceTier, GateKind
from vungmanh.core.vocabulary import Status, UnitKind, Vocabulary
from vungmanh.rulebook.values.base import Value, require, require_positive


class GreyZone(Vocabulary):
    """What is done with units whose rank intervals cross the cut."""

    LOTS = "lots", "Bốc thăm trong vùng sát ngưỡng"
    START_YEARS = "start_years", "Chọn cả vùng, bốc thăm năm bắt đầu"
    NONE = "none", "Theo thứ tự, không bốc thăm"


class ExitCheck(Vocabulary):
    """What a criterion of leaving asks of the records of a month."""

    HELD_PERCENT = "held_percent", "Tỷ lệ kỳ đã họp trong 12 tháng (%)"
    REPORTED_PERCENT = "reported_percent", "Tỷ lệ kỳ đã báo cáo trong 12 tháng (%)"
    NOT_WEAK = "not_weak", "Không còn diện cần củng cố"
    NO_HEAVY_REASON = "no_heavy_reason", "Không còn lý do nặng"
    SECRETARY_IN_POST = "secretary_in_post", "Có bí thư"
    ADMISSIONS = "admissions", "Số đảng viên kết nạp từ khi vào diện"
    FINDINGS_CLOSED = "findings_closed", "Không còn kết luận kiểm tra chưa khắc phục"
    MEASURES_ENDED = "measures_ended", "Mọi biện pháp đã kết thúc"


#: Checks that are answered by yes or no; the others count.
YES_NO_CHECKS = frozenset(
    {
        ExitCheck.NOT_WEAK,
        ExitCheck.NO_HEAVY_REASON,
        ExitCheck.SECRETARY_IN_POST,
        ExitCheck.FINDINGS_CLOSED,
        ExitCheck.MEASURES_ENDED,
    }
)


class MeasureProof(Vocabulary):
    """The record that shows that a measure was carried out."""

    OVERSIGHT = "oversight", "Phân công phụ trách có ngày"
    APPOINTMENT = "appointment", "Bổ nhiệm, luân chuyển ghi trong sổ tổ chức"
    MEETINGS = "meetings", "Biên bản các kỳ sinh hoạt"
    ADMISSION = "admission", "Kết nạp ghi trong sổ tổ chức"
    REFORM = "reform", "Sắp xếp đã thực hiện"
    TASK = "task", "Việc đã xong, có sản phẩm"
    VISIT = "visit", "Lần dự, kiểm tra cơ sở"


@dataclass(frozen=True)
class SelectionRule(Value):
    """Who may be chosen, and under which limits; criteria first, capacity second.

    `bad_periods`: assessments in a row with one of `statuses`; `not_again_years` after a file
    ended; `silent_percent` of the capacity is kept for those who do not report, each verified
    within `verify_days` of the decision. With `spread_over_areas` each area gets its share, and
    the page shows what that cost. A unit may appeal within `appeal_days` of the decision.
    """

    key: ClassVar[str] = "programme.selection"
    statuses: tuple[Status, ...]
    bad_periods: int
    not_again_years: int
    most_in_area: int | None
    spread_over_areas: bool
    silent_percent: int
    verify_days: int
    appeal_days: int
    grey: GreyZone

    def __post_init__(self) -> None:
        require(bool(self.statuses), "“statuses” phải có ít nhất một trạng thái.")
        _distinct("statuses", self.statuses)
        require_positive(bad_periods=self.bad_periods, most_in_area=self.most_in_area)
        require_positive(verify_days=self.verify_days, appeal_days=self.appeal_days)
        require(self.not_again_years >= 0, "“not_again_years” phải từ 0 trở lên.")
        require(0 <= self.silent_percent <= 100, "“silent_percent” phải từ 0 đến 100.")


@dataclass(frozen=True)
class GatePoint:
    """A gate in year `year` of the programme (1 is the first; 0: every year; -1: the last).

    -2: in the month in which half of the programme is over, whatever `month` says.
    """

    kind: GateKind
    year: int
    month: int
    day: int
    levels: tuple[UnitKind, ...]
    asks: str

    def __post_init__(self) -> None:
        require(
            self.year >= -2,
            "“year” là số thứ tự của năm, 0 (hằng năm), -1 (năm cuối) hoặc -2 (hết nửa kỳ).",
        )
        require(
            1 <= self.month <= 12 and 1 <= self.day <= 28, "“month”, “day” không phải một ngày."
        )
        require(bool(self.asks.strip()), "“asks” phải nêu nội dung báo cáo.")
        require(bool(self.levels), "“levels” phải nêu cấp báo cáo.")


@dataclass(frozen=True)
class ProgrammeGates(Value):
    """The gates a new programme begins with; whoever drafts it changes them."""

    key: ClassVar[str] = "programme.gates"
    gates: tuple[GatePoint, ...]

    def __post_init__(self) -> None:
        require(bool(self.gates), "“gates” phải có ít nhất một mốc.")


@dataclass(frozen=True)
class Cause:
    """A cause a diagnosis may name. `signals` are codes of reasons, `measures` of the catalogue.

    `pointer_only`: nothing is written about it but the document in which it was concluded.
    `second_look`: before it is put forward it is seen on site, or by a second pair of eyes.
    """

    code: str
    text: str
    signals: tuple[str, ...]
    measures: tuple[str, ...]
    source: str
    pointer_only: bool = False
    second_look: bool = True

    @property
    def asks_second_look(self) -> bool:
        """What was concluded elsewhere has been looked at there."""
        return self.second_look and not self.pointer_only

    def __post_init__(self) -> None:
        require(
            bool(self.code and self.text and self.source), "Nguyên nhân thiếu mã, lời hoặc nguồn."
        )
        require(
            bool(self.measures) or self.pointer_only,
            f"Nguyên nhân “{self.text}” phải có ít nhất một biện pháp.",
        )


@dataclass(frozen=True)
class CauseCatalogue(Value):
    key: ClassVar[str] = "programme.causes"
    causes: tuple[Cause, ...]

    def __post_init__(self) -> None:
        require(bool(self.causes), "“causes” phải có ít nhất một nguyên nhân.")
        _distinct("causes", (one.code for one in self.causes))

    def cause(self, code: str) -> Cause | None:
        return next((one for one in self.causes if one.code == code), None)


@dataclass(frozen=True)
class MeasureType:
    """A kind of measure, the record that proves it, and how well it is known to help."""

    code: str
    text: str
    proof: MeasureProof
    tier: EvidenceTier
    source: str

    def __post_init__(self) -> None:
        require(
            bool(self.code and self.text and self.source), "Biện pháp thiếu mã, lời hoặc nguồn."
        )


@dataclass(frozen=True)
class MeasureCatalogue(Value):
    key: ClassVar[str] = "programme.measures"
    measures: tuple[MeasureType, ...]

    def __post_init__(self) -> None:
        require(bool(self.measures), "“measures” phải có ít nhất một biện pháp.")
        _distinct("measures", (one.code for one in self.measures))

    def measure(self, code: str) -> MeasureType | None:
        return next((one for one in self.measures if one.code == code), None)


@dataclass(frozen=True)
class PathPoint:
    """After so many months, so much (percent) of the way from the figure at entry to the aim."""

    months: int
    percent: int


@dataclass(frozen=True)
class CausePath:
    """The course a diagnosis lets expect. `cause` "" is the path of every other cause."""

    cause: str
    points: tuple[PathPoint, ...]

    def __post_init__(self) -> None:
        months = [point.months for point in self.points]
        percents = [point.percent for point in self.points]
        require(bool(months) and months == sorted(set(months)), "“points” phải tăng theo tháng.")
        require(percents == sorted(percents), "“points” không được giảm.")
        require(all(0 <= one <= 100 for one in percents), "“percent” phải từ 0 đến 100.")


@dataclass(frozen=True)
class ExpectedPaths(Value):
    """Slow movers: below the path (by more than `slack_percent` of the way) for `periods` months
    in a row asks for a review by a named person. `aim_percent` of meetings held is the aim."""

    key: ClassVar[str] = "programme.paths"
    paths: tuple[CausePath, ...]
    aim_percent: int
    slack_percent: int
    periods: int

    def __post_init__(self) -> None:
        causes = [one.cause for one in self.paths]
        _distinct("paths", causes)
        require("" in causes, "“paths” phải có một lộ trình chung (cause để trống).")
        require(0 < self.aim_percent <= 100, "“aim_percent” phải từ 1 đến 100.")
        require(0 <= self.slack_percent <= 100, "“slack_percent” phải từ 0 đến 100.")
        require_positive(periods=self.periods)

    def path(self, causes: Iterable[str]) -> CausePath:
        """The slowest path of the causes named: nobody is called slow by a faster one."""
        named = [one for one in self.paths if one.cause and one.cause in set(causes)]
        general = next(one for one in self.paths if not one.cause)
        return max(named, key=_slowness, default=general)


def _slowness(path: CausePath) -> tuple[int, int]:
    return path.points[-1].months, -sum(point.percent for point in path.points)


@dataclass(frozen=True)
class ExitCriterion:
    """`minimum` for what counts; null where the answer is yes or no."""

    check: ExitCheck
    minimum: int | None = None

    def __post_init__(self) -> None:
        asked = self.check not in YES_NO_CHECKS
        require(
            (self.minimum is not None) == asked,
            f"“{self.check.label}” {'phải có' if asked else 'không có'} “minimum”.",
        )
        require(self.minimum is None or self.minimum >= 0, "“minimum” phải từ 0 trở lên.")


@dataclass(frozen=True)
class ExitRule(Value):
    """When a unit may leave: every criterion met for `months` in a row, with so many pieces of
    independent evidence (of somebody who did not strengthen it); then it holds `hold_months`.

    Fixed at entry. The label is taken off `label_months` after the exit at the latest.
    """

    key: ClassVar[str] = "programme.exit"
    criteria: tuple[ExitCriterion, ...]
    months: int
    independent: int
    hold_months: int
    label_months: int

    def __post_init__(self) -> None:
        require(bool(self.criteria), "“criteria” phải có ít nhất một tiêu chí.")
        _distinct("criteria", (one.check for one in self.criteria))
        require_positive(months=self.months, hold_months=self.hold_months)
        require(self.independent >= 1, "“independent” phải từ 1 trở lên.")
        require(self.label_months >= 0, "“label_months” phải từ 0 trở lên.")


@dataclass(frozen=True)
class AttendanceQuota:
    """How often a member of a committee of this kind attends a cell's meetings in a year."""

    committee: UnitKind
    a_year: int

    def __post_init__(self) -> None:
        require_positive(a_year=self.a_year)


@dataclass(frozen=True)
class OversightAttendance(Value):
    """Attendances of committee members in cells that are not their own.

    In a unit in focused support the overseer attends every meeting where `every_in_support`.
    `most_cells` is the most one person is given.
    """

    key: ClassVar[str] = "oversight.attendance"
    quotas: tuple[AttendanceQuota, ...]
    every_in_support: bool
    most_cells: int

    def __post_init__(self) -> None:
        _distinct("quotas", (one.committee for one in self.quotas))
        require(bool(self.quotas), "“quotas” phải có ít nhất một cấp.")
        require_positive(most_cells=self.most_cells)


@dataclass(frozen=True)
class StatusVisits:
    status: Status
    a_year: int

    def __post_init__(self) -> None:
        require(self.a_year >= 0, "“a_year” phải từ 0 trở lên.")


@dataclass(frozen=True)
class VisitFrequency(Value):
    """How often a unit is visited by its status; `random_percent` of the others are drawn too."""

    key: ClassVar[str] = "oversight.visits"
    by_status: tuple[StatusVisits, ...]
    random_percent: int

    def __post_init__(self) -> None:
        _distinct("by_status", (one.status for one in self.by_status))
        require(0 <= self.random_percent <= 100, "“random_percent” phải từ 0 đến 100.")

    def a_year(self, status: Status) -> int:
        return next((one.a_year for one in self.by_status if one.status is status), 0)


@dataclass(frozen=True)
class SupportLabel(Value):
    """What a unit in focused support is called: neutral, seen by few, and for a time only."""

    key: ClassVar[str] = "programme.label"
    text: str
    holding: str

    def __post_init__(self) -> None:
        require(bool(self.text.strip() and self.holding.strip()), "Nhãn không được để trống.")


@dataclass(frozen=True)
class FileReviews(Value):
    """Reviews of the files of chosen units: every file in the middle and at the end of a year, and
    whoever is slow within `due_days`, by a person who is named.

    Without `owner_may_review` that person does not answer for one of the file's measures.
    """

    key: ClassVar[str] = "programme.reviews"
    mid_year_month: int
    year_end_month: int
    due_days: int
    owner_may_review: bool

    def __post_init__(self) -> None:
        require(
            1 <= self.mid_year_month < self.year_end_month <= 12,
            "“mid_year_month” phải trước “year_end_month”, trong 12 tháng của năm.",
        )
        require_positive(due_days=self.due_days)


def _distinct(name: str, values: Iterable[object]) -> None:
    seen = list(values)
    require(len(set(seen)) == len(seen), f"“{name}” có mục nêu hai lần.")
