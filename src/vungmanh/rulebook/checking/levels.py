"""Are the levels of a criterion disjoint and complete, and do they agree with its points?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from vungmanh.core.vocabulary import Severity
from vungmanh.rulebook.checking.findings import SheetFinding
from vungmanh.rulebook.checking.intervals import Interval, interval_of, is_numeric, stretches
from vungmanh.rulebook.checking.scores import ZERO, domain_of, share
from vungmanh.rulebook.values.bounds import percent, plain
from vungmanh.rulebook.values.sheets import (
    MEASURED,
    SHARES,
    Criterion,
    MeetingFrame,
    MeetingSheet,
    SheetLevel,
)
from vungmanh.rulebook.values.words import CriterionMeasure, CriterionWhen

COUNTED = {
    CriterionMeasure.ATTENDANCE: "người dự họp",
    CriterionMeasure.SPEAKERS: "người phát biểu",
    CriterionMeasure.TASKS: "việc hoàn thành",
    CriterionMeasure.SHARE: "phần đạt",
}


def level_findings(
    sheet: MeetingSheet, criterion: Criterion, sizes: Sequence[int]
) -> Iterator[SheetFinding]:
    """What is wrong with the levels of one criterion, from whatever its measure needs."""
    yield from _pointless(criterion)
    if criterion.measure in MEASURED or criterion.measure is CriterionMeasure.LEVELS:
        if not criterion.levels:
            if criterion.points is not None:
                yield _no_levels(criterion, is_frame=isinstance(sheet, MeetingFrame))
            return
        yield from _points(criterion)
    if criterion.measure not in MEASURED:
        return
    asked = _requirements(sheet, criterion, sizes)
    if None in asked:
        yield _no_required(criterion)
    for required in sorted(minutes for minutes in asked if minutes is not None):
        yield from _coverage(criterion, required, sizes)


def _requirements(
    sheet: MeetingSheet, criterion: Criterion, sizes: Sequence[int]
) -> set[Fraction | None]:
    """Each length of meeting that the levels are measured against; one when none matters.

    None stands for meetings the sheet asks no length of, though a level is told by it.
    """
    ends = [
        end
        for level in criterion.levels
        for end in (level.at_least, level.more_than, level.at_most, level.less_than)
    ]
    if not any(end is not None and end.times for end in ends):
        return {ZERO}
    months = {CriterionWhen.THEMATIC_MONTH: (True,), CriterionWhen.ORDINARY_MONTH: (False,)}
    return {
        sheet.minutes(members=size, thematic=thematic)
        for size in sizes
        for thematic in months.get(criterion.applies, (False, True))
        if size >= (criterion.members or 0)
    }


def _coverage(
    criterion: Criterion, required: Fraction, sizes: Sequence[int]
) -> Iterator[SheetFinding]:
    domain = domain_of(criterion)
    levels = [level for level in criterion.levels if is_numeric(level)]
    parts = [interval_of(level, required, domain) for level in levels]
    for part, level in zip(parts, levels, strict=True):
        if part.is_empty or not _within(part, domain):
            yield _impossible(criterion, plain(level.points))
    for stretch in stretches(parts, domain):
        points = {levels[n].points for n in stretch.levels}
        if not points:
            yield _gap(criterion, stretch.part, required, sizes)
        elif len(points) > 1:
            yield _overlap(criterion, stretch.part, required, sorted(points, reverse=True))
    rising = sorted((part.low, level.points) for part, level in zip(parts, levels, strict=True))
    if criterion.measure is not CriterionMeasure.COUNT and any(
        after < before for (_, before), (_, after) in pairwise(rising)
    ):
        yield _falling(criterion)


def _within(part: Interval, domain: Interval) -> bool:
    if part.low < domain.low:
        return False
    return domain.high is None or (part.high is not None and part.high <= domain.high)


# --- sentences ---------------------------------------------------------------------------------


def _gap(
    criterion: Criterion, part: Interval, required: Fraction, sizes: Sequence[int]
) -> SheetFinding:
    example = _example(criterion, part, sizes)
    return SheetFinding(
        "gap",
        Severity.SEVERE if example else Severity.WARNING,
        criterion.code,
        f"Không mức nào nhận {part_text(criterion, part, required)}"
        + (f": ví dụ {example} thì không có điểm." if example else "."),
        "Nối hai mức liền nhau: mức dưới ghi “dưới” đúng con số mà mức trên ghi “từ”.",
        _numbers(part, required),
    )


def _overlap(
    criterion: Criterion, part: Interval, required: Fraction, points: Sequence[Fraction]
) -> SheetFinding:
    said = " và ".join(f"{plain(number)} điểm" for number in points)
    return SheetFinding(
        "overlap",
        Severity.SEVERE,
        criterion.code,
        f"Hai mức cùng nhận {part_text(criterion, part, required)}: vừa {said}.",
        "Sửa một đầu của một trong hai mức: “đến” thành “dưới”, hoặc “từ” thành “trên”.",
        _numbers(part, required),
    )


def _impossible(criterion: Criterion, points: str) -> SheetFinding:
    hint = " Tỷ lệ phải viết có dấu %." if criterion.measure in SHARES else ""
    return SheetFinding(
        "impossible_level",
        Severity.SEVERE,
        criterion.code,
        f"Mức {points} điểm có hai đầu không chứa số nào, hoặc vượt khỏi số có thể có.{hint}",
        "Xem lại “từ”, “trên”, “đến”, “dưới” của mức này.",
    )


def _pointless(criterion: Criterion) -> Iterator[SheetFinding]:
    """Levels that its measure never asks for, hence nobody would ever apply."""
    if not criterion.levels or criterion.measure in MEASURED:
        return
    if criterion.measure is not CriterionMeasure.LEVELS:
        yield SheetFinding(
            "unused_levels",
            Severity.SEVERE,
            criterion.code,
            f"“{criterion.measure.label}” không chấm theo mức, mà tiêu chí có ghi các mức.",
            "Xóa các mức, hoặc đổi cách đo.",
        )
        return
    if any(is_numeric(level) for level in criterion.levels):
        yield SheetFinding(
            "unmeasured_levels",
            Severity.SEVERE,
            criterion.code,
            f"“{criterion.measure.label}” không đo bằng số, mà có mức ghi theo số.",
            "Ghi mỗi mức bằng lời, hoặc đổi cách đo thành một cách đo bằng số.",
        )
    told = [_plain_words(level) for level in criterion.levels if not is_numeric(level)]
    if "" in told or len(set(told)) < len(told):
        yield SheetFinding(
            "untold_levels",
            Severity.SEVERE,
            criterion.code,
            "Có mức chưa ghi lời, hoặc hai mức ghi cùng một lời, nên không biết chọn mức nào.",
            "Ghi cho mỗi mức một lời riêng.",
        )


def _plain_words(level: SheetLevel) -> str:
    return " ".join(f"{level.label} {level.or_when}".lower().split())


def _no_required(criterion: Criterion) -> SheetFinding:
    return SheetFinding(
        "no_required",
        Severity.SEVERE,
        criterion.code,
        "Có mức tính theo thời gian phải họp, mà bảng không ghi buổi họp phải dài bao nhiêu phút"
        " cho mọi chi bộ và mọi tháng.",
        "Ghi “thời gian phải họp” của bảng, hoặc ghi mức bằng số phút.",
    )


def _falling(criterion: Criterion) -> SheetFinding:
    return SheetFinding(
        "falling",
        Severity.SEVERE,
        criterion.code,
        "Làm được nhiều hơn lại được ít điểm hơn.",
        "Xếp lại điểm của các mức: con số cao hơn thì điểm không thấp hơn.",
    )


def _no_levels(criterion: Criterion, *, is_frame: bool) -> SheetFinding:
    return SheetFinding(
        "no_levels",
        Severity.WARNING if is_frame else Severity.SEVERE,
        criterion.code,
        f"“{criterion.measure.label}” phải có các mức, mà chưa có mức nào.",
        "Ghi các mức với điểm, hoặc đổi cách đo thành “Có hoặc không”.",
    )


def _points(criterion: Criterion) -> Iterator[SheetFinding]:
    best = max(level.points for level in criterion.levels)
    if criterion.points is None or best == criterion.points:
        return
    yield SheetFinding(
        "level_points",
        Severity.SEVERE,
        criterion.code,
        f"Mức cao nhất cho {plain(best)} điểm, còn tiêu chí ghi {plain(criterion.points)} điểm.",
        "Sửa điểm của mức cao nhất hoặc điểm của tiêu chí cho bằng nhau.",
        {"best": best, "points": criterion.points},
    )


def part_text(criterion: Criterion, part: Interval, required: Fraction) -> str:
    """A part of the line in words: "đúng 50%", "trên 45 và dưới 60 phút (phải họp 90 phút)"."""

    def said(number: Fraction) -> str:
        return percent(number) if criterion.measure in SHARES else plain(number)

    unit = " phút" if criterion.measure is CriterionMeasure.MINUTES else ""
    context = f" (khi phải họp {plain(required)} phút)" if required else ""
    if part.low == part.high:
        return f"đúng {said(part.low)}{unit}{context}"
    low = f"{'từ' if part.low_in else 'trên'} {said(part.low)}"
    if part.high is None:
        return f"{low}{unit} trở lên{context}"
    high = f"{'đến' if part.high_in else 'dưới'} {said(part.high)}"
    return f"{low} {'' if part.low_in and part.high_in else 'và '}{high}{unit}{context}"


def _example(criterion: Criterion, part: Interval, sizes: Sequence[int]) -> str:
    """The smallest real case that falls in; empty when none does."""
    if criterion.measure in COUNTED:
        for size in sizes:
            for count in range(size + 1):
                if part.holds(share(criterion, count, size)):
                    return f"{count} trong {size} {COUNTED[criterion.measure]}"
        return ""
    whole = -(-part.low // 1)
    whole += 0 if part.holds(Fraction(whole)) else 1
    if not part.holds(Fraction(whole)):
        return ""
    if criterion.measure is CriterionMeasure.MINUTES:
        return f"họp {whole} phút"
    return f"{whole} lần"


def _numbers(part: Interval, required: Fraction) -> dict[str, Fraction]:
    numbers = {"low": part.low, "required": required}
    if part.high is not None:
        numbers["high"] = part.high
    return numbers
