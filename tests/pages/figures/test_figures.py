"""*Số liệu*: every figure opens to its formula, its records, its rule and its date."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, LANG_THU, QUAN_MAU, SCHOOL, Cast
from tests.pages.strengthening.story import (
    AN_MAU,
    BAN_THU,
    DOI_MAU,
    EXCUSE,
    KHUOI_THU,
    NA_MAU,
    main_of,
    words,
)
from tests.wall import WALL
from vungmanh.core.ids import uuid7
from vungmanh.core.text import NBSP
from vungmanh.core.vocabulary import ReportState, Role
from vungmanh.meetings.actions.reports import record_reports
from vungmanh.meetings.models import MeetingReport
from vungmanh.rulebook import load_rulebook
from vungmanh.strengthening.figures.catalogue import figures, figures_by_code
from vungmanh.strengthening.models import Assessment, AssessmentRun
from vungmanh.strengthening.reason_texts import _WORDS
from vungmanh.web.figures.present import FIGURE_OF_REASON

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]


def address(code: str, unit: UUID, month: str = "2017-12") -> str:
    return f"/so-lieu/{code}/?don-vi={unit}&ky={month}"


def opened(client: Client, code: str, unit: UUID, month: str = "2017-12") -> str:
    return main_of(client.get(address(code, unit, month))).replace(NBSP, " ")


def lines(page: str) -> dict[str, str]:
    """What each line behind a figure counts as, the sum included."""
    table = page.split('id="ban-ghi"')[1].split("</table>", maxsplit=1)[0]
    rows = re.findall(r'<tr[^>]*><th scope="row">(.*?)</th>(.*?)</tr>', table, re.DOTALL)
    counts = {
        words(head): re.search(r'data-l="Tính vào">(.*?)</td>', rest, re.DOTALL)
        for head, rest in rows
    }
    return {head: words(found.group(1)) for head, found in counts.items() if found}


# --- the list ------------------------------------------------------------------------------------


def test_every_figure_rests_on_rules_that_exist_and_leads_to_figures_that_exist() -> None:
    keys = {rule.key for rule in load_rulebook().rules}
    for figure in figures():
        assert set(figure.rules) <= keys, figure.code
        assert set(figure.see) <= set(figures_by_code()) - {figure.code}, figure.code
        assert 2 <= len(figure.doubts) <= 4, figure.code


def test_every_reason_leads_to_a_figure() -> None:
    """A reason without one would end the page of a unit."""
    assert set(FIGURE_OF_REASON) == set(_WORDS)
    assert set(FIGURE_OF_REASON.values()) <= set(figures_by_code())
    for reason, code in FIGURE_OF_REASON.items():
        if f"fact_reason.{reason}" in {rule.key for rule in load_rulebook().rules}:
            assert f"fact_reason.{reason}" in figures_by_code()[code].rules


def test_the_list_has_every_figure_with_what_it_asks(sign_in: SignIn) -> None:
    page = main_of(sign_in(Role.CELL_SECRETARY, NA_MAU).get("/so-lieu/"))
    for figure in figures():
        assert figure.title in page
        assert figure.asks in page


def test_figures_are_found_without_diacritics(sign_in: SignIn) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    page = main_of(client.get("/so-lieu/?q=luot dang vien"))
    assert "1 con số khớp với “luot dang vien”." in page
    assert "Tỷ lệ dự họp" in page
    assert "Họp đủ kỳ" not in page
    assert "Gõ ít chữ hơn" in main_of(client.get("/so-lieu/?q=khong co chu nay"))


def test_a_figure_says_how_it_is_made_and_when_not_to_believe_it(sign_in: SignIn) -> None:
    page = main_of(sign_in(Role.OVERSEER, NA_MAU).get("/so-lieu/hop-du-ky/?ky=2017-12"))
    figure = figures_by_code()["hop-du-ky"]
    for text in (figure.formula, figure.symbols, figure.records, figure.dates, figure.source):
        assert text in page
    assert "Khi nào đừng tin số này" in page
    for doubt in figure.doubts:
        assert doubt in page
    assert "Họp dưới 8 trong 12 kỳ sinh hoạt thường kỳ là một lý do nặng" in page
    assert "mẫu, tỉnh chưa ban hành" in page
    assert "Quy định có hiệu lực ngày 31/12/2017." in page


def test_an_unknown_figure_is_not_found(sign_in: SignIn) -> None:
    assert sign_in(Role.PROVINCIAL_ANALYST).get("/so-lieu/khong-co/").status_code == 404


# --- opened for a cell ---------------------------------------------------------------------------


def test_held_opens_to_its_months_and_their_sum(sign_in: SignIn, cast: Cast) -> None:
    page = opened(sign_in(Role.PROVINCIAL_ANALYST), "hop-du-ky", cast[AN_MAU])
    assert f"{AN_MAU}: họp đủ kỳ 41,7 % (5/12)." in page
    assert "5 ÷ 12 = 41,7 %" in page
    assert "từ 19,3 % đến 68 %" in page  # Wilson, 5 of 12
    counted = lines(page)
    assert counted["tháng 5/2017"] == "1/1"
    assert counted["tháng 6/2017"] == "0/1"
    assert counted["Cộng"] == "5/12"


def test_a_month_without_report_counts_in_neither_part(sign_in: SignIn, cast: Cast) -> None:
    page = opened(sign_in(Role.PROVINCIAL_ANALYST), "hop-du-ky", cast[KHUOI_THU])
    assert "7 ÷ 10 = 70 %" in page  # 7 held, 3 not held, 2 not reported
    assert lines(page)["tháng 12/2017"] == "–"
    assert "Còn 2 trong 12 kỳ phải họp chưa có báo cáo." in page


def test_bounds_take_the_unreported_months_both_ways(sign_in: SignIn, cast: Cast) -> None:
    page = opened(sign_in(Role.PROVINCIAL_ANALYST), "can-xau-tot", cast[KHUOI_THU])
    assert "7 ÷ 12 = 58,3 %; 9 ÷ 12 = 75 %" in page


def test_excused_months_are_a_figure_of_their_own(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    page = opened(client, "ty-le-mien", cast[SCHOOL])
    assert "2 ÷ 12 = 16,7 %" in page
    assert EXCUSE in page
    assert "10 ÷ 10 = 100 %" in opened(client, "hop-du-ky", cast[SCHOOL])


def test_attendance_leaves_out_whoever_is_exempt_and_what_is_not_told(
    sign_in: SignIn, cast: Cast
) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    silent = opened(client, "du-hop", cast[AN_MAU])
    assert f"{AN_MAU}: tỷ lệ dự họp chưa biết." in silent
    assert "là chưa biết chứ không phải là 0" in silent
    of_may = MeetingReport.objects.filter(unit_id=cast[AN_MAU], month=dt.date(2017, 5, 1))
    of_may.update(members=9, present=6, exempt=1)
    of_june = MeetingReport.objects.filter(unit_id=cast[AN_MAU], month=dt.date(2017, 4, 1))
    of_june.update(members=9, present=7)
    page = opened(client, "du-hop", cast[AN_MAU])
    assert "13 ÷ 17 = 76,5 %" in page
    counted = lines(page)
    assert (counted["tháng 5/2017"], counted["tháng 3/2017"]) == ("6/8", "–")


def test_tasks_are_counted_where_both_numbers_are_told(sign_in: SignIn, cast: Cast) -> None:
    of_may = MeetingReport.objects.filter(unit_id=cast[AN_MAU], month=dt.date(2017, 5, 1))
    of_may.update(tasks_due=3, tasks_on_time=1)
    page = opened(sign_in(Role.PROVINCIAL_ANALYST), "viec-dung-han", cast[AN_MAU])
    assert "1 ÷ 3 = 33,3 %" in page
    assert "Mẫu số chỉ là 3: thêm hoặc bớt một là tỷ lệ đổi 33 %." in page


def test_a_report_of_early_months_filed_in_december_is_late(sign_in: SignIn, cast: Cast) -> None:
    of_unit = MeetingReport.objects.filter(unit_id=cast[NA_MAU], month__year=2017)
    of_unit.filter(month=dt.date(2017, 3, 1)).update(filed_on=dt.date(2017, 12, 5))
    of_unit.filter(month=dt.date(2017, 4, 1)).update(filed_on=dt.date(2017, 5, 2))
    of_unit.filter(month=dt.date(2017, 11, 1)).update(filed_on=dt.date(2017, 12, 2))
    page = opened(sign_in(Role.PROVINCIAL_ANALYST), "nop-thang-12", cast[NA_MAU])
    assert "1 ÷ 2 = 50 %" in page


def test_people_of_a_cell_are_read_from_the_register(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    assert "9 người" in opened(client, "dang-vien-chinh-thuc", cast[NA_MAU])
    assert "Có bí thư từ 01/01/2016." in opened(client, "khuyet-bi-thu", cast[NA_MAU])
    assert "chưa biết" not in opened(client, "ket-nap", cast[NA_MAU]).split("Công thức")[0]


def test_the_opened_figure_names_its_run_and_what_came_after_it(
    sign_in: SignIn, cast: Cast
) -> None:
    run = AssessmentRun.objects.get(month=dt.date(2017, 12, 1))
    late = {"unit": cast[BAN_THU], "month": dt.date(2017, 12, 1), "state": ReportState.HELD}
    record_reports(reports=[{**late, "note": ""}], source=None, by=None, at=AT)
    page = opened(sign_in(Role.PROVINCIAL_ANALYST), "hop-du-ky", cast[BAN_THU])
    assert run.input_hash[:16] in page
    assert "Lần tính có 6/6, các bản ghi hôm nay cho 7/7" in page
    assert "6 ÷ 6 = 100 %" in page  # what the other pages show is what the run said


# --- opened for an organisation ------------------------------------------------------------------


def test_an_organisation_opens_to_its_cells(sign_in: SignIn, cast: Cast) -> None:
    page = opened(sign_in(Role.PROVINCIAL_ANALYST), "hop-du-ky", cast[QUAN_MAU])
    assert "23 ÷ 36 = 63,9 %" in page
    assert lines(page) == {NA_MAU: "12/12", DOI_MAU: "6/12", AN_MAU: "5/12", "Cộng": "23/36"}
    assert address("hop-du-ky", cast[AN_MAU]) in page


def test_failing_cells_are_a_figure_of_organisations_alone(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    assert "2 chi bộ có lý do nặng trong 3 chi bộ" in opened(
        client, "chi-bo-khong-dat", cast[QUAN_MAU]
    )
    assert "không có cho loại đơn vị ấy" in opened(client, "chi-bo-khong-dat", cast[AN_MAU])


# --- who sees what -------------------------------------------------------------------------------


def test_a_unit_out_of_sight_is_not_found_like_one_that_does_not_exist(
    sign_in: SignIn, cast: Cast
) -> None:
    client = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    assert client.get(address("hop-du-ky", cast[AN_MAU])).status_code == 200
    for unit in (cast[BAN_THU], cast[LANG_THU], uuid7()):
        response = client.get(address("hop-du-ky", unit))
        assert response.status_code == 404
        assert BAN_THU not in response.content.decode()
    assert client.get("/so-lieu/hop-du-ky/?don-vi=x&ky=2017-12").status_code == 404


def test_a_secretary_opens_the_figures_of_the_own_cell_alone(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.CELL_SECRETARY, AN_MAU)
    assert "5 ÷ 12" in opened(client, "hop-du-ky", cast[AN_MAU])
    assert client.get(address("hop-du-ky", cast[DOI_MAU])).status_code == 404


def test_an_administrator_opens_no_figure(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    assert client.get("/so-lieu/").status_code == 403
    assert client.get(address("hop-du-ky", cast[AN_MAU])).status_code == 403


def test_a_period_without_assessment_says_so(sign_in: SignIn, cast: Cast) -> None:
    Assessment.objects.filter(unit_id=cast[AN_MAU], run__month=dt.date(2017, 12, 1)).delete()
    page = opened(sign_in(Role.PROVINCIAL_ANALYST), "hop-du-ky", cast[AN_MAU])
    assert f"{AN_MAU}: kỳ này chưa có đánh giá." in page


# --- the page of the unit ------------------------------------------------------------------------


def test_every_figure_on_the_page_of_a_unit_opens(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    for name in (AN_MAU, QUAN_MAU):
        page = main_of(client.get(f"/to-chuc/{cast[name]}/?ky=2017-12"))
        links = set(re.findall(r'href="(/so-lieu/[^"]+)"', page))
        assert len(links) >= 5
        for link in links:
            assert "chưa lưu" not in main_of(client.get(link)), link
    assert address("hop-du-ky", cast[AN_MAU]) in main_of(
        client.get(f"/to-chuc/{cast[AN_MAU]}/?ky=2017-12")
    )


def test_a_month_of_an_opened_figure_leads_to_its_report(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    page = opened(client, "hop-du-ky", cast[AN_MAU])
    unit, mark = f"/to-chuc/{cast[AN_MAU]}/?ky=2017-12", "ky-2017-06"
    assert f'href="{unit}#{mark}"' in page
    assert f'id="{mark}"' in main_of(client.get(unit))


def test_an_opened_figure_costs_the_same_for_a_cell_of_one_year_and_of_two(
    sign_in: SignIn, cast: Cast
) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    costs = []
    for name, month in ((AN_MAU, "2016-12"), (AN_MAU, "2017-12"), (KHUOI_THU, "2017-12")):
        client.get(address("hop-du-ky", cast[name], month))
        with CaptureQueriesContext(connection) as asked:
            opened(client, "hop-du-ky", cast[name], month)
        costs.append(len(asked))
    assert len(set(costs)) == 1
    assert costs[0] <= 16 + WALL


# --- the second layer ----------------------------------------------------------------------------


def test_the_index_opens_to_parts_that_add_up(sign_in: SignIn, cast: Cast) -> None:
    page = opened(sign_in(Role.PROVINCIAL_ANALYST), "chi-so", cast[AN_MAU])
    found = re.search(r"([\d,]+) \(mức giữa của nhóm\) ([−+]?[\d,]+) điểm = ([\d,]+)", page)
    assert found is not None
    typical, gap, index = (float(one.replace("−", "-").replace(",", ".")) for one in found.groups())
    assert round(typical + gap, 1) == index
    assert "Không nơi nào ghi dự họp, việc xong đúng hạn" in page


def test_the_page_of_a_unit_adds_its_parts_up_to_the_index(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    page = main_of(client.get(f"/to-chuc/{cast[AN_MAU]}/?ky=2017-12"))
    table = page.split('<table class="stack parts">')[1].split("</table>", maxsplit=1)[0]
    shown = re.findall(r'data-l="Điểm">(?:<b>)?([−+]?[\d,]+)', table)
    *parts, index = (float(one.replace("−", "-").replace(",", ".")) for one in shown)
    assert len(parts) == 4  # the typical, and three parts
    assert round(sum(parts), 1) == index
    other = main_of(client.get(f"/to-chuc/{cast[KHUOI_THU]}/?ky=2017-12")).replace(NBSP, " ")
    assert "không họp thì tỷ lệ họp là 58,3 %; nếu đều đã họp thì là 75 %." in other


def test_without_a_reference_nothing_is_said_of_the_probability(
    sign_in: SignIn, cast: Cast
) -> None:
    """Three periods are the base: two years of data have none yet."""
    page = opened(sign_in(Role.PROVINCIAL_ANALYST), "xac-suat-yeu", cast[AN_MAU])
    assert f"{AN_MAU}: xác suất yếu chưa biết." in page


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.97, "gần như chắc là yếu (97 %)"),
        (0.85, "nhiều khả năng là yếu (85 %)"),
        (0.6, "có thể là yếu (60 %)"),
        (0.3, "chưa đủ căn cứ để nói là yếu (30 %)"),
        (0.9999, "gần như chắc là yếu (trên 99 %)"),
    ],
)
def test_a_probability_is_told_as_a_person_would(
    sign_in: SignIn, cast: Cast, probability: float, words: str
) -> None:
    one = Assessment.objects.get(unit_id=cast[AN_MAU], run__month=dt.date(2017, 12, 1))
    one.probability, one.statistics["reference"] = probability, 70.0
    one.save()
    page = opened(sign_in(Role.PROVINCIAL_ANALYST), "xac-suat-yeu", cast[AN_MAU])
    assert words in page.split("</h1>", maxsplit=1)[0]


def test_a_unit_is_not_told_its_own_rank(sign_in: SignIn, cast: Cast) -> None:
    above = opened(sign_in(Role.PROVINCIAL_ANALYST), "thu-hang", cast[QUAN_MAU])
    assert "hạng 1" in above
    for role, unit in ((Role.COMMITTEE_OFFICE, QUAN_MAU), (Role.CELL_SECRETARY, AN_MAU)):
        client = sign_in(role, unit)
        page = main_of(client.get(f"/to-chuc/{cast[unit]}/?ky=2017-12"))
        assert "Chỉ số ước tính" in page
        assert "hạng " not in page.split('id="chi-so"')[1].split("</section>", maxsplit=1)[0]
        assert "/so-lieu/thu-hang/?" not in page
        assert "không có số “thứ hạng" in opened(client, "thu-hang", cast[unit])


def test_an_office_reads_the_rank_of_the_cells_below_it(sign_in: SignIn, cast: Cast) -> None:
    page = opened(sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU), "thu-hang", cast[AN_MAU])
    assert "Trong 4 nơi cùng loại được xếp" in page


def test_two_periods_are_told_apart_only_beyond_chance(sign_in: SignIn, cast: Cast) -> None:
    page = opened(sign_in(Role.PROVINCIAL_ANALYST), "hai-ky", cast[AN_MAU])
    assert "kém đi" in page.split("</h1>", maxsplit=1)[0]
    assert "Khoảng 90 %" in page


def test_the_chart_of_meetings_names_the_month_of_change(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    one = Assessment.objects.get(unit_id=cast[AN_MAU], run__month=dt.date(2017, 12, 1))
    one.statistics["worse_since"] = "2017-06"
    one.save()
    page = opened(client, "cusum", cast[AN_MAU])
    assert f"{AN_MAU}: tín hiệu tích lũy suy giảm (CUSUM) tín hiệu yếu đi từ tháng 6/2017" in page
    assert "chừng 5 mỗi tháng trong cả tỉnh" in page
    assert "không có tín hiệu" in opened(client, "cusum", cast[NA_MAU])
    assert "không có cho loại đơn vị ấy" in opened(client, "cusum", cast[QUAN_MAU])


def test_a_trend_says_how_little_two_years_can_say(sign_in: SignIn, cast: Cast) -> None:
    page = opened(sign_in(Role.PROVINCIAL_ANALYST), "xu-huong", cast[AN_MAU])
    value = re.search(r"([−+]?[\d,]+) điểm mỗi năm", page.split("</h1>", maxsplit=1)[0])
    assert value is not None
    stored = Assessment.objects.get(unit_id=cast[AN_MAU], run__month=dt.date(2017, 12, 1))
    told = float(value.group(1).replace("−", "-").replace(",", "."))
    assert told == pytest.approx(stored.statistics["slope"][0], abs=0.06)
    assert told < 0
