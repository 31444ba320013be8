"""2. A commune whose cells met five or six times a year, and an overseer attached to every cell.

After the account of Quan Bản (domain.md 3.1), on an imaginary commune: chosen in 2017, each member
of its committee put in charge of a cell, the year rated "Hoàn thành tốt nhiệm vụ".
"""

from __future__ import annotations

import datetime as dt
import re
from uuid import uuid4

import pytest

from tests.cast import december
from tests.spec.province import LIKE_AFTER, LIKE_BEFORE, Told, at, columns, ids_of
from vungmanh.access.models import RoleGrant, User
from vungmanh.access.viewer import viewer_for
from vungmanh.core.errors import NotAllowed
from vungmanh.core.periods import last_day, month_range
from vungmanh.core.programme_words import FileState, MeasureState
from vungmanh.core.vocabulary import Role
from vungmanh.evaluation.actions.grades import load_year_grades
from vungmanh.meetings.actions.visits import record_visit
from vungmanh.rulebook.values.programmes import MeasureProof
from vungmanh.strengthening.actions import oversight
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.actions.diagnosis import (
    CauseText,
    approve_diagnosis,
    ask_diagnosis,
    second_opinion,
    write_cause,
)
from vungmanh.strengthening.actions.measures import (
    MeasureText,
    approve_plan,
    ask_plan,
    finish_measure,
    write_measure,
)
from vungmanh.strengthening.actions.oversight import draft_plan, submit_plan
from vungmanh.strengthening.assigning_records import OverseerAsked, PlanAsked
from vungmanh.strengthening.models import Flag, SupportFile
from vungmanh.strengthening.overseeing import years_of_overseers
from vungmanh.strengthening.proofs import proofs_of

pytestmark = pytest.mark.django_db

QUAN_MAU = "Đảng bộ xã Quan Mẫu"
CELLS = ("Chi bộ thôn Nà Mẫu", "Chi bộ thôn Đồi Mẫu", "Chi bộ thôn Ăn Mẫu", "Chi bộ thôn Pò Mẫu")
JANUARY, CHOSEN = at(2017, 1, 5), at(2017, 1, 20)
ATTACHED, UNTIL = dt.date(2017, 2, 10), dt.date(2018, 3, 1)
PLANNED, PROVED = at(2017, 2, 8), at(2017, 2, 20)
RATED, LOOKED_AT = at(2018, 1, 12), at(2018, 2, 5)


def test_an_overseer_on_every_cell_and_the_year_rated(db: None) -> None:
    told = Told(
        QUAN_MAU, CELLS, [("Bí thư Mẫu", dt.date(2015, 1, 1), None)],
        first=dt.date(2015, 1, 1), last=dt.date(2018, 1, 1),
    )  # fmt: skip
    file = chosen_after_two_bad_years(told)
    diagnosed_from_the_records(told, file)
    an_overseer_on_every_cell(told, file)
    a_year_of_meetings_each_attended(told, file)
    told.rated(2017, {QUAN_MAU: "hoan_thanh_tot"}, RATED)
    page = told.page(file, LOOKED_AT)
    the_year_end_stands_beside_the_year_before(page)
    assert told.grades() == {2016: "hoan_thanh", 2017: "hoan_thanh_tot"}


def chosen_after_two_bad_years(told: Told) -> SupportFile:
    """Five or six meetings a year in three of its cells, for two years; the like only dipped."""
    told.report(2015, (12, 6, 5, 5), (12,) * 14)
    told.report(2016, (12, 6, 5, 5), LIKE_BEFORE)
    load_year_grades(grades=grade_of(told, 2016, "hoan_thanh"), by=None, at=JANUARY)
    assess_months(months=[december(2015), december(2016)], by=None, at=JANUARY)
    programme = told.programme(2017, JANUARY)
    assert "meetings_held" in told.answered(JANUARY)
    file = told.chosen(programme, 2017, CHOSEN)
    assert (file.unit_id, file.state) == (told[QUAN_MAU], FileState.CHOSEN)
    assert (file.choice.way, file.choice.position) == ("rule", 1)
    assert (file.entry["held"], file.entry["due"]) == (28, 48)
    return file


def diagnosed_from_the_records(told: Told, file: SupportFile) -> None:
    """Why, shown by the sign that the records raised; approved by another than who wrote it."""
    desk, board = told.desk(CHOSEN), told.board(CHOSEN)
    flag = Flag.objects.get(unit_id=told[QUAN_MAU], reason="meetings_held")
    said = CauseText(
        "meetings_taken_lightly", "Ba chi bộ chỉ họp năm, sáu kỳ trong năm 2016.",
        links=[{"kind": "flag", "id": str(flag.pk)}],
    )  # fmt: skip
    cause = write_cause(file_id=file.pk, said=said, by=desk, at=CHOSEN)
    assert cause.links == [{"kind": "flag", "id": str(flag.pk)}]
    second_opinion(
        cause_id=cause.pk, agrees=True, text="Đã đọc biên bản cả năm, đúng như nêu.", at=CHOSEN,
        by=viewer_for(told.user("to-chuc-tinh", Role.PROVINCIAL_ANALYST), on=CHOSEN.date()),
    )  # fmt: skip
    ask_diagnosis(file_id=file.pk, by=desk, at=CHOSEN)
    with pytest.raises(NotAllowed):
        approve_diagnosis(file_id=file.pk, by=desk, at=CHOSEN)
    approve_diagnosis(file_id=file.pk, by=board, at=CHOSEN)


def an_overseer_on_every_cell(told: Told, file: SupportFile) -> None:
    """The measure of the account, with an owner and a day, proved by the grants themselves."""
    desk, board = told.desk(CHOSEN), told.board(CHOSEN)
    said = MeasureText(
        kind="attach_overseer", causes=["meetings_taken_lightly"], owner="Đảng ủy xã Quan Mẫu",
        starts_on=ATTACHED, due_on=dt.date(2017, 2, 28), output="Mỗi chi bộ một ủy viên phụ trách",
    )  # fmt: skip
    measure = write_measure(file_id=file.pk, said=said, by=desk, at=CHOSEN)
    ask_plan(file_id=file.pk, by=desk, at=CHOSEN)
    approve_plan(file_id=file.pk, by=board, at=CHOSEN)
    assert proofs_of(measure, MeasureProof.OVERSIGHT, CHOSEN.date()) == []
    planned_and_approved(told)
    overseen = RoleGrant.objects.filter(role=Role.OVERSEER, valid__contains=PROVED.date())
    assert set(overseen.values_list("unit_id", flat=True)) == set(ids_of(told, CELLS))
    proofs = proofs_of(measure, MeasureProof.OVERSIGHT, PROVED.date())
    assert len(proofs) == len(CELLS)
    done = finish_measure(
        measure_id=measure.pk, proof=proofs[0].id, by=told.desk(PROVED), at=PROVED
    )
    assert (done.state, done.ended_on) == (MeasureState.DONE, PROVED.date())


def planned_and_approved(told: Told) -> None:
    """The commune's office plans its two members over the cells of its file; its board approves."""
    office = told.who(Role.COMMITTEE_OFFICE, QUAN_MAU, PLANNED)
    board = told.who(Role.STANDING_COMMITTEE, QUAN_MAU, PLANNED)
    members = [told.user(f"uy.vien.{n}", None) for n in (1, 2)]
    people = tuple(OverseerAsked(one.pk, 2, experienced=True) for one in members)
    plan = draft_plan(
        unit_id=told[QUAN_MAU], asked=PlanAsked(ATTACHED, UNTIL, people), by=office, at=PLANNED
    )
    submit_plan(plan_id=plan.pk, revision=plan.revision, by=office, at=PLANNED)
    plan.refresh_from_db()
    oversight.approve_plan(
        plan_id=plan.pk, revision=plan.revision, number="5-QĐ/ĐU", decided_on=PLANNED.date(),
        by=board, at=PLANNED,
    )  # fmt: skip
    assert plan.lines.exclude(overseer=None).count() == len(CELLS)


def member(told: Told, cell: str) -> User:
    """Who is in charge of a cell by that plan."""
    return User.objects.get(grants__role=Role.OVERSEER, grants__unit_id=told[cell])


def a_year_of_meetings_each_attended(told: Told, file: SupportFile) -> None:
    """Every cell meets every month, and whoever is in charge of it sits there."""
    told.report(2017, (12, 12, 12, 11), LIKE_AFTER)
    told.report_month(dt.date(2018, 1, 1))
    charge = {cell: member(told, cell) for cell in CELLS}
    for month in month_range(dt.date(2017, 3, 1), december(2017)):
        for cell, person in charge.items():
            if (cell, month) == (CELLS[3], december(2017)):
                continue  # the one meeting that was not held
            on = last_day(month)
            when = dt.datetime.combine(on, dt.time(3), dt.UTC)
            record_visit(
                id=uuid4(), unit_id=told[cell], on=on, attended=True, at=when,
                by=viewer_for(person, on=on), found="Họp đúng kỳ.",
            )  # fmt: skip
    assess_months(months=[december(2017)], by=None, at=RATED)
    assert Flag.objects.get(unit_id=told[QUAN_MAU], reason="meetings_held").cleared_month
    desk, end = told.desk(RATED), dt.date(2017, 12, 31)
    people = {(one.pk, str(one)) for one in charge.values()}
    first, second = years_of_overseers(desk, people, 2017, end)
    assert {first.attended, second.attended} == {20, 19}
    assert {one.name for year in (first, second) for one in year.units} == set(CELLS)
    held = [one.held for year in (first, second) for one in year.units]
    assert sorted(held) == [9, 10, 10, 10]  # since they were attached
    assert (first.missed, second.missed) == (0, 0)


def the_year_end_stands_beside_the_year_before(page: str) -> None:
    """Both grades on their one scale; the rise beside the like, and beside what comes by itself."""
    assert "Xếp loại năm 2016: Hoàn thành nhiệm vụ" in page
    assert "Xếp loại năm 2017: Hoàn thành tốt nhiệm vụ" in page
    assert "Đổi thang xếp loại" not in page
    attached = re.findall(r"Phân công phụ trách: (.*?): uy\.vien", page)
    assert {name for names in attached for name in names.split(", ")} == set(CELLS)
    assert "Dự sinh hoạt: Chi bộ thôn Pò Mẫu" in page
    assert "Năm trước khi vào diện họp 58,3 % số kỳ đã báo cáo." in page
    assert "Đơn vị này năm trước 58,3 %, năm sau 97,9 %" in page
    assert "Các đơn vị cùng loại không được chọn, trước đó gần bằng năm trước" in page
    assert "quay về mức trung bình khoảng" in page
    assert "không kết luận tác dụng cho riêng một đơn vị" in page


def grade_of(told: Told, year: int, grade: str) -> dict[str, list]:
    row = (told[QUAN_MAU], year, "R1", grade, dt.date(year + 1, 1, 4))
    return columns([row], "unit year regime grade decided_on")
