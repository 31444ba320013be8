"""Points or levels of a year: what was said on each row, and what that leaves open.

A blank is a blank: while one row is, there is no total, only the lowest and highest it can become.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from vungmanh.core.errors import InputError
from vungmanh.rulebook.values.bounds import fraction, plain
from vungmanh.rulebook.values.words import CriterionLevel, FactName, SheetPart, SheetWay
from vungmanh.rulebook.values.year_sheets import YearCriterion, YearGroup, YearSheet

Answer = Fraction | int | str | None
ZERO = Fraction(0)


@dataclass(frozen=True)
class YearLine:
    """One row as answered; `points` and `level` are None while it is blank."""

    code: str
    text: str
    group: str
    part: SheetPart
    most: Fraction | None
    points: Fraction | None
    level: CriterionLevel | None
    facts: tuple[FactName, ...]

    @property
    def is_blank(self) -> bool:
        return self.points is None and self.level is None


@dataclass(frozen=True)
class GroupPoints:
    """The sum of a group; None while one of its rows is blank, and on a sheet of levels."""

    code: str
    title: str
    most: Fraction | None
    points: Fraction | None
    blanks: int


@dataclass(frozen=True)
class YearPoints:
    """All rows, and the total once every row is said. On a sheet of levels the numbers are None."""

    way: SheetWay
    lines: tuple[YearLine, ...]
    groups: tuple[GroupPoints, ...]
    total: Fraction | None
    lowest: Fraction | None
    highest: Fraction | None

    @property
    def blanks(self) -> int:
        return sum(line.is_blank for line in self.lines)

    @property
    def is_complete(self) -> bool:
        """Whether every row is said; a sheet without rows says nothing."""
        return bool(self.lines) and not self.blanks


def points_of(sheet: YearSheet, answers: Mapping[str, Answer]) -> YearPoints:
    """What `answers` {code of criterion: points or level} make of a sheet; None and "" are blank.

    Raises InputError, naming the criterion, for a code that the sheet has not, an answer that
    cannot be read, and points outside 0 and the most of the criterion.
    """
    known = {one.code for one in sheet.criteria}
    for code in answers:
        if code not in known:
            raise InputError(
                f"Bảng của năm này không có tiêu chí “{code}”. Hãy tải lại trang rồi ghi lại.",
                field=code,
                code="no-such-criterion",
            )
    lines = tuple(
        _line(sheet, group, one, answers.get(one.code))
        for group in sheet.groups
        for one in group.criteria
    )
    pointed = sheet.way is SheetWay.POINTS and all(line.most is not None for line in lines)
    said = sum((line.points or ZERO for line in lines), ZERO)
    open_ = sum((line.most or ZERO for line in lines if line.is_blank), ZERO)
    complete = bool(lines) and not any(line.is_blank for line in lines)
    return YearPoints(
        way=sheet.way,
        lines=lines,
        groups=tuple(_group(group, lines, pointed) for group in sheet.groups),
        total=said if pointed and complete else None,
        lowest=said if pointed else None,
        highest=said + open_ if pointed else None,
    )


def _line(sheet: YearSheet, group: YearGroup, one: YearCriterion, raw: Answer) -> YearLine:
    points: Fraction | None = None
    level: CriterionLevel | None = None
    if raw is not None and str(raw).strip():
        if sheet.way is SheetWay.LEVELS:
            level = _level(one, raw)
        else:
            points = _points(one, raw)
    return YearLine(
        one.code, one.text, group.code, group.part, one.points, points, level, one.facts
    )


def _group(group: YearGroup, lines: tuple[YearLine, ...], pointed: bool) -> GroupPoints:
    own = [line for line in lines if line.group == group.code]
    blanks = sum(line.is_blank for line in own)
    total = sum((line.points or ZERO for line in own), ZERO)
    most = sum((line.most or ZERO for line in own), ZERO) if pointed else None
    return GroupPoints(
        group.code, group.title, most, total if pointed and own and not blanks else None, blanks
    )


def _level(one: YearCriterion, raw: Answer) -> CriterionLevel:
    try:
        return CriterionLevel(str(raw).strip())
    except ValueError:
        levels = ", ".join(level.label for level in CriterionLevel)
        raise InputError(
            f"Tiêu chí {one.code}: “{raw}” không phải một mức. Chọn một trong: {levels}.",
            field=one.code,
            code="no-such-level",
        ) from None


def _points(one: YearCriterion, raw: Answer) -> Fraction:
    if one.points is None:
        raise InputError(
            f"Tiêu chí {one.code} chưa có điểm cao nhất. Tỉnh hoàn thiện bảng rồi mới chấm được.",
            field=one.code,
            code="sheet-not-ready",
        )
    number = _number(one, raw)
    if not 0 <= number <= one.points:
        raise InputError(
            f"Tiêu chí {one.code}: {plain(number)} điểm nằm ngoài 0 đến {plain(one.points)}."
            " Hãy ghi lại điểm.",
            field=one.code,
            code="out-of-range",
        )
    return number


def _number(one: YearCriterion, raw: Answer) -> Fraction:
    if isinstance(raw, Fraction | int) and not isinstance(raw, bool):
        return Fraction(raw)
    text = str(raw).strip()
    try:
        # A sign is read so that the range, not the digits, is what is said to be wrong.
        number = fraction(text.removeprefix("-"))
    except (ValueError, ArithmeticError):
        raise InputError(
            f"Tiêu chí {one.code}: “{text[:40]}” không đọc được thành điểm. Ghi số như 8 hoặc 7,5.",
            field=one.code,
            code="not-a-number",
        ) from None
    if text.endswith("%"):
        raise InputError(
            f"Tiêu chí {one.code}: ghi số điểm, không ghi phần trăm.",
            field=one.code,
            code="not-a-number",
        )
    return -number if text.startswith("-") else number
