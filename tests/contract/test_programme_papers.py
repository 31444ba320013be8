"""Reports of a programme: what they count, for whom, over which period; what cannot be asked."""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, CELLS, LANG_THU, QUAN_MAU, december
from tests.support_story import TODAY, Support, make_support
from vungmanh.access.models import RoleGrant
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotFound, NotNow
from vungmanh.core.ids import uuid7
from vungmanh.core.programme_words import ProgrammeState
from vungmanh.core.vocabulary import Reach, Role
from vungmanh.evaluation.models import YearGrade
from vungmanh.meetings.models import Visit
from vungmanh.org.own_rules import steady
from vungmanh.outputs.papers.word import as_word
from vungmanh.outputs.programmes.asked import Asked
from vungmanh.outputs.programmes.figures import Figure
from vungmanh.outputs.programmes.periods import period_asked
from vungmanh.outputs.programmes.report import Page, chapters_of, figure_of, report_paper
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
    write_measure,
)
from vungmanh.strengthening.comparison import compare, compare_many
from vungmanh.strengthening.following import course_of, courses_of
from vungmanh.strengthening.grade_changes import GradeChange, expected_of
from vungmanh.strengthening.models import GateReport, ProgrammeGate, SupportFile

pytestmark = pytest.mark.django_db
WORDS = "Ba chi bộ chỉ họp bốn kỳ, bí thư bận việc thôn."
PAGE = Page("http://thu", "/bao-cao/")


def test_reports_of_one_programme() -> None:
    """A programme of 2018 to 2026: Quan Mẫu is slow, Láng Thử reported at the gate, in time.

    One story for every check: building it takes longer than looking at it.
    """
    story = told(make_support())
    assert asked(story).is_whole
    the_final_report_counts_choices_files_causes_measures_duties_and_gates(story)
    a_report_of_the_past_says_what_was_known_and_stood_then(story)
    slow_is_told_of_files_under_way_alike_for_many_and_for_one(story)
    before_and_after_never_stand_alone(story)
    who_sees_less_reads_less_and_nobody_else_by_name(story)
    the_paper_numbers_every_figure_and_its_annex_says_what_was_counted(story)
    what_cannot_be_reported_about_is_refused_with_the_remedy(story)
    more_files_ask_no_more_queries(story)


def told(story: Support) -> Support:
    programme = story.programme
    programme.first_year, programme.last_year = 2018, 2026
    programme.weaknesses = "Nhiều chi bộ họp bốn kỳ một năm.\nBiên bản giống nhau."
    programme.levels = [{"kind": "dang_bo_tinh", "a_year": 3}]
    programme.decided_on = dt.date(2018, 1, 2)
    programme.save()
    for number, (indicator, aim) in enumerate(
        [
            ("hop-du-ky", 90),
            ("chi-bo-khong-dat", 1),
            ("dang-vien-chinh-thuc", 9),
            ("", 1),
            ("ket-nap", 3),
        ],
        start=1,
    ):
        programme.targets.create(
            number=number, text=f"Chỉ tiêu {number}", indicator=indicator, aim_value=aim,
            base_value=50, due_on=dt.date(2026, 12, 31), is_rise=indicator != "chi-bo-khong-dat",
        )  # fmt: skip
    programme.targets.get(number=4).values.create(
        value=7, on=dt.date(2019, 6, 1), source="31-BC/VPTU", at=AT
    )
    gate = ProgrammeGate.objects.create(
        programme=programme, kind="yearly", due_on=dt.date(2019, 6, 30), asks="Nơi đã chọn.",
        levels=["dang_bo_xa"],
    )  # fmt: skip
    GateReport.objects.create(
        gate=gate, unit_id=story.unit(LANG_THU), text="Đã làm xong các việc.",
        at=dt.datetime(2019, 6, 1, tzinfo=dt.UTC),
    )  # fmt: skip
    slow_file(story)
    overseer = story.cast.user("phu.trach", None)
    cell = story.unit(CELLS[QUAN_MAU][0])
    for first, end in ((2019, dt.date(2020, 1, 1)), (2026, None)):
        RoleGrant.objects.create(
            user=overseer, role=Role.OVERSEER, unit_id=cell, reach=Reach.UNIT,
            valid=DateRange(dt.date(first, 1, 1), end),
        )  # fmt: skip
    for day in (dt.date(2019, 3, 5), dt.date(2026, 10, 5)):
        Visit.objects.create(
            unit_id=cell, overseer=overseer, on=day, attended=True, via="web", changed_at=AT
        )
    for unit, after in ((QUAN_MAU, "hoan_thanh"), (LANG_THU, "tot")):
        for year, grade in ((2025, "khong_hoan_thanh"), (2026, after)):
            YearGrade.objects.create(
                unit_id=story.unit(unit), year=year, regime="R4", grade=grade, decided_on=TODAY
            )
    return story


def slow_file(story: Support) -> SupportFile:
    """Chosen and planned, as if it had begun at the end of 2018; five meetings a year since."""
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
    file.entered_on = dt.date(2018, 12, 31)
    file.path = {**file.path, "from": "2019-01-01"}
    file.save()
    for cell in CELLS[QUAN_MAU]:
        story.cast.hold(cell, 2019, held=5)
    assess_months(months=[december(2019)], by=None, at=AT)
    return SupportFile.objects.get(pk=file.pk)


def asked(story: Support, kind: str = "final", month: str = "", by: Viewer | None = None) -> Asked:
    viewer = by or story.desk
    said = period_asked(story.programme, kind, month, today=TODAY)
    return Asked(story.programme, said, viewer)


def figures(of: Asked) -> dict[str, Figure]:
    return {one.code: one for chapter in chapters_of(of) for _, one in chapter.figures}


def the_final_report_counts_choices_files_causes_measures_duties_and_gates(
    story: Support,
) -> None:
    found = figures(asked(story))
    values = {code: one.value for code, one in found.items()}
    level = "lua-chon.2026.dang_bo_tinh"
    assert (values[f"{level}.cap-uy"], values[f"{level}.chon"], values[f"{level}.rule"]) == (
        "1", "1", "1",
    )  # fmt: skip
    assert values[f"{level}.lot"] == values[f"{level}.override"] == values[f"{level}.rut"] == "0"
    assert (values["ho-so.tat-ca"], values["ho-so.dang-mo"], values["ho-so.acting"]) == (
        "1", "1", "1",
    )  # fmt: skip
    assert values["nguyen-nhan.meetings_taken_lightly"] == "1"
    assert values["nguyen-nhan.meetings_taken_lightly.tai-cho"] == "0"
    assert values["bien-phap.restore_meetings"] == "1"
    assert values["bien-phap.restore_meetings.lam"] == "0"
    gate = story.programme.gates.get().pk
    reported = [values[f"moc.{gate}.dang_bo_xa.{one}"] for one in ("phai", "da", "muon", "thieu")]
    assert reported == ["2", "1", "0", "1"]
    assert values["phu-trach.lan-di"] == "2"
    assert values["phu-trach.2026.0.du"] == "1"
    assert values["phu-trach.2019.phai-du"] == "5"
    # Every count is that of its records, and each opens somewhere.
    for one in found.values():
        assert all(record.address for record in one.records), one.code


def a_report_of_the_past_says_what_was_known_and_stood_then(story: Support) -> None:
    then = asked(story, "year", "2019-12")
    found = figures(then)
    assert then.on == dt.date(2019, 12, 31)
    # Nothing was decided or approved by then, though the file is said to have begun.
    assert not [code for code in found if code.startswith("lua-chon")]
    assert found["ho-so.chosen"].value == "1"
    assert not [code for code in found if code.startswith(("nguyen-nhan", "bien-phap"))]
    share = found["chi-tieu.1.then"]
    assert share.value == "41,7 % (15/36 kỳ)"
    assert (len(share.records), share.total) == (12, 15)
    assert found["chi-tieu.1.now"].value == share.value
    assert found["chi-tieu.2.then"].total == float(found["chi-tieu.2.then"].value)
    assert found["chi-tieu.3.then"].total == 54  # six cells of nine
    by_hand, admitted = found["chi-tieu.4.then"], found["chi-tieu.5.then"]
    assert (by_hand.value, by_hand.records[0].note) == ("7", "31-BC/VPTU")
    assert admitted.total == float(admitted.value) > 0
    assert found["phu-trach.lan-di"].value == "1"


def slow_is_told_of_files_under_way_alike_for_many_and_for_one(story: Support) -> None:
    file = SupportFile.objects.get()
    for until in (dt.date(2019, 12, 31), dt.date(2019, 5, 15)):
        assert courses_of([file], until)[file.pk] == course_of(file, until)
    assert courses_of([file], dt.date(2019, 12, 31))[file.pk].is_slow
    assert courses_of([file], dt.date(2018, 10, 1)) == {}
    assert figures(asked(story))["cham.xet"].value == "1"


def before_and_after_never_stand_alone(story: Support) -> None:
    file = SupportFile.objects.get()
    both = compare_many([file], TODAY)[file.pk], compare(file, TODAY)
    assert both[0] == both[1]
    assert compare_many([file], dt.date(2019, 6, 1)) == {}
    found = figures(asked(story))
    held = {code: one.value for code, one in found.items() if code.startswith("truoc-sau.hop")}
    assert held["truoc-sau.hop.noi"] == "1"
    # Two communes teach nothing of a third: neither its figures nor theirs are told.
    assert held["truoc-sau.hop.chua"] == "1"
    for code in ("chon", "tuong-tu", "tu-den"):
        assert held[f"truoc-sau.hop.{code}"].startswith("chưa đánh giá tác dụng"), code
    assert "quá ít nơi" in held["truoc-sau.hop.hon-kem"]
    (note,) = [one.note for one in found["truoc-sau.hop.noi"].records]
    assert note == "chưa đánh giá tác dụng: cần ít nhất 10 nơi tương tự không được chọn, có 0"
    assert "truoc-sau.muc-0.len" not in found
    assert found["truoc-sau.muc-0.chua"].records[0].note.endswith("cùng mức khi trước; có 1")
    assert "chưa đánh giá" in found["truoc-sau.muc-0.tu-den"].value
    month = chapters_of(asked(story, "month", "2026-10"))
    (alone,) = [one for one in month if one.code == "truoc-sau"]
    assert (alone.grids, "chỉ nói được theo năm" in alone.paragraphs[0]) == ((), True)


def test_what_comes_by_itself_is_counted_by_hand() -> None:
    def change(*, better: bool, like: int, rose: int) -> GradeChange:
        return GradeChange(SupportFile(), "a", "b", better, not better, like, rose)

    found = expected_of(
        [change(better=True, like=20, rose=10), change(better=False, like=20, rose=10),
         change(better=True, like=3, rose=3)]
    )  # fmt: skip
    assert found is not None
    assert (found.units, found.better, found.expected, found.like) == (2, 1, 1.0, 20)
    # Wilson's 95 % of 10 in 20 is 29.9 % to 70.1 %: twice that.
    assert (round(found.low, 2), round(found.high, 2)) == (0.6, 1.4)
    assert expected_of([change(better=True, like=3, rose=3)]) is None


def who_sees_less_reads_less_and_nobody_else_by_name(story: Support) -> None:
    office = story.who(Role.COMMITTEE_OFFICE, LANG_THU)
    cut = asked(story, by=office)
    found = figures(cut)
    assert not cut.is_whole
    assert (found["ho-so.tat-ca"].value, found["phu-trach.lan-di"].value) == ("0", "0")
    gate = story.programme.gates.get().pk
    assert found[f"moc.{gate}.dang_bo_xa.phai"].value == "1"
    paper = report_paper(cut, PAGE)
    assert paper.issuer == "Đảng ủy xã Láng Thử"
    words = as_text(paper)
    assert "chỉ gồm phạm vi" in words
    for name in (QUAN_MAU, *CELLS[QUAN_MAU], "phu.trach"):
        assert name not in words


def as_text(paper: Any) -> str:
    return repr(paper.parts)


def the_paper_numbers_every_figure_and_its_annex_says_what_was_counted(
    story: Support,
) -> None:
    said = asked(story)
    paper = report_paper(said, PAGE)
    assert paper.title == "Báo cáo"
    assert "từ ngày 01/01/2018 đến ngày 31/12/2026" in paper.about
    annex = paper.parts[-1].rows  # type: ignore[union-attr]
    assert [row[0] for row in annex] == [str(n) for n in range(1, len(annex) + 1)]
    told = [one for one in figures(said).values() if one.records or one.hidden]
    assert sorted(row[3:] for row in annex) == sorted((one.value, one.counted) for one in told)
    acting = figures(said)["ho-so.acting"]
    assert (acting.value, acting.counted) == ("1", "hồ sơ củng cố")
    words = as_text(paper)
    assert "Biên bản giống nhau." in words
    assert "không phải hiệu quả của đề án" in words
    assert as_word(paper) == as_word(report_paper(asked(story), PAGE))


def copied(one: Any, **changed: Any) -> Any:
    """The same row again, but for what is changed."""
    made = copy.copy(one)
    for name, value in changed.items():
        setattr(made, name, value)
    made.save(force_insert=True)
    return made


def more_files_ask_no_more_queries(story: Support) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught, steady():
            chapters_of(asked(story, "year", "2019-12"))
        return len(caught)

    queries()
    one = queries()
    file = SupportFile.objects.get()
    unit = story.unit(LANG_THU)
    choice = copied(file.choice, pk=None, position=2, unit_id=unit)
    other = copied(file, id=uuid7(), choice=choice, unit_id=unit)
    for entry in file.entries.all():
        copied(entry, pk=None, file=other)
    assert figures(asked(story))["ho-so.tat-ca"].value == "2"
    assert queries() == one


@dataclass(frozen=True)
class Wrong:
    kind: str
    month: str
    code: str
    says: str


def what_cannot_be_reported_about_is_refused_with_the_remedy(story: Support) -> None:
    for wrong in (
        Wrong("quy", "", "unknown-report", "Chọn báo cáo tháng"),
        Wrong("month", "2017-12", "before-programme", "Đề án bắt đầu từ tháng 1/2018"),
        Wrong("year", "2016-05", "before-programme", "Chọn từ tháng"),
        Wrong("month", "2027-01", "period-to-come", "Kỳ này chưa đến"),
        Wrong("month", "13", "bad-month", "ví dụ 2026-10"),
        Wrong("mid_term", "", "no-mid-term", "không đặt mốc sơ kết"),
    ):
        with pytest.raises(InputError, match=wrong.says) as caught:
            period_asked(story.programme, wrong.kind, wrong.month, today=TODAY)
        assert caught.value.code == wrong.code
    story.programme.gates.create(kind="mid_term", due_on=dt.date(2022, 6, 30), levels=[])
    half = period_asked(story.programme, "mid_term", "", today=TODAY).period
    assert (half.first, half.last) == (dt.date(2018, 1, 1), dt.date(2022, 6, 1))
    with pytest.raises(NotFound, match="Mở lại báo cáo"):
        figure_of(asked(story), "ho-so.khong-co")
    story.programme.state = ProgrammeState.DRAFT
    with pytest.raises(NotNow, match="chưa được duyệt"):
        period_asked(story.programme, "", "", today=TODAY)
    story.programme.state = ProgrammeState.RUNNING
