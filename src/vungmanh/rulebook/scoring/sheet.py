"""`score_sheet`: every line, the total and what is still missing, the grade, vetoes apart."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from vungmanh.core.text import fold
from vungmanh.rulebook.checking.scores import ZERO
from vungmanh.rulebook.scoring.answers import Answers
from vungmanh.rulebook.scoring.lines import Line, PointSource, line_of, rows_of
from vungmanh.rulebook.scoring.measured import Measured
from vungmanh.rulebook.values.grades import Band, MeetingGrades
from vungmanh.rulebook.values.sheets import MeetingSheet, Veto
from vungmanh.rulebook.values.words import SheetRescale


@dataclass(frozen=True)
class VetoLine:
    """A veto and its answer; None: not answered, hence no grade is certain."""

    veto: Veto
    holds: bool | None


@dataclass(frozen=True)
class Scored:
    """A sheet applied to one meeting.

    `given`: points of the decided lines, out of `given_of`. `total`: after the sheet's conversion,
    None while a line is undecided. `least` and `most`: where the total will lie. `attainable`: what
    this meeting could reach at best.
    """

    lines: tuple[Line, ...]
    vetoes: tuple[VetoLine, ...]
    given: Fraction
    given_of: Fraction
    factor: Fraction
    total: Fraction | None
    least: Fraction
    most: Fraction
    attainable: Fraction | None  # None where the sheet sets no points
    grade_by_points: Band | None
    grade: Band | None

    @property
    def blanks(self) -> tuple[Line, ...]:
        """Lines that wait for the scorer."""
        return tuple(one for one in self.lines if one.source is PointSource.BLANK)

    @property
    def faults(self) -> tuple[Line, ...]:
        """Lines that the sheet itself leaves undecided."""
        return tuple(
            one for one in self.lines if one.source in {PointSource.HOLE, PointSource.OVERLAP}
        )

    @property
    def unanswered(self) -> tuple[VetoLine, ...]:
        return tuple(one for one in self.vetoes if one.holds is None)

    @property
    def is_given(self) -> bool:
        """Whether the scorer has done all that is theirs: no blank, every veto answered."""
        return not self.blanks and not self.unanswered

    @property
    def is_converted(self) -> bool:
        return self.factor != 1


def score_sheet(
    sheet: MeetingSheet, facts: Measured, answers: Answers, bands: MeetingGrades | None = None
) -> Scored:
    """Apply a sheet to the facts of a meeting and a scorer's answers.

    What the facts decide stands whatever was typed; who takes answers in asks `check_answers`.
    """
    lines = tuple(
        line_of(group, criterion, sheet, facts, answers) for group, criterion in rows_of(sheet)
    )
    factor = _factor(sheet, lines)
    decided = [one for one in lines if one.is_decided]
    given = sum((one.points or ZERO for one in decided), ZERO)
    is_whole = len(decided) == len(lines)
    total = given * factor if is_whole else None
    vetoes = tuple(VetoLine(one, answers.vetoes.get(one.code)) for one in sheet.vetoes)
    by_points = _band(total, sheet, bands)
    pointed = all(one.source is not PointSource.NO_POINTS for one in lines)
    return Scored(
        lines=lines,
        vetoes=vetoes,
        given=given,
        given_of=sum((one.most for one in decided), ZERO),
        factor=factor,
        total=total,
        least=sum((_least(one) for one in lines), ZERO) * factor,
        most=sum((_most(one) for one in lines), ZERO) * factor,
        attainable=sum((one.most for one in lines), ZERO) * factor if pointed else None,
        grade_by_points=by_points,
        grade=_grade(by_points, vetoes, bands),
    )


def _least(line: Line) -> Fraction:
    return (line.points or ZERO) if line.is_decided else line.least


def _most(line: Line) -> Fraction:
    return (line.points or ZERO) if line.is_decided else line.most


def _factor(sheet: MeetingSheet, lines: tuple[Line, ...]) -> Fraction:
    """By what the sum is multiplied where points that do not apply are spread over the rest."""
    if sheet.rescale is not SheetRescale.PROPORTIONAL or sheet.total is None:
        return Fraction(1)
    counted = sum(
        (one.criterion.points or ZERO for one in lines if one.source is not PointSource.ABSENT),
        ZERO,
    )
    return sheet.total / counted if counted else Fraction(1)


def _band(total: Fraction | None, sheet: MeetingSheet, bands: MeetingGrades | None) -> Band | None:
    """Grades are told of a hundred points; of another total nobody has said how."""
    if total is None or bands is None or sheet.total != 100 or total > 100:
        return None
    return next(band for band in bands.bands if total >= band.from_score)


def _grade(
    by_points: Band | None, vetoes: tuple[VetoLine, ...], bands: MeetingGrades | None
) -> Band | None:
    """The worst of what the points and the vetoes that hold say; None while one may change it."""
    if bands is None:
        return None
    holding = [_named(one.veto.grade, bands) for one in vetoes if one.holds]
    if any(band == bands.bands[-1] for band in holding):
        return bands.bands[-1]
    if by_points is None or None in holding or any(one.holds is None for one in vetoes):
        return None
    found = [by_points, *(band for band in holding if band is not None)]
    return max(found, key=bands.bands.index)


def _named(grade: str, bands: MeetingGrades) -> Band | None:
    """A veto names a grade by its code or its label."""
    wanted = fold(grade)
    return next(
        (band for band in bands.bands if wanted in {fold(band.code), fold(band.label)}), None
    )
