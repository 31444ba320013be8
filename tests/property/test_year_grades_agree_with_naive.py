"""The proposed grade against trying out every answer that is still open, and its laws."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from vungmanh.rulebook.checking import check_year_sheet
from vungmanh.rulebook.grading.points import points_of
from vungmanh.rulebook.grading.proposal import proposed_grade
from vungmanh.rulebook.values import OrganisationConditions, OrganisationYearSheet
from vungmanh.rulebook.values.conditions import GradeCondition, GradeDemand
from vungmanh.rulebook.values.grades import Grade, GradeScale
from vungmanh.rulebook.values.words import ConditionFor, SheetPart, SheetWay
from vungmanh.rulebook.values.year_sheets import YearCriterion, YearGroup

CUTS = {"g1": 90, "g2": 70, "g3": 50}
GRADES = ("g1", "g2", "g3", "g4")
SCALE = GradeScale(
    "T", 2030, None, tuple(Grade(code, code.upper(), n) for n, code in enumerate(GRADES, 1)), "t"
)
WEIGHTS = (40, 25, 20, 15)
SHEET = OrganisationYearSheet(
    "T",
    2030,
    None,
    SheetWay.POINTS,
    Fraction(100),
    tuple(
        YearGroup(
            f"{n}",
            f"Nhóm {n}",
            SheetPart.TASK_RESULT,
            None,
            (YearCriterion(f"{n}.1", f"Dòng {n}", Fraction(weight)),),
        )
        for n, weight in enumerate(WEIGHTS, 1)
    ),
)

counts = st.tuples(*(st.integers(0, 2) for _ in GRADES))
words = st.sampled_from([True, True, False, None])
parts_of_a_point = st.integers(0, 4)


def conditions_of(many):
    demands = []
    for grade, number in zip(GRADES, many, strict=True):
        rows = tuple(GradeCondition(f"c{n}", f"{grade} điều {n}") for n in range(number))
        if grade == "g4":
            demands.append(GradeDemand(grade, below_points=50, any_one=True, conditions=rows))
        else:
            demands.append(GradeDemand(grade, from_points=CUTS[grade], conditions=rows))
    return OrganisationConditions("T", 2030, None, tuple(demands))


def propose(conditions, said, answers, sheet=SHEET):
    return proposed_grade(
        conditions,
        scale=SCALE,
        sheet=sheet,
        points=points_of(sheet, answers),
        subject=ConditionFor.CELL,
        facts={},
        said=said,
    )


def naive(conditions, said, total):
    """The grade when every condition is answered: None when none fits."""
    for demand in reversed(conditions.demands):
        answers = [said[f"{demand.grade}.{one.code}"] for one in demand.conditions]
        if demand.any_one and (total < 50 or any(answers)):
            return demand.grade
    for demand in conditions.demands:
        if demand.any_one:
            continue
        answers = [said[f"{demand.grade}.{one.code}"] for one in demand.conditions]
        if total >= demand.from_points and all(answers):
            return demand.grade
    return None


def keys_of(conditions):
    return [
        f"{demand.grade}.{one.code}" for demand in conditions.demands for one in demand.conditions
    ]


@st.composite
def years(draw, *, blanks=False):
    conditions = conditions_of(draw(counts))
    said = {key: draw(words) for key in keys_of(conditions)}
    # Rows in quarters of their weight: totals fall on, just above and just below each cut.
    answers = {
        f"{n}.1": Fraction(weight * draw(parts_of_a_point), 4)
        for n, weight in enumerate(WEIGHTS, 1)
    }
    if blanks:
        for code in draw(st.sets(st.sampled_from(sorted(answers)), min_size=1)):
            answers[code] = None
    return conditions, said, answers


def outcomes(conditions, said, answers):
    open_keys = [key for key, word in said.items() if word is None]
    open_rows = [code for code, points in answers.items() if points is None]
    most = {one.code: one.points for one in SHEET.criteria}
    found = set()
    for rows in product(*((0, most[code] / 2, most[code]) for code in open_rows)):
        total = sum((answers | dict(zip(open_rows, rows, strict=True))).values())
        for tried in product((True, False), repeat=len(open_keys)):
            found.add(naive(conditions, said | dict(zip(open_keys, tried, strict=True)), total))
    return found


@settings(max_examples=150)
@given(years())
def test_grade_is_named_when_every_open_answer_leads_to_it_and_only_then(year):
    found, tried = propose(*year), outcomes(*year)
    assert set(found.possible) == tried - {None}
    expected = next(iter(tried)) if len(tried) == 1 else None
    assert found.grade == expected


@settings(max_examples=100)
@given(years(blanks=True))
def test_blank_never_makes_a_grade_and_rules_out_nothing_that_can_still_come(year):
    found = propose(*year)
    assert found.grade is None
    assert found.missing
    assert outcomes(*year) - {None} <= set(found.possible)


@settings(max_examples=100)
@given(years(), st.data())
def test_one_more_condition_met_never_lowers_the_grade(year, data):
    conditions, said, answers = year
    ordinary = [key for key in said if not key.startswith("g4")]
    if not ordinary:
        ordinary = ["g1.c9"]
    key = data.draw(st.sampled_from(ordinary))
    before = propose(conditions, said, answers).grade
    after = propose(conditions, said | {key: True}, answers).grade
    if before is not None:
        assert after is not None
        assert GRADES.index(after) <= GRADES.index(before)
    else:
        assert after is None or after in GRADES


@settings(max_examples=60)
@given(years(), st.permutations(range(4)), st.randoms(use_true_random=False))
def test_order_of_rows_and_conditions_changes_nothing(year, order, random):
    conditions, said, answers = year
    shuffled = replace(SHEET, groups=tuple(SHEET.groups[n] for n in order))
    demands = tuple(
        replace(one, conditions=tuple(random.sample(one.conditions, len(one.conditions))))
        for one in conditions.demands
    )
    there, here = (
        propose(conditions, said, answers),
        propose(replace(conditions, demands=demands), said, answers, shuffled),
    )
    assert (here.grade, here.possible, here.state) == (there.grade, there.possible, there.state)
    assert here.points.total == there.points.total


hundredths = st.integers(1, 6000)


@settings(max_examples=100)
@given(
    st.lists(st.lists(hundredths, min_size=1, max_size=3), min_size=1, max_size=4), st.booleans()
)
def test_sheet_adds_up_exactly_when_its_hundredths_do(rows, mended):
    if mended:  # the last row takes what is missing, so that sound sheets are tried as well
        rest = 10000 - sum(map(sum, rows)) + rows[-1][-1]
        rows[-1][-1] = max(rest, 1)
    groups = tuple(
        YearGroup(
            f"{g}",
            f"Nhóm {g}",
            SheetPart.TASK_RESULT,
            None,
            tuple(
                YearCriterion(f"{g}.{n}", f"Dòng {g}.{n}", Fraction(points, 100))
                for n, points in enumerate(group)
            ),
        )
        for g, group in enumerate(rows)
    )
    report = check_year_sheet(replace(SHEET, groups=groups))
    assert bool(report.by_code("sum")) == (sum(map(sum, rows)) != 10000)
    assert report.is_sound == (sum(map(sum, rows)) == 10000)
