"""How the quota of the best grade is counted, where the national texts only give a percentage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vungmanh.core.vocabulary import Vocabulary
from vungmanh.rulebook.values.base import Value, require
from vungmanh.rulebook.values.words import FactName

F = FactName
#: Facts of which fewer stand first, where a secondary criterion names them.
FEWER_FIRST = frozenset({
    F.MEETINGS_UNREPORTED, F.TASKS_LATE, F.TASKS_CARRIED, F.SECRETARY_VACANT, F.DISCIPLINE_OF_UNIT,
    F.DISCIPLINE_OF_MEMBERS, F.DISCIPLINE_OF_LEADERS, F.DISCIPLINE_BELOW, F.OPEN_FLAGS,
    F.FLAGS_CONFIRMED, F.FLAGS_BELOW, F.INSPECTIONS_REFUTED, F.GOVERNMENT_LOWEST,
    F.GOVERNMENT_GRADE, F.MASS_ORGANISATIONS_LOWEST,
})  # fmt: skip
#: Facts that are compared as shares of what they are counted among.
SHARES = frozenset({
    F.MEETINGS_HELD, F.MEETINGS_UNREPORTED, F.THEMATIC_HELD, F.ATTENDANCE, F.TASKS_DONE,
    F.TASKS_ON_TIME, F.TASKS_LATE, F.TASKS_BEYOND, F.TASKS_CARRIED, F.SUBORDINATES_GOOD,
    F.SUBORDINATES_COMPLETED, F.MEMBERS_GOOD, F.MEMBERS_COMPLETED, F.SHORTCOMINGS_REMEDIED,
})  # fmt: skip
#: Facts that are only counted against: neither many nor few of them is better.
NO_BETTER = frozenset({
    F.MEETINGS_DUE, F.TASKS_DUE, F.SUBORDINATES_RATED, F.MEMBERS_RATED, F.SHORTCOMINGS_FOUND,
})  # fmt: skip


class QuotaRounding(Vocabulary):
    """What becomes of a broken number of places; only rounding down never passes the percentage."""

    DOWN = "down", "Làm tròn xuống"
    NEAREST = "nearest", "Làm tròn đến số gần nhất, nửa thì lên"
    UP = "up", "Làm tròn lên"


class QuotaTies(Vocabulary):
    """Who gets the last places when more stand equal than there are places."""

    ALL_OR_NONE = "all_or_none", "Bằng điểm ở chỗ cắt thì cùng được hoặc cùng không, không vượt số"
    CRITERIA = "criteria", "Bằng điểm thì xét tiêu chí phụ đã công bố"


class QuotaSharing(Vocabulary):
    """How small groups that were pooled share the places of the pool."""

    TOGETHER = "together", "Xếp chung theo điểm"
    APPORTIONED = "apportioned", "Chia số nơi cho từng nhóm theo phương pháp Webster"


class QuotaOnComplaint(Vocabulary):
    """Whether a complaint found right may take the best grade beyond the cap."""

    WITHIN = "within", "Vẫn trong tỷ lệ"
    BEYOND = "beyond", "Được vượt tỷ lệ khi có văn bản, ghi số, ký hiệu và ngày"


class QuotaGrouping(Vocabulary):
    """Which organisations are similar, so that one cap counts for them."""

    SECTOR = "sector", "Cùng lĩnh vực"
    SECTOR_AND_KIND = "sector_and_kind", "Cùng lĩnh vực và cùng loại tổ chức"


@dataclass(frozen=True)
class QuotaMethod(Value):
    """What a percentage leaves open. No text read says it: the province decides.

    Groups in which fewer than `minimum_group` are rated good or better are counted as one, named
    `pool`; 0 pools nothing. `criteria` are the secondary criteria in their order: one that is the
    name of a fact of the year (`FactName`) is counted from the records, of any other nothing is
    known and it tells nobody apart. `on_complaint`: whether an answer to a complaint may pass the
    cap.
    """

    key: ClassVar[str] = "grade_quota.method"
    rounding: QuotaRounding = QuotaRounding.DOWN
    ties: QuotaTies = QuotaTies.ALL_OR_NONE
    criteria: tuple[str, ...] = ()
    grouping: QuotaGrouping = QuotaGrouping.SECTOR
    minimum_group: int = 0
    pool: str = ""
    sharing: QuotaSharing = QuotaSharing.TOGETHER
    on_complaint: QuotaOnComplaint = QuotaOnComplaint.WITHIN

    def __post_init__(self) -> None:
        asked = self.ties is QuotaTies.CRITERIA
        require(
            bool(self.criteria) == asked,
            "“criteria” phải nêu tiêu chí phụ khi “ties” là criteria, và chỉ khi đó.",
        )
        require(
            len(set(self.criteria)) == len(self.criteria), "“criteria” có tiêu chí nêu hai lần."
        )
        require(all(one.strip() for one in self.criteria), "“criteria” có tiêu chí để trống.")
        vain = [F(one).label for one in self.criteria if one in NO_BETTER]
        require(
            not vain,
            f"“criteria” nêu “{', '.join(vain)}”: số này chỉ để so, nhiều hay ít không phải là "
            "hơn. Chọn tiêu chí khác.",
        )
        require(self.minimum_group >= 0, "“minimum_group” phải từ 0 trở lên.")
        require(
            bool(self.pool.strip()) == (self.minimum_group > 1),
            "“pool” phải đặt tên nhóm gộp khi “minimum_group” từ 2 trở lên, và chỉ khi đó.",
        )
