"""3. A town without a secretary, and one rotated into it in March.

After the account of Đồng Mỏ (domain.md 3.1), on an imaginary town: chosen in 2018, its secretary
rotated in from the department above in March, the year rated "Hoàn thành xuất sắc nhiệm vụ" on a
scale that is not the one of the year before.
"""

from __future__ import annotations

import datetime as dt

import pytest

from tests.cast import december
from tests.spec.province import LIKE, LIKE_AFTER, LIKE_BEFORE, Told, at, columns
from vungmanh.core.errors import InputError
from vungmanh.core.periods import add_months
from vungmanh.core.programme_words import FileState, MeasureState
from vungmanh.core.vocabulary import Role
from vungmanh.evaluation.actions.grades import load_year_grades
from vungmanh.evaluation.models import YearGrade
from vungmanh.rulebook.values.programmes import MeasureProof
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.actions.diagnosis import (
    CauseText,
    approve_diagnosis,
    ask_diagnosis,
    write_cause,
)
from vungmanh.strengthening.actions.measures import (
    MeasureText,
    approve_plan,
    ask_plan,
    finish_measure,
    write_measure,
)
from vungmanh.strengthening.models import SupportFile
from vungmanh.strengthening.proofs import proofs_of

pytestmark = pytest.mark.django_db

DONG_THU = "Đảng bộ thị trấn Đồng Thử"
CELLS = ("Chi bộ khu Chợ Thử", "Chi bộ khu Ga Thử", "Chi bộ khu Bến Thử")
BEFORE, LEFT, CAME = dt.date(2016, 1, 1), dt.date(2016, 10, 1), dt.date(2018, 3, 15)
SECRETARIES = [("Bí thư Thử Một", BEFORE, LEFT), ("Bí thư Thử Hai", CAME, None)]
JANUARY, CHOSEN, PROVED = at(2018, 1, 5), at(2018, 1, 22), at(2018, 3, 20)
RATED, LOOKED_AT = at(2019, 1, 14), at(2019, 2, 6)


def test_a_secretary_rotated_in_march_and_the_year_rated(db: None) -> None:
    told = Told(DONG_THU, CELLS, SECRETARIES, first=BEFORE, last=dt.date(2019, 1, 1))
    file = chosen_for_the_empty_post(told)
    diagnosed_as_a_vacancy(told, file)
    proved_by_the_appointment(told, file)
    the_year_goes_on_and_is_rated(told)
    page = told.page(file, LOOKED_AT)
    the_year_end_stands_beside_the_year_before(page)
    the_unit_reads_the_same_grades(told, file)
    assert told.grades() == {2017: "hoan_thanh", 2018: "xuat_sac"}


def chosen_for_the_empty_post(told: Told) -> SupportFile:
    """Nobody leads it since October 2016; its cells meet seven times in twelve."""
    told.report(2016, (9, 7, 7), (12,) * 14)
    told.report(2017, (9, 7, 6), LIKE_BEFORE)
    load_year_grades(grades=grades_of_2017(told), by=None, at=JANUARY)
    assess_months(months=[december(2016), december(2017)], by=None, at=JANUARY)
    programme = told.programme(2018, JANUARY)
    assert "secretary_vacant" in told.answered(JANUARY)
    file = told.chosen(programme, 2018, CHOSEN)
    assert (file.unit_id, file.choice.way) == (told[DONG_THU], "rule")
    assert "secretary_vacant" in {one["key"] for one in file.entry["reasons"]}
    return file


def diagnosed_as_a_vacancy(told: Told, file: SupportFile) -> None:
    """The figure of the vacancy is the evidence; the measure belongs to that cause."""
    desk, board = told.desk(CHOSEN), told.board(CHOSEN)
    figure = {"kind": "figure", "id": "khuyet-bi-thu@2017-12"}
    said = CauseText("vacancy", "Khuyết bí thư từ tháng 10/2016, phó bí thư kiêm.", links=[figure])
    write_cause(file_id=file.pk, said=said, by=desk, at=CHOSEN)
    ask_diagnosis(file_id=file.pk, by=desk, at=CHOSEN)
    approve_diagnosis(file_id=file.pk, by=board, at=CHOSEN)
    rotated = MeasureText(
        kind="rotate_secretary", causes=["vacancy"], owner="Ban Tổ chức Tỉnh ủy",
        starts_on=CHOSEN.date(), due_on=dt.date(2018, 3, 31), output="Có bí thư mới",
    )  # fmt: skip
    write_measure(file_id=file.pk, said=rotated, by=desk, at=CHOSEN)
    ask_plan(file_id=file.pk, by=desk, at=CHOSEN)
    approve_plan(file_id=file.pk, by=board, at=CHOSEN)


def proved_by_the_appointment(told: Told, file: SupportFile) -> None:
    """Done by the register alone: before the appointment there is nothing to prove it with."""
    [measure] = file.measures.all()
    assert proofs_of(measure, MeasureProof.APPOINTMENT, dt.date(2018, 3, 14)) == []
    [proof] = proofs_of(measure, MeasureProof.APPOINTMENT, PROVED.date())
    assert (proof.on, "Bí thư Thử Hai" in proof.text) == (CAME, True)
    desk, early = told.desk(PROVED), at(2018, 3, 14)
    with pytest.raises(InputError, match="Chọn căn cứ đã làm"):
        finish_measure(measure_id=measure.pk, proof=proof.id, by=told.desk(early), at=early)
    done = finish_measure(measure_id=measure.pk, proof=proof.id, by=desk, at=PROVED)
    assert (done.state, done.ended_on) == (MeasureState.DONE, PROVED.date())


def the_year_goes_on_and_is_rated(told: Told) -> None:
    """It meets again; with four like it rated good, one of the five may have the best grade."""
    told.report(2018, (12, 12, 11), LIKE_AFTER)
    told.report_month(dt.date(2019, 1, 1))
    assess_months(months=[december(2018)], by=None, at=RATED)
    assert SupportFile.objects.get().state == FileState.ACTING
    told.rated(2018, {**dict.fromkeys(LIKE[-5:], "tot"), DONG_THU: "xuat_sac"}, RATED)
    assert YearGrade.objects.filter(year=2018, grade="xuat_sac").count() == 1


def the_year_end_stands_beside_the_year_before(page: str) -> None:
    """Each grade on its own scale with the break between; the rise held against its like."""
    before = page.index("Xếp loại năm 2017: Hoàn thành nhiệm vụ")
    broken = page.index("Từ năm 2018 xếp theo thang khác; không so với mức trước.")
    after = page.index("Xếp loại năm 2018: Hoàn thành xuất sắc nhiệm vụ")
    assert before < broken < after
    assert "Bí thư mới: Bí thư Thử Hai" in page
    assert "Luân chuyển cán bộ về làm bí thư" in page
    assert "Chưa có bằng chứng" in page  # of the effect of such a measure
    assert "Năm trước khi vào diện họp 61,1 % số kỳ đã báo cáo." in page
    assert "Đơn vị này năm trước 61,1 %, năm sau 97,2 %" in page
    assert "Các đơn vị cùng loại không được chọn, trước đó gần bằng năm trước" in page
    assert "quay về mức trung bình khoảng" in page
    assert "không kết luận tác dụng cho riêng một đơn vị" in page


def the_unit_reads_the_same_grades(told: Told, file: SupportFile) -> None:
    own = told.page(file, LOOKED_AT, told.who(Role.COMMITTEE_OFFICE, DONG_THU, LOOKED_AT))
    assert "Xếp loại năm 2018: Hoàn thành xuất sắc nhiệm vụ" in own
    assert "không kết luận tác dụng cho riêng một đơn vị" in own


def grades_of_2017(told: Told) -> dict[str, list]:
    row = (told[DONG_THU], 2017, "R1", "hoan_thanh", add_months(december(2017), 1))
    return columns([row], "unit year regime grade decided_on")
