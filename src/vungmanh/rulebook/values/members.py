"""Members: the way in, moving, exemption, badges, and the grounds of striking off.

A number that is null is not said by the text that was read: nothing is judged by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vungmanh.core.people_words import AdmissionStepKind
from vungmanh.core.vocabulary import Vocabulary
from vungmanh.rulebook.values.base import Value, require, require_positive
from vungmanh.rulebook.values.doubts import Doubtful, distinct, in_order


class DisciplineForm(Vocabulary):
    """A discipline after which a member stays one, the lightest first."""

    REPRIMAND = "reprimand", "Khiển trách"
    WARNING = "warning", "Cảnh cáo"
    REMOVAL = "removal", "Cách chức"


class GroundMeasure(Vocabulary):
    """What the records may tell of a ground of striking off; the rest is for the cell to say."""

    MONTHS_ABSENT = "months_absent", "Số tháng không sinh hoạt trong năm"
    MONTHS_UNPAID = "months_unpaid", "Số tháng không đóng đảng phí trong năm"
    MONTHS_EDUCATED = "months_educated", "Số tháng chi bộ đã giáo dục, giúp đỡ"
    YEARS_IN_BREACH = "years_in_breach", "Số năm liền vi phạm tư cách đảng viên"
    TRANSFER_MONTHS_LATE = "transfer_months_late", "Số tháng nộp hồ sơ chuyển sinh hoạt chậm"
    SAID = "said", "Chi bộ nêu"


@dataclass(frozen=True)
class AdmissionRule(Doubtful):
    """Conditions and clocks of an admission. Days are working days, the day of the event apart.

    `decision_days` and `official_decision_days` may be prolonged by the `_more_days` beside them.
    `extension_months`: how much longer a probation may be made; null: no rule allows it.
    """

    key: ClassVar[str] = "members.admission"
    least_age: int | None
    most_age: int | None
    older_by: str
    schooling: str
    lower_in_special_areas: bool | None
    introducer_months: int | None
    dossier_months: int | None
    decided_by: str
    decision_days: int | None
    decision_more_days: int | None
    ceremony_days: int | None
    ceremony_from: AdmissionStepKind | None
    probation_months: int | None
    probation_from: AdmissionStepKind | None
    extension_months: int | None
    official_days: int | None
    official_decision_days: int | None
    official_decision_more_days: int | None
    official_from_end: bool | None
    readmission_months: int | None
    readmission_once: bool | None

    def __post_init__(self) -> None:
        super().__post_init__()
        in_order("least_age", self.least_age, "most_age", self.most_age)
        require_positive(
            least_age=self.least_age,
            introducer_months=self.introducer_months,
            dossier_months=self.dossier_months,
            decision_days=self.decision_days,
            ceremony_days=self.ceremony_days,
            probation_months=self.probation_months,
            extension_months=self.extension_months,
            official_days=self.official_days,
            official_decision_days=self.official_decision_days,
            readmission_months=self.readmission_months,
        )
        require(
            (self.ceremony_from is None) == (self.ceremony_days is None),
            "“ceremony_days” và “ceremony_from” phải cùng có hoặc cùng để trống.",
        )
        require(
            (self.probation_from is None) == (self.probation_months is None),
            "“probation_months” và “probation_from” phải cùng có hoặc cùng để trống.",
        )


@dataclass(frozen=True)
class TransferRule(Doubtful):
    """Terms of moving to another organisation. Days are working days.

    A temporary stay lasts from `temporary_least_months` to under `temporary_most_months`, of study
    up to `study_most_months`. From `cell_from` official members together a temporary cell is
    possible. `late_months`: so late without reason, the receiving committee strikes off.
    """

    key: ClassVar[str] = "members.transfer"
    arrive_days: int | None
    card_days: int | None
    late_months: int | None
    temporary_least_months: int | None
    temporary_most_months: int | None
    study_most_months: int | None
    votes_at_stay: bool | None
    counted_at_home: bool | None
    cell_from: int | None
    not_under_inspection: bool | None
    dissolved_days: int | None

    def __post_init__(self) -> None:
        super().__post_init__()
        require_positive(
            arrive_days=self.arrive_days,
            card_days=self.card_days,
            late_months=self.late_months,
            temporary_least_months=self.temporary_least_months,
            cell_from=self.cell_from,
            dissolved_days=self.dissolved_days,
        )
        in_order("temporary_least_months", self.temporary_least_months,
                 "temporary_most_months", self.temporary_most_months)  # fmt: skip


@dataclass(frozen=True)
class ExemptionRule(Value):
    """An exemption is granted from a day until a day, `most_months` at most.

    `remind_days` calendar days before the end the unit is reminded. Where `open_by_age` an
    exemption for age or health may have no end.
    """

    key: ClassVar[str] = "members.exempt"
    most_months: int
    remind_days: int
    open_by_age: bool

    def __post_init__(self) -> None:
        require_positive(most_months=self.most_months)
        require(self.remind_days >= 0, "“remind_days” phải từ 0 trở lên.")


@dataclass(frozen=True)
class BadgeBatch:
    """A day of the year on which badges are given."""

    day: int
    month: int

    def __post_init__(self) -> None:
        require(1 <= self.month <= 12 and 1 <= self.day <= 28, "Đợt trao không phải một ngày.")


@dataclass(frozen=True)
class AfterDiscipline:
    """So many months after a discipline before a badge is considered."""

    form: DisciplineForm
    months: int

    def __post_init__(self) -> None:
        require_positive(months=self.months)


@dataclass(frozen=True)
class BadgeRule(Doubtful):
    """Badges by years of membership. Early for grave illness or after death, never by itself."""

    key: ClassVar[str] = "members.badges"
    years: tuple[int, ...]
    batches: tuple[BadgeBatch, ...]
    early_months: int | None
    early_long_from: int | None
    early_long_months: int | None
    after_discipline: tuple[AfterDiscipline, ...]
    dossier_days: int | None

    def __post_init__(self) -> None:
        super().__post_init__()
        require(list(self.years) == sorted(set(self.years)), "“years” phải tăng dần.")
        distinct("after_discipline", (one.form for one in self.after_discipline))
        require(
            (self.early_long_from is None) == (self.early_long_months is None),
            "“early_long_from” và “early_long_months” phải cùng có hoặc cùng để trống.",
        )

    def wait_months(self, form: DisciplineForm) -> int | None:
        return next((one.months for one in self.after_discipline if one.form is form), None)

    def early(self, years: int) -> int | None:
        """By how many months the badge of so many years may come early."""
        if self.early_long_from is not None and years >= self.early_long_from:
            return self.early_long_months
        return self.early_months


@dataclass(frozen=True)
class StrikeOffGround:
    """One ground. `at_least` of what is counted; null where the cell has to say."""

    code: str
    text: str
    measure: GroundMeasure
    at_least: int | None

    def __post_init__(self) -> None:
        require(bool(self.code and self.text.strip()), "Căn cứ xóa tên thiếu mã hoặc lời.")
        said = self.measure is GroundMeasure.SAID
        require(said == (self.at_least is None), f"“{self.code}” nêu sai số “at_least”.")
        require_positive(at_least=self.at_least)


@dataclass(frozen=True)
class ScreeningRule(Doubtful):
    """Grounds of striking off, as information to the cell. Nothing follows by itself.

    `complaint_days` are working days; `lists_month` is the month by whose end lists are made.
    """

    key: ClassVar[str] = "members.screening"
    grounds: tuple[StrikeOffGround, ...]
    complaint_days: int | None
    plan_month: int | None
    lists_month: int | None

    def __post_init__(self) -> None:
        super().__post_init__()
        require(bool(self.grounds), "“grounds” phải có ít nhất một căn cứ.")
        distinct("grounds", (one.code for one in self.grounds))
        for name in ("plan_month", "lists_month"):
            month = getattr(self, name)
            require(month is None or 1 <= month <= 12, f"“{name}” phải từ 1 đến 12.")
