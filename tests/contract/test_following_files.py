"""The course of a file, its terms of leaving, holding and relapse."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from fractions import Fraction
from uuid import uuid4

import pytest

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU, december
from tests.pages.files.made import support_file
from tests.support_story import TODAY, Support
from vungmanh.analysis.rebound import FEWEST
from vungmanh.core.errors import InputError, NotNow
from vungmanh.core.periods import month_range
from vungmanh.core.programme_words import ChoiceWay, FileAct, FileState
from vungmanh.core.vocabulary import (
    CycleState,
    DossierAct,
    DossierState,
    DossierSubject,
    FiledVia,
    InspectionKind,
    InspectionState,
    Role,
    Status,
    UnitKind,
)
from vungmanh.evaluation.models import Cycle, Dossier, DossierEntry, YearGrade
from vungmanh.meetings.actions.obligations import generate_obligations
from vungmanh.meetings.actions.reports import withdraw_reports
from vungmanh.meetings.models import Inspection, Task, Visit
from vungmanh.rulebook.programmes.exit import Exit
from vungmanh.rulebook.values.programmes import ExitCheck
from vungmanh.strengthening import comparison
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.actions.choosing import (
    decide_selection,
    run_selection,
    submit_selection,
)
from vungmanh.strengthening.actions.diagnosis import (
    CauseText,
    approve_diagnosis,
    ask_diagnosis,
    write_cause,
)
from vungmanh.strengthening.actions.file_reviews import review_file
from vungmanh.strengthening.actions.leaving import (
    approve_exit,
    ask_exit,
    close_file,
    relapse_file,
    return_exit,
)
from vungmanh.strengthening.actions.measures import (
    MeasureText,
    approve_plan,
    ask_plan,
    write_measure,
)
from vungmanh.strengthening.choosing import Asked
from vungmanh.strengthening.comparison import compare, compare_many
from vungmanh.strengthening.following import course_of
from vungmanh.strengthening.leaving import exit_finding, independent_of
from vungmanh.strengthening.models import Assessment, FileEntry, Flag, SupportFile
from vungmanh.web.files.course import beside

pytestmark = pytest.mark.django_db
ENTERED, END = dt.date(2018, 12, 31), dt.date(2019, 12, 31)
WORDS = "Ba chi bộ chỉ họp bốn kỳ, bí thư bận việc thôn."


def acting(story: Support, held: int) -> SupportFile:
    """A file as if it had begun at the end of 2018; each cell then holds so many meetings."""
    file = story.file()
    said = CauseText("meetings_taken_lightly", WORDS)
    story.look_at(write_cause(file_id=file.pk, said=said, by=story.desk, at=AT))
    ask_diagnosis(file_id=file.pk, by=story.desk, at=AT)
    approve_diagnosis(file_id=file.pk, by=story.board, at=AT)
    plan = MeasureText(
        kind="restore_meetings", causes=["meetings_taken_lightly"], owner="Đảng ủy xã",
        starts_on=TODAY, due_on=TODAY, output="Họp đủ kỳ",
    )  # fmt: skip
    write_measure(file_id=file.pk, said=plan, by=story.desk, at=AT)
    ask_plan(file_id=file.pk, by=story.desk, at=AT)
    approve_plan(file_id=file.pk, by=story.board, at=AT)
    file.refresh_from_db()
    file.entered_on = ENTERED
    file.path = {**file.path, "from": "2019-01-01"}
    file.exit_terms = {**file.exit_terms, "months": 1}
    file.save()
    for cell in CELLS[QUAN_MAU]:
        story.cast.hold(cell, 2019, held=held)
    assess_months(months=[december(2019)], by=None, at=AT)
    return SupportFile.objects.get(pk=file.pk)


def graded(story: Support, grade: str = "tot") -> None:
    YearGrade.objects.create(
        unit_id=story.unit(QUAN_MAU),
        year=2019,
        regime="R2",
        grade=grade,
        decided_on=dt.date(2019, 12, 20),
    )


def test_the_course_stands_beside_what_the_diagnosis_lets_expect(story: Support) -> None:
    course = course_of(acting(story, 12), END)
    assert course.base == Fraction(100, 3)
    assert [one.month for one in course.months] == [dt.date(2019, n, 1) for n in range(1, 13)]
    last = course.months[-1]
    assert (last.held, last.due, last.actual) == (3, 3, 100)
    assert course.months[2].expected == Fraction(100, 3) + Fraction(200, 3) * Fraction(30, 100)
    assert not course.is_slow


def test_a_unit_that_stays_below_its_path_is_found(story: Support) -> None:
    file = acting(story, 5)
    course = course_of(file, END)
    assert course.is_slow
    assert [one.is_below for one in course.months[-2:]] == [True, True]
    assert not course_of(file, dt.date(2019, 3, 31)).is_slow  # it began well


def test_what_was_not_reported_is_never_called_slow(story: Support) -> None:
    file = acting(story, 12)
    year = month_range(dt.date(2019, 1, 1), december(2019))
    cells = [story.unit(cell) for cell in CELLS[QUAN_MAU]]
    withdraw_reports(keys=[(cell, month) for cell in cells for month in year], by=None, at=AT)
    months = course_of(file, END).months
    assert {one.actual for one in months[3:]} == {None}
    assert not course_of(file, END).is_slow


def test_a_slow_mover_is_reviewed_by_a_named_person(story: Support) -> None:
    file = acting(story, 5)
    with pytest.raises(InputError, match="người kiểm điểm"):
        review_file(file_id=file.pk, kind="slow", text=WORDS, by=story.desk, at=AT)
    found = review_file(
        file_id=file.pk, kind="slow", text=WORDS, reviewer=story.board.user, by=story.desk, at=AT
    )
    assert found.reviewer == story.board.user
    entry = found.entries.get(act=FileAct.REVIEW)
    assert entry.content["kind"] == "slow"
    with pytest.raises(InputError, match="loại kiểm điểm"):
        review_file(file_id=file.pk, kind="khac", text=WORDS, by=story.desk, at=AT)


def test_nobody_leaves_before_the_terms_of_entry_are_met(story: Support) -> None:
    file = acting(story, 12)
    found = exit_finding(file, END)
    states = {one.criterion.check: one.state for one in found.criteria}
    assert states[ExitCheck.HELD_PERCENT] is Exit.MET
    assert (found.state, found.missing) == (Exit.NOT_YET, 1)
    with pytest.raises(NotNow, match="không trực tiếp củng cố"):
        ask_exit(file_id=file.pk, by=story.desk, at=dt.datetime(2020, 1, 5, tzinfo=dt.UTC))


JANUARY = dt.datetime(2020, 1, 5, tzinfo=dt.UTC)


def left(story: Support) -> SupportFile:
    file = acting(story, 12)
    graded(story)
    ask_exit(file_id=file.pk, by=story.desk, at=JANUARY)
    return approve_exit(file_id=file.pk, by=story.board, at=JANUARY)


def test_a_grade_from_above_is_independent_but_not_the_lowest_one(story: Support) -> None:
    file = acting(story, 12)
    graded(story, "khong_hoan_thanh")
    assert independent_of(file, END) == []
    YearGrade.objects.update(grade="tot")
    assert [one.kind for one in independent_of(file, END)] == ["grade"]


def test_who_strengthened_is_no_evidence_and_the_grade_of_the_bad_year_neither(
    story: Support,
) -> None:
    file = acting(story, 12)
    cell = story.unit(CELLS[QUAN_MAU][0])
    overseer = story.who(Role.OVERSEER, CELLS[QUAN_MAU][0])
    other = story.who(Role.COMMITTEE_OFFICE, PROVINCE, "uy.ban.kiem.tra")
    inspection = Inspection.objects.create(
        unit_id=cell, kind=next(iter(InspectionKind)), body="Tổ kiểm tra số 2", document="01-QĐ",
        by_unit_id=story.unit(PROVINCE), on=dt.date(2019, 12, 1), by=other.user,
        first_month=dt.date(2019, 6, 1), last_month=dt.date(2019, 6, 1),
        state=InspectionState.RECORDED,
    )  # fmt: skip
    assert [one.kind for one in independent_of(file, END)] == ["inspection"]
    for own in ({"by": story.desk.user}, {"by": overseer.user}, {"body": "ĐẢNG ỦY XÃ"}):
        Inspection.objects.filter(pk=inspection.pk).update(**{"by": other.user, **own})
        assert independent_of(file, END) == [], own
    YearGrade.objects.create(
        unit_id=file.unit_id, year=2018, regime="R2", grade="tot", decided_on=dt.date(2019, 1, 20)
    )
    assert independent_of(file, END) == [], "the year of the choice was graded after entry"
    graded(story)
    assert [one.text for one in independent_of(file, END)] == ["2019"]
    cycle = Cycle.objects.create(
        unit_id=story.unit(PROVINCE), name=PROVINCE, year=2019, regime="R2", on=END, rules={},
        rulebook="x", state=CycleState.OPEN, opened_at=AT,
    )  # fmt: skip
    dossier = Dossier.objects.create(
        cycle=cycle, unit_id=file.unit_id, subject=DossierSubject.ORGANISATION, name=QUAN_MAU,
        group="xa", tier=UnitKind.DANG_BO_XA, state=DossierState.DECIDED, changed_at=AT,
    )  # fmt: skip
    for number, lender, kept in ((1, None, ["2019"]), (2, story.desk.user, [])):
        DossierEntry.objects.create(
            dossier=dossier, version=1, number=number, act=DossierAct.VERIFY, by=other.user, at=AT,
            on_behalf=lender, state=DossierState.VERIFIED,
        )  # fmt: skip
        assert [one.text for one in independent_of(file, END)] == kept, "also in another's place"


def test_a_unit_leaves_holds_and_is_done(story: Support) -> None:
    file = left(story)
    assert (file.state, file.hold_until) == (FileState.HOLDING, dt.date(2021, 1, 5))
    assert file.label_until == dt.date(2020, 1, 5)
    with pytest.raises(NotNow, match="giữ vững đến hết"):
        close_file(file_id=file.pk, by=story.desk, at=JANUARY)
    last = dt.datetime(2021, 1, 5, 8, tzinfo=dt.UTC)
    with pytest.raises(NotNow, match="giữ vững đến hết"):  # its last day still belongs to it
        close_file(file_id=file.pk, by=story.desk, at=last)
    # Silence is no hold: nothing was assessed, then too little was told, then it is weak again.
    with pytest.raises(NotNow, match="chưa có kỳ đánh giá") as refused:
        close_file(file_id=file.pk, by=story.desk, at=AT)
    assert refused.value.code == "not-assessed"
    for owes in (False, True):  # nothing owed, then nothing reported
        if owes:
            year = dt.date(2020, 1, 1), december(2020)
            generate_obligations(first=year[0], last=year[1], by=None, at=AT)
        assess_months(months=[december(2020)], by=None, at=AT)
        with pytest.raises(NotNow, match="báo cáo quá ít") as refused:
            close_file(file_id=file.pk, by=story.desk, at=AT)
        assert refused.value.code == "must-verify"
    Assessment.objects.filter(run__month=december(2020)).update(status=Status.WEAK)
    with pytest.raises(NotNow, match="tái yếu") as refused:
        close_file(file_id=file.pk, by=story.desk, at=AT)
    assert refused.value.code == "weak-again"
    for cell in CELLS[QUAN_MAU]:
        story.cast.hold(cell, 2020, held=12)
    assess_months(months=[december(2020)], by=None, at=AT)
    done = close_file(file_id=file.pk, by=story.desk, at=AT)
    assert (done.state, done.ended_on) == (FileState.CLOSED, TODAY)


def test_a_file_with_an_open_finding_is_not_closed(story: Support) -> None:
    file = left(story)
    overseer = story.who(Role.OVERSEER, CELLS[QUAN_MAU][0])
    visit = Visit.objects.create(
        unit_id=story.unit(CELLS[QUAN_MAU][0]), overseer=overseer.user, on=TODAY, attended=True,
        found="Thiếu sổ", via=FiledVia.WEB, changed_at=AT,
    )  # fmt: skip
    Task.objects.create(
        unit_id=visit.unit_id, visit=visit, title="Lập lại sổ biên bản", title_fold="lap lai so",
        owner="Bí thư", output="Sổ đủ các kỳ", due_on=TODAY, given_on=TODAY, changed_at=AT,
    )  # fmt: skip
    with pytest.raises(NotNow, match="Lập lại sổ biên bản") as refused:
        close_file(file_id=file.pk, by=story.desk, at=AT)
    assert refused.value.code == "open-findings"


def test_an_exit_may_be_sent_back(story: Support) -> None:
    file = acting(story, 12)
    graded(story)
    ask_exit(file_id=file.pk, by=story.desk, at=JANUARY)
    back = return_exit(file_id=file.pk, reason="Chờ hết quý một.", by=story.board, at=JANUARY)
    assert back.state == FileState.ACTING


def test_a_relapse_is_found_by_the_figures_and_makes_a_candidate_at_once(story: Support) -> None:
    file = left(story)
    SupportFile.objects.update(exited_on=dt.date(2019, 6, 1))
    assess_months(months=[december(2019)], by=None, at=AT)
    file.refresh_from_db()
    assert file.state == FileState.HOLDING
    for cell in CELLS[QUAN_MAU]:
        story.cast.hold(cell, 2019, held=4)
    assess_months(months=[december(2019)], by=None, at=AT)
    file.refresh_from_db()
    assert (file.state, file.ended_on) == (FileState.RELAPSED, TODAY)
    assert file.entries.filter(act=FileAct.RELAPSE).count() == 1
    Flag.objects.update(is_answered=True)
    made = run_selection(
        programme_id=story.programme.pk, unit_id=story.unit(PROVINCE), year=2027,
        month=december(2019), asked=Asked(3), by=story.desk, at=AT,
    )  # fmt: skip
    submit_selection(selection_id=made.pk, by=story.desk, at=AT)
    found = decide_selection(
        selection_id=made.pk, number="15-QĐ/TU", decided_on=TODAY, by=story.board, at=AT
    )
    assert [one.way for one in found.choices.all()] == [ChoiceWay.RELAPSE]


def test_a_relapse_is_of_a_month_of_the_hold_whichever_months_are_assessed_together(
    story: Support,
) -> None:
    file = left(story)
    both = [dt.date(2019, 6, 1), december(2019)]

    def told(exited_on: dt.date, hold_until: dt.date) -> tuple[str, list[str]]:
        SupportFile.objects.update(
            state=FileState.HOLDING, ended_on=None, exited_on=exited_on, hold_until=hold_until
        )
        file.refresh_from_db()
        assess_months(months=both, by=None, at=AT)
        before = file.revision
        file.refresh_from_db()
        rows = FileEntry.objects.filter(act=FileAct.RELAPSE, number__gt=before)
        return file.state, [one.content["month"] for one in rows]

    # June is weak (half a year of 2018 in it), December is not: June is looked at as well.
    assert told(dt.date(2019, 1, 15), dt.date(2020, 1, 15)) == ("relapsed", ["2019-06"])
    assert told(dt.date(2019, 6, 2), dt.date(2020, 6, 2)) == ("holding", [])
    assert told(dt.date(2019, 6, 1), dt.date(2020, 6, 1)) == ("relapsed", ["2019-06"])
    assert told(dt.date(2019, 1, 15), dt.date(2019, 6, 29)) == ("holding", [])


def test_a_person_may_write_a_relapse_with_a_reason(story: Support) -> None:
    file = left(story)
    found = relapse_file(file_id=file.pk, reason="Ba kỳ liền không họp.", by=story.desk, at=AT)
    assert found.state == FileState.RELAPSED
    assert story.unit(LANG_THU) != found.unit_id


def test_a_rise_is_never_shown_alone(
    story: Support, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    file = acting(story, 12)
    with django_assert_max_num_queries(8):
        found = compare(file, END)
    assert (found.months, found.is_whole) == (12, True)
    assert found.before == pytest.approx(100 / 3)
    assert found.after == 100
    # Láng Thử failed in 2018 as well, and nobody told of it in 2019.
    assert (found.like, found.expected) == (0, None)
    for cell in CELLS[LANG_THU]:
        story.cast.hold(cell, 2019, held=9)
    again = compare(file, END)
    assert (again.like, again.expected) == (1, None)  # one like unit teaches nothing
    assert (again.like_before, again.like_after) == (None, None)  # and its figures are its own
    said = str(beside(again))
    assert "Chưa đánh giá tác dụng" in said
    assert "Có 1 đơn vị cùng loại" in said
    assert not {"33,3", "75", "100"} & set(re.findall(r"[0-9]+(?:,[0-9]+)?", said))
    # Who was being helped in those years, since whenever, is not one that nobody helped.
    old = support_file(story.unit(LANG_THU), story.unit(PROVINCE), on=dt.date(2016, 6, 1))
    assert (compare(file, END).like, compare_many([file], END)[file.pk].like) == (0, 0)
    SupportFile.objects.filter(pk=old.pk).update(state="closed", ended_on=dt.date(2017, 6, 1))
    assert compare(file, END).like == 1  # that was over before them


def test_with_enough_like_units_three_figures_and_their_number_stand_together(
    story: Support, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = acting(story, 12)
    years = {uuid4(): (20.0 + place, 40.0 + place) for place in range(FEWEST)}
    monkeypatch.setattr(comparison, "_years", lambda *_: {file.unit_id: (20.0, 90.0), **years})
    found = compare(file, END)
    assert (found.is_told, found.like, found.like_before) == (True, FEWEST, 22)
    rows = beside(found)
    assert [value for _, value in rows[:2]] == [
        "năm trước 20\u00a0%, năm sau 90\u00a0%", "năm trước 22\u00a0%, năm sau 42\u00a0%",
    ]  # fmt: skip
    assert rows[-1] == ("Số đơn vị cùng loại không được chọn", "10")
    assert len(rows) == 4


def test_before_the_year_is_over_nothing_is_compared(story: Support) -> None:
    found = compare(acting(story, 12), dt.date(2019, 6, 30))
    assert (found.months, found.is_whole) == (6, False)
