"""What the records say of a unit's year: counted, with its source, as it was known then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU, SCHOOL, Cast, december, make_cast
from tests.contract.tasks_story import given_task, meet
from tests.contract.test_inspections import seen, wish
from tests.contract.test_reform_engine import Desk
from vungmanh.access.viewer import viewer_for
from vungmanh.core.vocabulary import FiledVia, FlagFate, ReportState, Role, Verdict
from vungmanh.evaluation.models import YearGrade
from vungmanh.meetings.actions.inspections import record_inspection
from vungmanh.meetings.actions.reports import record_reports
from vungmanh.meetings.models import MeetingReport, Task, TaskStep
from vungmanh.org.models import Appointment
from vungmanh.org.reform.steps import Merge
from vungmanh.rulebook.grading.facts import Fact, FactName
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.models import Flag
from vungmanh.strengthening.year_addresses import address_of
from vungmanh.strengthening.year_evidence import digest_of, freeze, thaw, year_facts

pytestmark = pytest.mark.django_db
CELL, SECOND, THIRD = CELLS[QUAN_MAU]
YEAR = 2019
F = FactName


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def now() -> dt.datetime:
    return timezone.now() + dt.timedelta(minutes=1)


def facts(cast: Cast, name: str, year: int = YEAR, at: dt.datetime | None = None) -> dict:
    return year_facts([cast[name]], year, at=at or now())[cast[name]]


def counts(found: dict[FactName, Fact], *names: FactName) -> list[tuple]:
    return [(found[name].value, found[name].of) for name in names]


def test_a_commune_counts_the_meetings_of_its_cells(cast: Cast) -> None:
    cast.hold(CELL, YEAR, held=10, not_held=1)
    cast.hold(SECOND, YEAR, held=12)
    found = facts(cast, QUAN_MAU)
    assert counts(found, F.MEETINGS_DUE, F.MEETINGS_HELD, F.MEETINGS_UNREPORTED) == [
        (36, None), (22, 36), (13, 36),
    ]  # fmt: skip
    opened = [address_of(one) for one in found[F.MEETINGS_HELD].records]
    assert {one.ids["unit_id"] for one in opened if one.page == "unit_ledger"} == {
        str(cast[name]) for name in CELLS[QUAN_MAU]
    }
    assert {one.period for one in opened if one.page == "unit_ledger"} == {december(YEAR)}
    assert any(one.page == "rule" for one in opened)


def test_what_nobody_recorded_is_not_known_and_never_zero(cast: Cast) -> None:
    found = facts(cast, CELL)
    unknown = {name for name in FactName if not found[name].known}
    assert set(found) == set(FactName)
    assert unknown >= {
        F.ATTENDANCE, F.TASKS_DUE, F.TASKS_ON_TIME, F.OPEN_FLAGS, F.INSPECTIONS_REFUTED,
        F.SUBORDINATES_RATED, F.MEMBERS_GOOD, F.GOVERNMENT_GRADE, F.THEMATIC_HELD,
    }  # fmt: skip
    assert all(found[name].source for name in FactName)
    assert counts(found, F.MEETINGS_HELD) == [(0, 12)]  # due and silent is known


def test_months_still_to_come_are_not_missing(cast: Cast) -> None:
    cast.hold(CELL, YEAR, held=3, not_held=0)
    MeetingReport.objects.update(recorded_at=dt.datetime(2019, 4, 1, tzinfo=dt.UTC))
    found = facts(cast, CELL, at=dt.datetime(2019, 4, 2, 5, tzinfo=dt.UTC))
    assert counts(found, F.MEETINGS_HELD, F.MEETINGS_UNREPORTED) == [(3, 3), (0, 3)]
    assert not facts(cast, CELL, at=dt.datetime(2018, 4, 2, 5, tzinfo=dt.UTC))[F.MEETINGS_DUE].known


def test_attendance_is_present_of_those_owing(cast: Cast) -> None:
    rows = [
        {"unit": cast[CELL], "month": dt.date(YEAR, month, 1), "state": ReportState.HELD,
         "members": 10, "exempt": exempt, "present": 8, "note": ""}
        for month, exempt in ((1, 0), (2, 2))
    ]  # fmt: skip
    record_reports(reports=rows, source=None, by=None, at=AT)
    fact = facts(cast, QUAN_MAU)[F.ATTENDANCE]
    assert (fact.value, fact.of, fact.share) == (16, 18, Fraction(8, 9))


def test_tasks_are_done_on_time_late_or_carried(cast: Cast) -> None:
    on_time, late, _ = (
        given_task(cast, due=dt.date(YEAR, 8, day), given=dt.date(YEAR, 8, 1), title=f"Việc {day}")
        for day in (10, 11, 12)
    )
    for task, day in ((on_time, 9), (late, 20)):
        Task.objects.filter(pk=task.pk).update(
            state="done", proof="biên bản", ended_on=dt.date(YEAR, 8, day)
        )
        TaskStep.objects.create(
            task=task, revision=2, state="done", at=timezone.now(), via=FiledVia.WEB
        )
    found = facts(cast, QUAN_MAU)
    names = (F.TASKS_DUE, F.TASKS_DONE, F.TASKS_ON_TIME, F.TASKS_LATE, F.TASKS_CARRIED)
    assert counts(found, *names) == [(3, None), (2, 3), (1, 3), (1, 3), (1, 3)]
    assert address_of(found[F.TASKS_LATE].records[0]).ids == {"task_id": str(late.pk)}


def test_months_known_by_report_alone_leave_late_unknown(cast: Cast) -> None:
    meet(cast, CELL, dt.date(YEAR, 3, 5))
    MeetingReport.objects.filter(unit_id=cast[CELL]).update(tasks_due=5, tasks_on_time=4)
    found = facts(cast, CELL)
    assert counts(found, F.TASKS_DUE, F.TASKS_ON_TIME) == [(5, None), (4, 5)]
    assert not found[F.TASKS_LATE].known


def test_an_inspection_refutes_what_was_reported(cast: Cast) -> None:
    cast.hold(CELL, YEAR, held=12)
    office = viewer_for(
        cast.user("vanphong", Role.COMMITTEE_OFFICE, QUAN_MAU), on=dt.date(2020, 1, 20)
    )
    made = record_inspection(
        unit_id=cast[CELL],
        wish=wish(seen(thang_3=Verdict.NOT_HELD, thang_4=Verdict.HELD, thang_5=Verdict.UNKNOWN)),
        by=office,
        at=dt.datetime(2020, 1, 20, 3, tzinfo=dt.UTC),
    )
    found = facts(cast, QUAN_MAU)
    assert counts(found, F.INSPECTIONS_REFUTED) == [(1, 2)]
    assert counts(facts(cast, CELL), F.MEETINGS_HELD) == [(11, 12)]
    assert address_of(found[F.INSPECTIONS_REFUTED].records[0]).ids == {
        "inspection_id": str(made.pk)
    }


def weak_cell(cast: Cast) -> Flag:
    for name in cast.cells:
        cast.hold(name, YEAR, held=5 if name == CELL else 12)
    assess_months(months=[december(YEAR)], by=None, at=AT)
    return Flag.objects.get(unit_id=cast[CELL], reason="meetings_held")


def test_an_open_flag_counts_until_it_is_concluded_or_clears(cast: Cast) -> None:
    flag = weak_cell(cast)
    before = facts(cast, CELL)[F.OPEN_FLAGS].value
    assert before is not None
    assert before >= 1
    assert facts(cast, QUAN_MAU)[F.FLAGS_BELOW].value == before
    Flag.objects.filter(pk=flag.pk).update(
        fate=FlagFate.CONFIRMED, fate_note="đúng", concluded_at=timezone.now()
    )
    found = facts(cast, CELL)
    assert (found[F.OPEN_FLAGS].value, found[F.FLAGS_CONFIRMED].value) == (before - 1, 1)
    then = facts(cast, CELL, at=flag.raised_at + dt.timedelta(hours=1))
    assert then[F.OPEN_FLAGS].value == before  # nobody had concluded yet


def test_grades_of_those_below_are_of_the_same_year(cast: Cast) -> None:
    grades = {CELL: "xuat_sac", SECOND: "khong_hoan_thanh"}
    for name, grade in grades.items():
        for year in (YEAR - 1, YEAR):
            YearGrade.objects.create(
                unit_id=cast[name], year=year, regime="R2b",
                grade=grade if year == YEAR else "tot",
            )  # fmt: skip
    found = facts(cast, QUAN_MAU)
    names = (F.SUBORDINATES_RATED, F.SUBORDINATES_GOOD, F.SUBORDINATES_COMPLETED)
    assert counts(found, *names) == [(2, 3), (1, 2), (1, 2)]
    assert not facts(cast, LANG_THU)[F.SUBORDINATES_RATED].known


def test_admissions_and_days_without_secretary_are_counted(cast: Cast) -> None:
    Appointment.objects.filter(unit_id=cast[SCHOOL]).update(
        valid=(dt.date(2016, 1, 1), dt.date(YEAR, 12, 2))
    )
    found = facts(cast, SCHOOL)
    assert counts(found, F.ADMISSIONS, F.SECRETARY_VACANT) == [(1, None), (30, 365)]
    assert counts(facts(cast, QUAN_MAU), F.ADMISSIONS) == [(3, None)]
    Appointment.objects.filter(unit_id=cast[SCHOOL]).delete()
    assert not facts(cast, SCHOOL)[F.SECRETARY_VACANT].known


def test_a_merged_cell_carries_its_year_to_its_heir(cast: Cast) -> None:
    cast.hold(CELL, YEAR, held=6, not_held=0)
    for name in (SECOND, THIRD):
        cast.hold(name, YEAR, held=12)
    desk = Desk(cast)
    desk.does(Merge((desk.id(CELL),), desk.id(SECOND)), on=dt.date(YEAR, 7, 1))
    names = (F.MEETINGS_HELD, F.MEETINGS_DUE)
    assert counts(facts(cast, SECOND), *names) == [(18, 18), (18, None)]
    assert counts(facts(cast, QUAN_MAU), *names) == [(30, 30), (30, None)]


def test_a_merged_commune_goes_on_in_its_heir(cast: Cast) -> None:
    for name in cast.cells:
        cast.hold(name, YEAR, held=12)
    desk = Desk(cast)
    desk.does(Merge((desk.id(LANG_THU),), desk.id(QUAN_MAU)), on=dt.date(YEAR, 7, 1))
    assert counts(facts(cast, QUAN_MAU), F.MEETINGS_HELD) == [(60, 60)]


def test_what_is_recorded_later_moves_no_figure_of_then(cast: Cast) -> None:
    cast.hold(CELL, YEAR, held=6, not_held=0)
    moment = now() - dt.timedelta(minutes=1)
    asked: list[UUID] = [cast[name] for name in (CELL, QUAN_MAU, PROVINCE)]
    frozen = freeze(year_facts(asked, YEAR, at=moment))
    cast.hold(SECOND, YEAR, held=12)
    YearGrade.objects.create(unit_id=cast[CELL], year=YEAR, regime="R2b", grade="tot")
    given_task(cast, due=dt.date(YEAR, 8, 10))
    later = timezone.now() + dt.timedelta(days=365)
    for model in (YearGrade, Task):
        model.objects.update(recorded_at=later)
    MeetingReport.objects.filter(unit_id=cast[SECOND]).update(recorded_at=later)
    assert freeze(year_facts(reversed(asked), YEAR, at=moment)) == frozen


def test_frozen_facts_thaw_to_themselves(cast: Cast) -> None:
    weak_cell(cast)
    found = year_facts([cast[CELL], cast[QUAN_MAU]], YEAR, at=now())
    frozen = freeze(found)
    assert thaw(frozen) == found
    assert freeze(thaw(frozen)) == frozen
    assert len(digest_of(frozen)) == 64


def queries(units: Iterable[UUID]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        year_facts(units, YEAR, at=now())
    return len(caught)


def test_queries_do_not_grow_with_the_units(cast: Cast) -> None:
    weak_cell(cast)
    one, all_ = [cast[QUAN_MAU]], list(cast.units.values())
    assert queries(one) == queries(all_) <= 22
