"""A scored sheet against a slow and obvious twin, and the laws every score obeys."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from vungmanh.rulebook.checking import check_sheet
from vungmanh.rulebook.loader import shipped_rulebook
from vungmanh.rulebook.scoring import Answers, Measured, read_answers, score_sheet
from vungmanh.rulebook.values import MeetingSheet

SHEETS = [
    rule.value
    for rule in shipped_rulebook().rules
    if isinstance(rule.value, MeetingSheet) and rule.value.key != "meeting_sheet.frame"
]
POINTED = [sheet for sheet in SHEETS if sheet.total is not None]
TEMPLATE = next(sheet for sheet in POINTED if sheet.criteria and sheet.criteria[0].code == "1.1"
                and sheet.required)  # fmt: skip


@st.composite
def meetings(draw: st.DrawFn) -> Measured:
    members = draw(st.integers(3, 30))
    present = draw(st.integers(1, members))
    excused = draw(st.integers(0, members - present))
    due = draw(st.integers(0, 6))
    done = draw(st.integers(0, due))
    every = Measured(
        members=members,
        thematic=draw(st.booleans()),
        committee=draw(st.booleans()),
        minutes=draw(st.integers(20, 150)),
        present=present,
        excused=excused,
        unexcused=members - present - excused,
        speakers=draw(st.integers(0, present)),
        tasks_due=due,
        tasks_done=done,
        tasks_on_time=draw(st.integers(0, done)),
    )
    lost = draw(st.sets(st.sampled_from(["minutes", "excused", "speakers", "tasks_due",
                                         "unexcused", "committee", "thematic"])))  # fmt: skip
    return Measured(**every.as_json() | dict.fromkeys(lost))


@st.composite
def filled(draw: st.DrawFn, *, whole: bool) -> tuple[MeetingSheet, Measured, Answers]:
    sheet, facts = draw(st.sampled_from(POINTED)), draw(meetings())
    points = {}
    for line in score_sheet(sheet, facts, Answers()).blanks:
        if whole or draw(st.booleans()):
            whole_points = [Fraction(n) for n in range(int(line.most) + 1)]
            points[line.code] = draw(st.sampled_from(line.choices or whole_points))
    return sheet, facts, Answers(points)


def naive_template(facts: Measured, answers: Answers) -> Fraction | None:
    """The regular template, written out by hand, one `if` after the other."""
    said = dict(answers.points)
    assert facts.members is not None
    assert facts.present is not None
    if facts.minutes is not None:
        lengths = {None: [90, 120], False: [90], True: [120]}[facts.thematic]
        found = {
            5 if asked <= facts.minutes else 4 if asked - facts.minutes <= 15
            else 2 if 2 * facts.minutes >= asked else 0
            for asked in lengths
        }  # fmt: skip
        if len(found) == 1:
            said["1.1"] = Fraction(found.pop())
    away = facts.members - facts.present
    lawful = facts.excused
    if lawful is None and facts.unexcused is not None:
        lawful = away - facts.unexcused
    forgiven = [min(1, lawful)] if lawful is not None else [0, min(1, away)]
    reached = [Fraction(100 * (facts.present + one), facts.members) for one in forgiven]
    given_ = {5 if one >= 90 else 3 if one >= 75 else 1 if one >= 50 else 0 for one in reached}
    if len(given_) == 1:
        said["2.1"] = Fraction(given_.pop())
    if facts.committee is False:
        said["3.2"] = Fraction(2)
    if facts.speakers is not None:
        spoke = Fraction(100 * facts.speakers, facts.present)
        said["4.3"] = Fraction(10 if spoke >= 50 else 6 if spoke >= 30 else 3 if spoke >= 10 else 0)
    if facts.tasks_due and facts.tasks_on_time is not None:
        done = Fraction(100 * facts.tasks_on_time, facts.tasks_due)
        said["6.1"] = Fraction(30 if done >= 90 else 22 if done >= 70 else 14 if done >= 50 else 0)
    wanted = ["1.1", "2.1", "3.1", "3.2", "3.3", "4.1", "4.2", "4.3", "4.4", "5.1", "6.1", "7.1",
              "7.2"]  # fmt: skip
    if any(code not in said for code in wanted):
        return None
    return sum((said[code] for code in wanted), Fraction(0))


@settings(max_examples=300)
@given(meetings(), st.data())
def test_the_template_is_scored_as_by_hand(facts: Measured, data: st.DataObject) -> None:
    open_ = score_sheet(TEMPLATE, facts, Answers())
    points = {
        one.code: data.draw(st.sampled_from(one.choices or [Fraction(n) for n in range(3)]))
        for one in open_.blanks
        if data.draw(st.integers(0, 9))
    }
    answers = Answers(points)
    found = score_sheet(TEMPLATE, facts, answers)
    by_hand = naive_template(facts, answers)
    assert found.total == by_hand


@settings(max_examples=150)
@given(filled(whole=False), st.randoms())
def test_order_does_not_matter_and_a_score_stays_in_its_bounds(one, random) -> None:
    sheet, facts, answers = one
    found = score_sheet(sheet, facts, answers)
    shuffled = list(answers.as_json().items())
    random.shuffle(shuffled)
    assert score_sheet(sheet, facts, read_answers(sheet, dict(shuffled))) == found
    assert 0 <= found.least <= found.most
    assert (found.total is None) == bool(found.blanks or found.faults)
    assert all(0 <= line.points <= line.most for line in found.lines if line.points is not None)
    if found.attainable is not None:
        assert found.most <= found.attainable
    if found.total is not None:
        assert found.least == found.total == found.most


@settings(max_examples=150)
@given(filled(whole=False))
def test_a_blank_is_never_taken_for_zero(one) -> None:
    sheet, facts, answers = one
    found = score_sheet(sheet, facts, answers)
    zeros = {line.code: Fraction(0) for line in found.blanks}
    with_zeros = score_sheet(sheet, facts, Answers({**answers.points, **zeros}))
    assert found.given == with_zeros.given
    assert found.given_of <= with_zeros.given_of
    assert (found.total is None) or not zeros
    assert with_zeros.is_given


@settings(max_examples=100)
@given(filled(whole=True))
def test_a_whole_score_is_one_the_checker_says_can_be_reached(one) -> None:
    sheet, facts, answers = one
    found = score_sheet(sheet, facts, answers)
    known = facts.thematic is not None and facts.committee is not None
    if found.total is None or not known or any(not group.criteria for group in sheet.groups):
        return
    ranges = check_sheet(sheet, None, sizes=[facts.members or 0]).ranges
    months = {one.thematic for one in ranges}
    committees = {one.committee for one in ranges}
    of_this = [
        one
        for one in ranges
        if (len(months) == 1 or one.thematic == facts.thematic)
        and (len(committees) == 1 or one.committee == facts.committee)
    ]
    assert any(found.total in one.totals for one in of_this)
