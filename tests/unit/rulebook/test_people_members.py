"""Admissions, transfers, exemptions, badges and screening, held to the rules of their days."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vungmanh.core.people_words import AdmissionStepKind as Step
from vungmanh.core.people_words import MembershipEnd, StallReason, TransferKind
from vungmanh.core.vocabulary import Evidence, MembershipStatus
from vungmanh.rulebook.loader import DATA, read_rulebook, shipped_rulebook
from vungmanh.rulebook.people.admission import (
    AdmissionCase,
    clocks_of,
    judge_admission,
    probation_of,
)
from vungmanh.rulebook.people.badges import BadgeFacts, next_badge
from vungmanh.rulebook.people.clocks import ClockState
from vungmanh.rulebook.people.days import (
    WorkingDays,
    age_on,
    months_after,
    vietnamese_working_days,
    whole_months,
)
from vungmanh.rulebook.people.exempt import ExemptionFacts, judge_exemption
from vungmanh.rulebook.people.findings import JudgedState, stopping
from vungmanh.rulebook.people.screening import ScreeningFacts, judge_screening
from vungmanh.rulebook.people.standing import MembershipSpan, judge_membership
from vungmanh.rulebook.people.transfers import TransferFacts, judge_transfer, transfer_clocks
from vungmanh.rulebook.values.members import DisciplineForm

BOOK = shipped_rulebook()
S, C = JudgedState, ClockState
DAYS = vietnamese_working_days()
D = dt.date
TODAY, MOVED_ON = D(2025, 12, 1), D(2025, 9, 3)
WAY = (
    (Step.DOSSIER, D(2025, 7, 1)),
    (Step.CELL_RESOLUTION, D(2025, 8, 1)),
    (Step.DECISION, D(2025, 9, 15)),
    (Step.RECEIVED, D(2025, 9, 25)),
    (Step.CEREMONY, D(2025, 10, 10)),
)
CASE = AdmissionCase(WAY, born_on=D(2000, 5, 5), schooling_met=True,
                     introducer_since=D(2024, 1, 1), introducer_official=True)  # fmt: skip


def judged(case, on=TODAY, book=BOOK):
    return {one.code: one for one in judge_admission(book.on, case, on=on)}


def clocks(case, on):
    return {one.step: one for one in clocks_of(BOOK.on, case, on=on, calendar=DAYS)}


def test_a_sound_admission_meets_every_condition():
    found = judged(CASE)
    assert {one.state for one in found.values()} == {S.MET}
    assert found["age"].citation.document.startswith("Quy định số 294-QĐ/TW")


@pytest.mark.parametrize(
    ("born", "state"),
    [
        (D(2007, 8, 2), S.REFUSED),  # eighteen a day after the cell considered it
        (D(2007, 8, 1), S.MET),
        (D(1965, 8, 1), S.MET),  # sixty on the day
        (D(1965, 7, 31), S.EXCEPTION_POSSIBLE),
        (None, S.UNKNOWN),
    ],
)
def test_age_is_that_of_the_day_the_cell_considers_it(born, state):
    found = judged(dataclasses.replace(CASE, born_on=born))["age"]
    assert found.state is state
    assert found.citation.rule_id == "QD294-2025-ket-nap"


def test_before_the_first_regulation_read_nothing_is_said_of_age():
    early = AdmissionCase(((Step.CELL_RESOLUTION, D(2018, 3, 1)),), born_on=D(2005, 1, 1))
    (found,) = judged(early).values()
    assert (found.state, found.citation) == (S.UNKNOWN, None)
    assert "Chưa có quy định" in found.text


@pytest.mark.parametrize("start", [D(2025, 10, 10), D(2026, 8, 3)])
def test_a_probation_of_thirteen_months_is_refused(start):
    steps = (*WAY[:-1], (Step.CEREMONY, start))
    end = months_after(start, 12)
    case = dataclasses.replace(CASE, steps=steps, official_from=months_after(start, 13))
    found = judged(case, on=D(2027, 12, 1))["probation_long"]
    assert found.state is S.REFUSED
    assert ("Hết dự bị", end) in found.figures
    right = dataclasses.replace(case, official_from=end)
    assert judged(right)["probation"].state is S.MET
    short = dataclasses.replace(case, official_from=months_after(start, 11))
    assert judged(short)["probation_short"].state is S.REFUSED


def test_a_probation_is_longer_only_where_a_rule_of_the_province_allows_it():
    longer = dataclasses.replace(CASE, extension_months=1, official_from=D(2026, 11, 10))
    found = judged(longer)
    assert found["extension"].state is found["probation_long"].state is S.REFUSED
    text = (DATA / "example/dang_vien/HN02-2025-keo-dai-du-bi.yaml").read_text(encoding="utf-8")
    assert "extension_months: 12" in text  # of another place, and in force nowhere
    national = (DATA / "national/dang_vien/QD294-2025-ket-nap.yaml").read_text(encoding="utf-8")
    own = national.replace("extension_months: null", "extension_months: 6")
    own = own.replace("id: QD294-2025-ket-nap", "id: rieng-ket-nap")
    own = own.replace("scope: national", "scope: province:tinh-mau")
    book = read_rulebook([DATA], texts=[("rieng-ket-nap.yaml", own)], home="tinh-mau")
    allowed = judged(longer, book=book)
    assert allowed["extension"].state is S.EXCEPTION_POSSIBLE
    assert allowed["probation"].state is S.MET
    assert stopping(allowed.values(), accepted={"extension"}) == ()
    assert probation_of(book.on, longer).ends_on == D(2026, 11, 10)
    assert judged(dataclasses.replace(longer, extension_months=7), book=book)[
        "extension"].state is S.REFUSED  # fmt: skip


def test_the_other_conditions_say_what_stands_in_the_way():
    def state(code, **change):
        return judged(dataclasses.replace(CASE, **change))[code].state

    assert state("introducer", introducer_since=D(2024, 8, 2)) is S.REFUSED
    assert state("introducer", introducer_official=False) is S.REFUSED
    assert state("introducer", introducer_since=None) is S.UNKNOWN
    assert state("schooling", schooling_met=False) is S.REFUSED
    assert state("schooling", schooling_met=False, special_area=True) is S.EXCEPTION_POSSIBLE
    assert state("dossier", steps=((Step.DOSSIER, D(2024, 7, 31)), WAY[1])) is S.REFUSED
    assert state("again", left_on=D(2022, 8, 2), times_admitted=1) is S.REFUSED
    assert state("again", left_on=D(2022, 8, 1), times_admitted=1) is S.MET
    assert state("again_once", left_on=D(2010, 1, 1), times_admitted=2) is S.REFUSED
    assert state("order", steps=(*WAY, (Step.DECISION, D(2025, 9, 30)))) is S.REFUSED
    early = (*WAY, (Step.CELL_OFFICIAL, D(2026, 10, 9)))
    assert state("probation_short", steps=early) is S.REFUSED


def test_each_step_has_its_term():
    found = clocks(CASE, D(2025, 12, 1))
    assert found[Step.CELL_RESOLUTION].state is C.DONE
    decision = found[Step.DECISION]
    # 45 working days from 1 August, with 1 and 2 September free, and 15 more.
    assert (decision.due_on, decision.latest_on) == (D(2025, 10, 7), D(2025, 10, 28))
    assert (decision.state, decision.citation.evidence) == (C.DONE, Evidence.READ)
    assert found[Step.CEREMONY].starts_on == D(2025, 9, 25)
    official = found[Step.CELL_OFFICIAL]
    assert (official.starts_on, official.state) == (D(2026, 10, 10), C.WAITING)
    assert official.citation.evidence is Evidence.MEM  # the regulation of 2026 was not read
    assert found[Step.OFFICIAL_DECISION].state is C.WAITING


def test_the_ceremony_counts_from_receipt_and_from_july_2026_from_the_decision():
    steps = ((Step.DECISION, D(2026, 7, 27)), (Step.RECEIVED, D(2026, 8, 10)))
    found = clocks(AdmissionCase(steps), D(2026, 8, 15))[Step.CEREMONY]
    assert (found.starts_on, found.due_on) == (D(2026, 7, 27), D(2026, 9, 10))
    before = ((Step.DECISION, D(2026, 7, 24)), (Step.RECEIVED, D(2026, 8, 10)))
    found = clocks(AdmissionCase(before), D(2026, 8, 15))[Step.CEREMONY]
    assert found.starts_on == D(2026, 8, 10)


def test_a_step_is_late_prolonged_overdue_or_stalled():
    start = WAY[:2]
    at = {on: clocks(AdmissionCase(start), on)[Step.DECISION] for on in
          (D(2025, 10, 7), D(2025, 10, 8), D(2025, 10, 29))}  # fmt: skip
    assert [one.state for one in at.values()] == [C.RUNNING, C.PROLONGED, C.OVERDUE]
    stalled = AdmissionCase(start, stalled=StallReason.VERIFYING)
    assert clocks(stalled, D(2025, 10, 30))[Step.DECISION].state is C.STALLED
    late = AdmissionCase((*start, (Step.DECISION, D(2025, 10, 31))))
    found = clocks(late, D(2025, 12, 1))[Step.DECISION]
    assert (found.state, found.late_days) == (C.LATE, 3)
    old = clocks(AdmissionCase(((Step.CELL_RESOLUTION, D(2020, 1, 1)),)), D(2020, 6, 1))
    assert old[Step.DECISION].state is C.UNKNOWN


def test_working_days_leap_over_tet():
    # Tết 2026: 16 to 20 February; the weekend before and after is free too.
    assert DAYS.after(D(2026, 2, 13), 1) == D(2026, 2, 23)
    assert DAYS.between(D(2026, 2, 13), D(2026, 2, 23)) == 1
    assert DAYS.after(D(2026, 2, 13), 0) == D(2026, 2, 13)


def test_a_year_without_holidays_gives_no_answer():
    known = WorkingDays(lambda year: frozenset() if year == 2025 else None)
    assert known.after(D(2025, 12, 25), 3) == D(2025, 12, 30)
    assert known.after(D(2025, 12, 25), 10) is None
    assert known.between(D(2025, 12, 25), D(2026, 1, 1)) is None
    case = AdmissionCase(((Step.CELL_RESOLUTION, D(2025, 12, 1)),))
    found = clocks_of(BOOK.on, case, on=D(2026, 1, 1), calendar=known)[1]
    assert (found.state, found.due_on) == (C.UNKNOWN, None)
    assert "ngày nghỉ" in found.why
    assert DAYS.is_working(D(2091, 1, 2)) is None


@given(st.dates(D(2015, 1, 1), D(2026, 12, 31)), st.integers(1, 90))
def test_a_term_ends_on_a_working_day_and_counts_back(start, count):
    end = DAYS.after(start, count)
    assert end is not None
    assert DAYS.is_working(end)
    assert DAYS.between(start, end) == count
    naive = [start + dt.timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(bool(DAYS.is_working(day)) for day in naive) == count


@given(st.dates(D(1940, 1, 1), D(2030, 12, 31)), st.integers(0, 600))
def test_whole_months_undo_the_months_added(day, months):
    later = months_after(day, months)
    assert whole_months(day, later) == months
    assert whole_months(day, later - dt.timedelta(days=1)) < months or months == 0


def test_who_was_born_on_29_february_is_older_on_1_march():
    assert age_on(D(2008, 2, 29), D(2026, 2, 28)) == 17
    assert age_on(D(2008, 2, 29), D(2026, 3, 1)) == 18


def moved(day=MOVED_ON, **change):
    facts = TransferFacts(TransferKind.OFFICIAL, day, receiving_open=True, under_inspection=False)
    return dataclasses.replace(facts, **change)


def test_a_transfer_into_a_dissolved_cell_is_refused_and_other_troubles_are_told():
    def found(**change):
        view = BOOK.on(D(2025, 9, 3))
        return {one.code: one.state for one in judge_transfer(view, moved(**change))}

    assert found() == {}
    assert found(receiving_open=False) == {"receiving_ended": S.REFUSED}
    assert found(unfinished_other=True) == {"unfinished_other": S.REFUSED}
    assert found(under_inspection=True) == {"inspection": S.REFUSED}
    stay = {"kind": TransferKind.TEMPORARY}
    for until, study, state in (
        (D(2025, 12, 2), False, S.REFUSED),
        (D(2025, 12, 3), False, S.OK),
        (D(2026, 9, 3), False, S.REFUSED),
        (D(2026, 9, 3), True, S.OK),
        (D(2027, 9, 4), True, S.REFUSED),
        (None, False, S.WARNING),
    ):
        assert found(**stay, until=until, is_study=study)["stay_length"] is state
    assert found(**stay, until=D(2026, 1, 1), together=3)["temporary_cell"] is S.OK
    assert "temporary_cell" not in found(**stay, until=D(2026, 1, 1), together=2)
    old = judge_transfer(BOOK.on(D(2016, 1, 1)), moved(D(2016, 1, 1), receiving_open=False))
    assert [one.state for one in old] == [S.REFUSED, S.UNKNOWN]


def test_an_official_transfer_has_sixty_working_days_and_a_local_rule_stays_local():
    view = BOOK.on(D(2025, 9, 3))
    card, arrive = transfer_clocks(view, moved(), on=D(2025, 12, 1), calendar=DAYS)
    assert (card.days, card.state, card.due_on) == (30, C.OVERDUE, D(2025, 10, 15))
    assert (arrive.days, arrive.state, arrive.due_on) == (60, C.OVERDUE, D(2025, 11, 26))
    stay = moved(kind=TransferKind.TEMPORARY)
    assert transfer_clocks(view, stay, on=D(2025, 12, 1), calendar=DAYS) == ()
    assert judge_transfer(view, moved(accepted_on=D(2026, 6, 1))) == ()


def test_two_homes_overlap_and_nobody_attends_after_death():
    view = BOOK.on(D(2025, 9, 3))
    home = MembershipSpan(MembershipStatus.OFFICIAL, D(2020, 1, 1), D(2025, 9, 1))
    after = MembershipSpan(MembershipStatus.OFFICIAL, D(2025, 9, 1))
    stay = MembershipSpan(MembershipStatus.TEMPORARY_IN, D(2025, 1, 1), D(2025, 6, 1))
    assert judge_membership(view, [after, stay, home]) == ()
    early = dataclasses.replace(after, first=D(2025, 8, 31))
    (found,) = judge_membership(view, [early, home])
    assert (found.code, found.state) == ("overlap", S.REFUSED)
    (dead,) = judge_membership(view, [home], ended_way=MembershipEnd.DIED, ended_on=D(2025, 3, 3),
                               attended_on=[D(2025, 3, 2), D(2025, 4, 5)])  # fmt: skip
    assert (dead.code, dead.state) == ("attended_after_end", S.REFUSED)
    moved_on = judge_membership(view, [home], ended_way=MembershipEnd.MOVED,
                                ended_on=D(2025, 3, 3), attended_on=[D(2025, 4, 5)])  # fmt: skip
    assert moved_on == ()


def test_an_exemption_has_an_end_and_is_asked_about_after_it():
    view = BOOK.on(D(2025, 9, 3))

    def found(until, on, by_age=False):
        facts = ExemptionFacts(D(2025, 1, 1), until, by_age)
        return [(one.code, one.state) for one in judge_exemption(view, facts, on=on)]

    assert found(None, D(2025, 2, 1)) == [("exempt_end", S.WARNING)]
    assert found(None, D(2025, 2, 1), by_age=True) == [("exempt_end", S.OK)]
    assert found(D(2025, 6, 30), D(2025, 5, 30)) == [("exempt_end", S.OK)]
    assert found(D(2025, 6, 30), D(2025, 6, 30)) == [("exempt_soon", S.OK)]
    assert found(D(2025, 6, 30), D(2025, 7, 1)) == [("exempt_past", S.WARNING)]
    assert found(D(2026, 1, 2), D(2025, 2, 1)) == [("exempt_length", S.WARNING)]


def test_a_badge_waits_for_its_day_its_batch_and_a_discipline():
    view = BOOK.on(D(2025, 9, 3))
    joined = BadgeFacts(D(1995, 9, 3))
    due = next_badge(view, joined, on=D(2025, 9, 3), calendar=DAYS)
    assert (due.years, due.reached_on, due.batch_on) == (30, D(2025, 9, 3), D(2025, 11, 7))
    assert (due.finding.state, due.dossier_by) == (S.MET, None)
    assert due.early_from == D(2024, 9, 3)
    punished = dataclasses.replace(joined, disciplines=((DisciplineForm.REMOVAL, D(2025, 6, 1)),))
    late = next_badge(view, punished, on=D(2025, 9, 3), calendar=DAYS)
    assert (late.waits_until, late.batch_on) == (D(2026, 6, 1), D(2026, 9, 2))
    assert late.finding.citation.evidence is Evidence.MEM
    following = next_badge(view, BadgeFacts(D(1995, 9, 3), (30,)), on=D(2025, 9, 3), calendar=DAYS)
    assert (following.years, following.reached_on) == (40, D(2035, 9, 3))
    assert next_badge(view, BadgeFacts(None), on=D(2025, 9, 3), calendar=DAYS).state is S.UNKNOWN
    old = next_badge(BOOK.on(D(2020, 1, 1)), joined, on=D(2020, 1, 1), calendar=DAYS)
    assert (old.state, old.citation) == (S.UNKNOWN, None)


def test_grounds_of_striking_off_are_information():
    facts = ScreeningFacts(months_absent=3, months_unpaid=2, said=frozenset())
    found = {one.code: one for one in judge_screening(BOOK.on(D(2025, 9, 3)), facts)}
    assert found["khong-sinh-hoat"].state is S.MET
    assert found["khong-dong-phi"].state is S.NOT_MET
    assert found["tra-the"].state is S.NOT_MET
    assert found["khong-tien-bo"].state is S.UNKNOWN
    assert not any(one.stops for one in found.values())
    assert all("không kết luận" in one.text for one in found.values() if one.figures)
