"""Before an appointment is recorded, and conditions for a post: cited, dated, never a ranking."""

from __future__ import annotations

import dataclasses
import datetime as dt
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vungmanh.core.people_words import AppointmentWay
from vungmanh.core.vocabulary import Evidence, Post, UnitKind
from vungmanh.rulebook.loader import shipped_rulebook
from vungmanh.rulebook.people.clocks import ClockState
from vungmanh.rulebook.people.days import vietnamese_working_days
from vungmanh.rulebook.people.eligibility import EligibilityFacts, judge_eligibility
from vungmanh.rulebook.people.findings import JudgedState, stopping
from vungmanh.rulebook.people.staffing import StaffingFacts, judge_staffing
from vungmanh.rulebook.people.terms import TermFacts, congress_clocks, judge_term, term_end
from vungmanh.rulebook.people.training import HolderFacts, due_courses, judge_days
from vungmanh.rulebook.values.doubts import Doubt
from vungmanh.rulebook.values.papers import CongressTerms
from vungmanh.rulebook.values.posts import ConcurrentPosts, PostsOfKind, PostTerm

BOOK = shipped_rulebook()
DAY = dt.date(2025, 12, 1)  # under Quy định 294
VIEW = BOOK.on(DAY)
S = JudgedState
SEAT = StaffingFacts(UnitKind.CHI_BO, Post.COMMITTEE_MEMBER, AppointmentWay.ELECTED, DAY,
                     official_members=9, held_by_other=False)  # fmt: skip
MOVE = StaffingFacts(UnitKind.DANG_BO_CO_SO, Post.SECRETARY, AppointmentWay.APPOINTED, DAY,
                     elected=9, moved_elected=3)  # fmt: skip


def states(view, facts):
    return {one.code: one.state for one in judge_staffing(view, facts)}


@pytest.mark.parametrize(("official", "state"), [(8, S.REFUSED), (9, S.OK), (None, S.UNKNOWN)])
def test_a_cell_elects_a_committee_from_nine_official_members(official, state):
    facts = dataclasses.replace(SEAT, official_members=official)
    (found,) = [one for one in judge_staffing(VIEW, facts) if one.code == "cell_committee"]
    assert found.state is state
    assert found.citation.rule_id == "QD294-2025-chuc-danh"
    assert found.citation.evidence is Evidence.READ


def test_a_cell_committee_has_seven_members_at_most():
    assert "committee_size" not in states(VIEW, dataclasses.replace(SEAT, committee_size=7))
    found = states(VIEW, dataclasses.replace(SEAT, committee_size=8))
    assert found["committee_size"] is S.REFUSED


def test_a_third_moves_freely_and_one_more_asks_for_consent():
    assert states(VIEW, MOVE)["moved"] is S.OK
    one_more = dataclasses.replace(MOVE, moved_elected=4)
    findings = judge_staffing(VIEW, one_more)
    (moved,) = [one for one in findings if one.code == "moved"]
    assert moved.state is S.EXCEPTION_POSSIBLE
    assert "đồng ý" in moved.text
    assert [one.code for one in stopping(findings)] == ["moved"]
    assert stopping(findings, accepted={"moved"}) == ()
    assert states(VIEW, dataclasses.replace(one_more, after_reform=True))["moved"] is S.OK
    assert states(VIEW, dataclasses.replace(MOVE, moved_elected=None))["moved"] is S.UNKNOWN


@pytest.mark.parametrize(
    ("kind", "size", "state"),
    [
        (UnitKind.DANG_BO_CO_SO, 18, S.OK),  # 3 of 15 are 20 %
        (UnitKind.DANG_BO_CO_SO, 19, S.REFUSED),
        (UnitKind.DANG_BO_XA, 16, S.OK),  # 1 of 15 is under 10 %
        (UnitKind.DANG_BO_XA, 17, S.WARNING),  # that a commune is above the base is our reading
        (UnitKind.DANG_BO_XA, 19, S.REFUSED),  # over the limit of any level
        (UnitKind.CHI_BO, 16, S.UNKNOWN),
    ],
)
def test_extra_seats_by_level(kind, size, state):
    facts = StaffingFacts(kind, Post.COMMITTEE_MEMBER, AppointmentWay.APPOINTED, DAY, 30,
                          committee_size=size, congress_seats=15)  # fmt: skip
    assert states(VIEW, facts)["extra_seats"] is state


@given(st.integers(1, 60), st.integers(0, 60), st.sampled_from(list(UnitKind)))
def test_extra_seats_are_never_more_than_the_percent_and_less_is_never_worse(seats, extra, kind):
    def state(more):
        facts = StaffingFacts(kind, Post.SECRETARY, AppointmentWay.ELECTED, DAY,
                              congress_seats=seats, committee_size=seats + more)  # fmt: skip
        return states(VIEW, facts).get("extra_seats")

    found = state(extra)
    if found is S.OK:
        assert Fraction(extra, seats) <= Fraction(20, 100)
        assert state(extra - 1) in {S.OK, None}
    if found is S.REFUSED:
        assert Fraction(extra, seats) > Fraction(20, 100)
        assert state(extra + 1) is S.REFUSED


def test_a_post_that_is_held_is_refused_whatever_the_day():
    facts = StaffingFacts(UnitKind.CHI_BO, Post.SECRETARY, AppointmentWay.ACTING,
                          DAY, held_by_other=True)  # fmt: skip
    for day in (DAY, dt.date(2016, 1, 1), dt.date(2026, 10, 1), dt.date(2012, 1, 1)):
        assert states(BOOK.on(day), facts)["post_taken"] is S.REFUSED
    taken = judge_staffing(VIEW, facts)[0]
    assert (taken.code, taken.citation) == ("post_taken", None)  # cites no text that says it not


def test_before_the_regulation_nothing_is_invented():
    found = judge_staffing(BOOK.on(dt.date(2019, 5, 1)), SEAT)
    assert {one.state for one in found} == {S.UNKNOWN}
    assert all("Chưa có quy định" in one.text for one in found)


def test_what_rests_on_belief_warns_and_does_not_refuse():
    late = judge_staffing(
        BOOK.on(dt.date(2026, 9, 1)), dataclasses.replace(SEAT, official_members=8)
    )
    (found,) = [one for one in late if one.code == "cell_committee"]
    assert (found.state, found.citation.caution) == (S.WARNING, "cần kiểm tra")
    many = states(VIEW, dataclasses.replace(SEAT, posts_held=4, as_secretary=3))
    assert many["concurrent"] is many["concurrent_secretary"] is S.WARNING


def test_a_vacancy_is_filled_on_proposal_or_after_three_ballots():
    post = StaffingFacts(UnitKind.CHI_BO, Post.SECRETARY, AppointmentWay.APPOINTED, DAY)
    assert states(VIEW, post)["filling"] is S.UNKNOWN
    for proposed, state in ((True, S.OK), (False, S.WARNING)):
        facts = dataclasses.replace(post, proposed_by_unit=proposed)
        assert states(VIEW, facts)["filling"] is state
    (found,) = [
        one
        for one in judge_staffing(VIEW, dataclasses.replace(post, ballots=3))
        if one.code == "filling"
    ]
    assert (found.state, found.figures[0][1]) == (S.OK, 3)
    retired = dataclasses.replace(post, retires_on=DAY)
    assert states(VIEW, retired)["retirement"] is S.WARNING


def test_terms_are_of_the_kind_and_the_day():
    def ends(kind, day):
        return term_end(BOOK.on(day), kind, day).figures[-1][1]

    assert ends(UnitKind.CHI_BO, dt.date(2020, 1, 1)) == dt.date(2022, 7, 1)
    assert ends(UnitKind.CHI_BO_CO_SO, dt.date(2020, 1, 1)) == dt.date(2025, 1, 1)
    assert ends(UnitKind.CHI_BO, dt.date(2025, 8, 31)) == dt.date(2030, 8, 31)
    assert term_end(BOOK.on(DAY), UnitKind.DANG_BO_HUYEN, DAY).state is S.UNKNOWN


CONGRESS = TermFacts(UnitKind.CHI_BO, DAY, official_members=9)


@pytest.mark.parametrize(
    ("more", "code", "state"),
    [
        ({}, "term_end", S.OK),
        ({"due_on": dt.date(2030, 12, 1)}, "term_end", S.OK),
        # Read: a cell's term is five years.
        ({"due_on": dt.date(2028, 6, 1)}, "term_length", S.REFUSED),
        ({"due_on": dt.date(2028, 6, 1), "is_appointed": True}, "term_length",
         S.EXCEPTION_POSSIBLE),
        # Of committees it rests on general knowledge: still nobody writes another day unnamed.
        ({"due_on": dt.date(2028, 6, 1), "kind": UnitKind.DANG_BO_XA}, "term_length",
         S.EXCEPTION_POSSIBLE),
        ({"began_on": dt.date(2020, 1, 1), "due_on": dt.date(2025, 1, 1)}, "term_length",
         S.EXCEPTION_POSSIBLE),
        ({"seats": 8}, "committee_size", S.REFUSED),
        ({"seats": 2}, "committee_size", S.WARNING),
        ({"seats": 3, "official_members": 8}, "committee_size", S.REFUSED),
        ({"seats": 2, "official_members": None}, "committee_size", S.UNKNOWN),
        ({"before": (dt.date(2023, 1, 1), dt.date(2025, 7, 1))}, "term_before", S.WARNING),
        ({"before": (dt.date(2025, 8, 1), dt.date(2030, 8, 1))}, "term_before", S.WARNING),
    ],
)  # fmt: skip
def test_a_congress_is_held_to_length_seats_and_the_term_before(more, code, state):
    found = {
        one.code: one for one in judge_term(BOOK.on, dataclasses.replace(CONGRESS, **more))
    }  # fmt: skip
    assert found[code].state is state
    assert found[code].citation.citation


def test_what_fits_a_congress_is_not_told():
    for more in ({"seats": 7}, {"seats": 2, "official_members": 8},
                 {"seats": 99, "kind": UnitKind.DANG_BO_XA}):  # fmt: skip
        (found,) = judge_term(BOOK.on, dataclasses.replace(CONGRESS, **more))
        assert found.code == "term_end"
    on_time = (dt.date(2020, 12, 1), DAY)
    for more in ({"before": on_time}, {"before": (DAY, dt.date(2030, 1, 1)), "is_appointed": True}):
        assert len(judge_term(BOOK.on, dataclasses.replace(CONGRESS, **more))) == 1


def test_named_terms_are_as_long_as_the_terms_of_cells():
    """Two rules tell of terms: the length here, the names there. They must not disagree."""
    terms = BOOK.on(DAY).of(CongressTerms).cells
    for one, following in pairwise(terms):
        between = following.begins - one.begins
        months = BOOK.on(one.begins).of(PostTerm).months(UnitKind.CHI_BO)
        assert abs(between.days - months * 30.44) < 5


def test_after_a_congress_seven_days_to_report_and_fifteen_to_approve():
    report, approval = congress_clocks(
        VIEW,
        held_on=dt.date(2025, 8, 1),
        reported_on=dt.date(2025, 8, 12),
        approved_on=None,
        on=dt.date(2025, 9, 4),
        calendar=vietnamese_working_days(),
    )
    assert (report.due_on, report.state) == (dt.date(2025, 8, 12), ClockState.DONE)
    # 1 and 2 September are holidays.
    assert (approval.due_on, approval.state) == (dt.date(2025, 9, 4), ClockState.RUNNING)


def test_eligibility_tells_each_condition_and_no_sum():
    facts = EligibilityFacts(
        UnitKind.DANG_BO_XA, Post.SECRETARY, AppointmentWay.ROTATED_DOWN, DAY,
        months_in_post=35, years_left=10, is_planned=None, is_head=True, is_local=False,
        terms_here=2, adds_post=False, posts_held=1, as_secretary=1,
        courses_done=(("cap-nhat-hang-nam", dt.date(2025, 6, 1)),),
    )  # fmt: skip
    found = {one.code: one for one in judge_eligibility(VIEW, facts)}
    assert {code: one.state for code, one in found.items()} == {
        "post_exists": S.MET,
        "direction": S.MET,
        "term_served": S.NOT_MET,
        "years_left": S.MET,
        "planned": S.UNKNOWN,
        "adds_no_post": S.MET,
        "not_local": S.MET,
        "terms_here": S.NOT_MET,
        "concurrent": S.MET,
        "concurrent_secretary": S.MET,
        "cong-tac-cap-uy": S.NOT_MET,
        "cap-nhat-hang-nam": S.MET,
    }
    assert found["term_served"].citation.evidence is Evidence.MEM
    assert found["not_local"].citation.evidence is Evidence.SEC
    assert all(one.citation.rule_id for one in found.values())
    assert found["not_local"].text == "Không phải là người địa phương."
    assert found["adds_no_post"].text == "Không phải thêm chức danh để nhận người."
    local = dataclasses.replace(facts, is_local=True, adds_post=True, is_planned=False)
    told = {one.code: one.text for one in judge_eligibility(VIEW, local)
            if one.state is S.NOT_MET}  # fmt: skip
    assert told["not_local"] == "Là người địa phương."
    assert told["adds_no_post"] == "Phải thêm chức danh để nhận người."
    assert told["planned"] == "Không phải là cán bộ trong quy hoạch."


def test_eligibility_without_a_rule_or_a_fact_is_unknown():
    bare = EligibilityFacts(
        UnitKind.DANG_BO_XA, Post.SECRETARY, AppointmentWay.ROTATED_UP, dt.date(2016, 1, 1)
    )
    found = {one.code: one.state for one in judge_eligibility(BOOK.on(bare.starts_on), bare)}
    assert found["rotation"] is S.UNKNOWN
    before = judge_eligibility(BOOK.on(dt.date(2018, 1, 1)), bare)
    codes = {one.code: one for one in before}
    assert codes["term_served"].state is S.UNKNOWN  # the rule is known, the person's months not
    assert "planned" not in codes  # 98-QĐ/TW was not read so far


def test_courses_are_due_by_post_and_run_out():
    holder = HolderFacts(Post.SECRETARY, UnitKind.CHI_BO, dt.date(2024, 1, 15),
                         (("nghiep-vu-bi-thu", dt.date(2019, 2, 28)),))  # fmt: skip
    found = {one.code: one for one in due_courses(VIEW, holder, on=dt.date(2025, 1, 16))}
    skill, yearly = found["nghiep-vu-bi-thu"], found["cap-nhat-hang-nam"]
    assert (skill.state, skill.valid_until) == (S.NOT_MET, dt.date(2024, 2, 28))
    assert (skill.due_on, skill.overdue) == (dt.date(2025, 1, 15), True)
    assert (yearly.state, yearly.overdue) == (S.NOT_MET, True)
    days = judge_days(VIEW, Post.SECRETARY, 2)
    assert (days.state, judge_days(VIEW, Post.SECRETARY, None).state) == (S.NOT_MET, S.UNKNOWN)
    assert days.citation.caution == "mẫu, tỉnh chưa ban hành"


def test_values_refuse_what_contradicts_itself():
    posts = VIEW.of(PostsOfKind)
    with pytest.raises(ValueError, match="committee_least"):
        dataclasses.replace(posts, committee_least=8)
    with pytest.raises(ValueError, match="mục không có"):
        dataclasses.replace(posts, doubts=(Doubt(("seats",), Evidence.MEM, "Chưa đọc."),))
    with pytest.raises(ValueError, match="most_as_secretary"):
        ConcurrentPosts(1, 2)
