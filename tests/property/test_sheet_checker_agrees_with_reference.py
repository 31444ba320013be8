"""Every total a sheet can reach, against trying every answer one by one."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from vungmanh.rulebook.checking import check_sheet
from vungmanh.rulebook.values.bounds import Bound
from vungmanh.rulebook.values.sheets import Criterion, MeetingSheet, SheetGroup, SheetLevel
from vungmanh.rulebook.values.words import (
    AbsentCriterion,
    CriterionMeasure,
    CriterionWhen,
    SheetRescale,
)

CUTS = [Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(9, 10), Fraction(1)]


@st.composite
def criteria(draw: st.DrawFn, code: str) -> Criterion:
    points = Fraction(draw(st.integers(1, 6)))
    measure = draw(
        st.sampled_from(
            [CriterionMeasure.YES_NO, CriterionMeasure.JUDGED, CriterionMeasure.ATTENDANCE]
        )
    )
    levels: tuple[SheetLevel, ...] = ()
    if measure is CriterionMeasure.ATTENDANCE:
        cut = Bound(draw(st.sampled_from(CUTS)))
        low = Fraction(draw(st.integers(0, 2)), 2)
        above = draw(st.booleans())  # with "more than", the cut itself is a hole
        top = SheetLevel(points, more_than=cut if above else None, at_least=None if above else cut)
        levels = (top, SheetLevel(low, less_than=cut))
    return Criterion(
        code=code,
        text="x",
        points=points,
        measure=measure,
        levels=levels,
        applies=draw(st.sampled_from([CriterionWhen.ALWAYS, CriterionWhen.THEMATIC_MONTH])),
        otherwise=draw(st.sampled_from(list(AbsentCriterion))),
        forgiven=draw(st.integers(0, 1)),
    )


@st.composite
def sheets(draw: st.DrawFn) -> MeetingSheet:
    rows = tuple(draw(criteria(f"A{n}")) for n in range(draw(st.integers(1, 4))))
    total = sum((row.points or Fraction(0) for row in rows), Fraction(0))
    return MeetingSheet(
        total=total,
        rescale=draw(st.sampled_from([SheetRescale.NONE, SheetRescale.PROPORTIONAL])),
        groups=(SheetGroup("A", "A", total, rows),),
    )


def answers(row: Criterion, thematic: bool, members: int) -> list[Fraction]:
    """One after the other: each answer anybody could give, and its points."""
    points = row.points or Fraction(0)
    if row.applies is CriterionWhen.THEMATIC_MONTH and not thematic:
        return [points] if row.otherwise is AbsentCriterion.GRANTED else [Fraction(0)]
    if row.measure is CriterionMeasure.YES_NO:
        return [Fraction(0), points]
    if row.measure is CriterionMeasure.JUDGED:
        return [Fraction(n) for n in range(int(points) + 1)]
    found = []
    for away in range(members + 1):
        share = Fraction(members - max(away - row.forgiven, 0), members)
        top, bottom = row.levels
        cut = (top.more_than or top.at_least or Bound(Fraction(0))).plus
        if share > cut or (share == cut and top.at_least is not None):
            found.append(top.points)
        elif share < cut:
            found.append(bottom.points)
    return found


@settings(max_examples=150)
@given(sheets(), st.integers(3, 7))
def test_attainable_totals_are_those_found_by_trying_every_answer(
    sheet: MeetingSheet, members: int
) -> None:
    report = check_sheet(sheet, None, sizes=[members])
    assert report.ranges
    for found in report.ranges:
        tried = [answers(row, found.thematic, members) for row in sheet.criteria]
        counted = sum(
            (
                row.points or Fraction(0)
                for row in sheet.criteria
                if found.thematic
                or row.applies is CriterionWhen.ALWAYS
                or row.otherwise is AbsentCriterion.GRANTED
            ),
            Fraction(0),
        )
        spread = sheet.rescale is SheetRescale.PROPORTIONAL and counted
        factor = (sheet.total or Fraction(0)) / counted if spread else Fraction(1)
        every = {sum(one, Fraction(0)) * factor for one in product(*tried)}
        assert set(found.totals) == every
        assert (found.lowest, found.highest) == (min(every), max(every)) if every else True
