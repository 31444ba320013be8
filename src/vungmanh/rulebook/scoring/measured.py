"""What the system itself knows of a meeting, and what that makes of a measured criterion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from fractions import Fraction
from typing import Any

from vungmanh.core.text import fold, percent_vi
from vungmanh.rulebook.checking.intervals import is_numeric
from vungmanh.rulebook.checking.scores import ZERO, points_at
from vungmanh.rulebook.values.bounds import plain
from vungmanh.rulebook.values.sheets import MEASURED, Criterion, MeetingSheet
from vungmanh.rulebook.values.words import CriterionMeasure

#: Words beside a number that lead to a level, and that can be told from what is recorded.
UNEXCUSED_WORDS = fold("có người vắng không lý do")
#: In the text of a criterion on tasks: those done late do not count.
ON_TIME_WORDS = fold("đúng hạn")


@dataclass(frozen=True)
class Measured:
    """The facts of one meeting. None: nobody said, which is never zero.

    `members`: how many owed their presence on the day. `thematic`: a month with a theme.
    `tasks_due`, `tasks_done`, `tasks_on_time`: of the last resolution, by the day of the meeting.
    """

    members: int | None = None
    thematic: bool | None = None
    committee: bool | None = None
    network: bool | None = None
    minutes: int | None = None
    present: int | None = None
    excused: int | None = None
    unexcused: int | None = None
    speakers: int | None = None
    tasks_due: int | None = None
    tasks_done: int | None = None
    tasks_on_time: int | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Measured:
        """What was frozen with a score; names of later versions are left aside."""
        return cls(**{one.name: kept.get(one.name) for one in fields(cls)})


@dataclass(frozen=True)
class Reading:
    """Which points the facts allow. One set: decided (empty: a hole; two points: an overlap)."""

    outcomes: frozenset[frozenset[Fraction]]
    why: str  # from what, or what is missing

    @property
    def points(self) -> frozenset[Fraction]:
        return frozenset().union(*self.outcomes)


NOT_MEASURED = "Người chấm cho điểm."


def reading(criterion: Criterion, sheet: MeetingSheet, facts: Measured) -> Reading:
    """The points a measured criterion gets from the facts; no outcome when they do not tell."""
    if criterion.measure not in MEASURED or not criterion.levels:
        return Reading(frozenset(), NOT_MEASURED)
    values, why = _VALUES.get(criterion.measure, _nothing)(criterion, sheet, facts)
    if not values:
        return Reading(frozenset(), why)
    outcomes = {frozenset(points_at(criterion, value, required)) for value, required in values}
    return Reading(_with_words(criterion, facts, outcomes), why)


def _with_words(
    criterion: Criterion, facts: Measured, outcomes: set[frozenset[Fraction]]
) -> frozenset[frozenset[Fraction]]:
    """Words lead to their level whatever the number says; unanswered they may or may not."""
    certain = set()
    for level in criterion.levels:
        if is_numeric(level) and not level.or_when:
            continue
        answer = _spoken(level.or_when, facts)
        if answer is None:
            outcomes = outcomes | {frozenset({level.points})}
        elif answer:
            certain.add(level.points)
    return frozenset({frozenset(certain)} if certain else outcomes)


def _spoken(words: str, facts: Measured) -> bool | None:
    if UNEXCUSED_WORDS in fold(words) and facts.unexcused is not None:
        return facts.unexcused > 0
    return None


# --- the values of each measure ----------------------------------------------------------------

Values = list[tuple[Fraction, Fraction]]  # every value it may have, with the length asked for


def _nothing(criterion: Criterion, sheet: MeetingSheet, facts: Measured) -> tuple[Values, str]:
    return [], "Hệ thống không có số liệu cho dòng này."


def _minutes(criterion: Criterion, sheet: MeetingSheet, facts: Measured) -> tuple[Values, str]:
    if facts.minutes is None:
        return [], "Biên bản chưa ghi giờ bắt đầu và giờ kết thúc."
    if not _asks_length(criterion):
        return [(Fraction(facts.minutes), ZERO)], f"Họp {facts.minutes} phút."
    asked = set(_lengths(sheet, facts))
    known = sorted(length for length in asked if length is not None)
    if None in asked:
        return [], "Bảng điểm không ghi buổi họp phải dài bao nhiêu phút."
    spent = Fraction(facts.minutes)
    values = [(spent, length) for length in known]
    if len(known) == 1:
        return values, f"Họp {facts.minutes} phút; bảng đòi {known[0]} phút."
    said = ", ".join(
        f"phải họp {length} phút thì {_points_said(criterion, spent, length)}" for length in known
    )
    return values, f"Họp {facts.minutes} phút. Tùy tháng có chuyên đề hay không: {said}."


def _points_said(criterion: Criterion, spent: Fraction, length: Fraction) -> str:
    found = points_at(criterion, spent, length)
    return f"{plain(found[0])} điểm" if len(set(found)) == 1 else "bảng không cho điểm"


def _asks_length(criterion: Criterion) -> bool:
    ends = (
        end
        for level in criterion.levels
        for end in (level.at_least, level.more_than, level.at_most, level.less_than)
    )
    return any(end is not None and end.times for end in ends)


def _lengths(sheet: MeetingSheet, facts: Measured) -> Iterator[Fraction | None]:
    sizes = {0, *(one.members for one in sheet.required)}
    for members in sizes if facts.members is None else {facts.members}:
        for thematic in (False, True) if facts.thematic is None else (facts.thematic,):
            yield sheet.minutes(members=members, thematic=thematic)


def _attendance(criterion: Criterion, sheet: MeetingSheet, facts: Measured) -> tuple[Values, str]:
    present, members = facts.present, facts.members
    if present is None:
        return [], "Biên bản chưa ghi số đảng viên có mặt."
    if not members:
        return [], "Danh sách đảng viên không cho biết bao nhiêu người phải dự họp."
    present = min(present, members)
    said = f"Có mặt {present} trong {members} đảng viên phải dự ({_percent(present, members)})"
    away = members - present
    lawful = facts.excused
    if lawful is None and facts.unexcused is not None:
        lawful = max(away - facts.unexcused, 0)
    most = min(criterion.forgiven, away)
    forgiven = range(most + 1) if lawful is None else (min(most, lawful),)
    if most:
        said += (
            "; biên bản chưa ghi bao nhiêu người vắng có lý do"
            if lawful is None
            else f"; bỏ qua {min(most, lawful)} người vắng có lý do"
        )
    return [(Fraction(present + one, members), ZERO) for one in forgiven], f"{said}."


def _speakers(criterion: Criterion, sheet: MeetingSheet, facts: Measured) -> tuple[Values, str]:
    if facts.speakers is None or not facts.present:
        return [], "Biên bản chưa ghi số người có mặt hoặc số người phát biểu."
    spoke = min(facts.speakers, facts.present)
    said = f"{spoke} trong {facts.present} đảng viên dự họp phát biểu"
    counted = min(spoke + criterion.forgiven, facts.present)
    return [(Fraction(counted, facts.present), ZERO)], f"{said} ({_percent(spoke, facts.present)})."


def _tasks(criterion: Criterion, sheet: MeetingSheet, facts: Measured) -> tuple[Values, str]:
    on_time = ON_TIME_WORDS in fold(criterion.text)
    due, done = facts.tasks_due, facts.tasks_on_time if on_time else facts.tasks_done
    if due is None or done is None:
        return [], "Việc của nghị quyết kỳ trước chưa được ghi vào sổ việc."
    if not due:
        return [], "Sổ việc không có việc nào của kỳ trước đến hạn."
    done = min(done, due)
    said = f"Làm xong{' đúng hạn' if on_time else ''} {done} trong {due} việc đến hạn"
    return [(Fraction(done, due), ZERO)], f"{said} ({_percent(done, due)})."


_VALUES = {
    CriterionMeasure.MINUTES: _minutes,
    CriterionMeasure.ATTENDANCE: _attendance,
    CriterionMeasure.SPEAKERS: _speakers,
    CriterionMeasure.TASKS: _tasks,
}


def _percent(part: int, whole: int) -> str:
    return percent_vi(part / whole)
