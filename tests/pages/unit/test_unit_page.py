"""The page of one unit: a cell, an organisation, a cell that is one, a committee above them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, LANG_THU, PROVINCE, QUAN_MAU, SCHOOL, Cast
from tests.pages.strengthening.story import (
    AN_MAU,
    BAN_THU,
    DOI_MAU,
    EXCUSE,
    KHUOI_THU,
    NA_MAU,
    add_cells,
    assess_years,
    main_of,
    words,
)
from tests.wall import WALL
from vungmanh.access.actions.grants import grant_role
from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import Reach, Role
from vungmanh.evaluation.actions.grades import load_year_grades
from vungmanh.meetings.models import MeetingReport
from vungmanh.org.models import Appointment
from vungmanh.strengthening.actions.assess import assess_months

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]


def page_of(client: Client, unit: UUID, month: str = "2017-12") -> str:
    return main_of(client.get(f"/to-chuc/{unit}/?ky={month}"))


def grid(page: str) -> dict[int, list[str]]:
    """The twelve months of each year, in words; nothing for a month in which nothing was owed."""
    table = re.findall(r'<table class="months full">.*?</table>', page, re.DOTALL)
    rows = re.findall(r'<tr><th scope="row">(\d{4})</th>(.*?)</tr>', "".join(table), re.DOTALL)
    return {
        int(year): [words(cell) for cell in re.findall(r"<td>(.*?)</td>", row, re.DOTALL)]
        for year, row in rows
    }


def leave(cast: Cast, name: str, day: dt.date) -> None:
    """The secretary of a unit goes and nobody follows."""
    post = Appointment.objects.get(unit_id=cast[name])
    post.valid = type(post.valid)(post.valid.lower, day)
    post.save()


# --- a cell --------------------------------------------------------------------------------------


def test_the_page_of_a_cell_says_its_counts_and_where_it_stands(
    sign_in: SignIn, cast: Cast
) -> None:
    page = page_of(sign_in(Role.PROVINCIAL_ANALYST), cast[AN_MAU])
    assert "Chi bộ thôn Ăn Mẫu họp 5 trong 12 kỳ bắt buộc gần nhất; cần củng cố." in page
    assert "Họp 5, không họp 7, chưa báo cáo 0 / 12 kỳ. Kỳ trước: bình thường." in page
    assert "Lý do: 1" in page
    assert "Họp dưới 8 trong 12 kỳ sinh hoạt thường kỳ là một lý do nặng" in page
    assert "mẫu, tỉnh chưa ban hành" in page
    assert "9: chính thức 9" in page


def test_the_five_marks_of_a_month_are_told_apart(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    assert grid(page_of(client, cast[KHUOI_THU]))[2017] == (
        ["đã họp"] * 7 + ["không họp"] * 3 + ["chưa có báo cáo"] * 2
    )
    school = page_of(client, cast[SCHOOL])
    assert grid(school)[2017] == ["đã họp"] * 10 + ["được miễn, có lý do"] * 2
    assert f"được miễn, lũ quét ({EXCUSE}, 20/11/2017)." in words(school)
    assess_months(months=[dt.date(2018, 9, 1)], by=None, at=AT)
    now = page_of(client, cast[AN_MAU], "2018-09")
    assert grid(now)[2018] == ["đã họp"] * 9 + ["chưa đến hạn"] * 3


def test_silence_is_said_and_stands_before_everything(sign_in: SignIn, cast: Cast) -> None:
    page = page_of(sign_in(Role.PROVINCIAL_ANALYST), cast[BAN_THU])
    assert "mới báo cáo 6 trong 12 kỳ bắt buộc gần nhất; phải xác minh." in page
    assert "Họp 6, không họp 0, chưa báo cáo 6 / 12 kỳ." in page
    assert "Chưa có báo cáo không tính là không họp." in page
    first = re.findall(r'<th scope="row"><div class="reasons">(.*?)</th>', page)[0]
    assert words(first) == "chỉ báo cáo 6/12 kỳ"
    assert 'class="reason verify"' in first


def test_an_undecided_count_says_what_is_missing(sign_in: SignIn, cast: Cast) -> None:
    page = page_of(sign_in(Role.PROVINCIAL_ANALYST), cast[KHUOI_THU])
    assert "họp 7 trong 12 kỳ bắt buộc gần nhất; cần xác minh." in page
    assert "nếu các kỳ chưa báo cáo đều đã họp thì đạt mức 8/12" in page
    assert "Nặng, nhẹ" in page
    assert ">cần xác minh</td>" in page


def test_a_vacant_post_counts_its_days_and_follows_to_the_months(
    sign_in: SignIn, cast: Cast
) -> None:
    leave(cast, NA_MAU, dt.date(2017, 9, 29))
    assess_years(2017)
    page = page_of(sign_in(Role.PROVINCIAL_ANALYST), cast[NA_MAU])
    assert "họp 12 trong 12 kỳ bắt buộc gần nhất và khuyết bí thư 94\xa0ngày; cần củng cố." in page
    assert "Khuyết từ 29/09/2017; mức nhắc là 90 ngày." in page
    assert "Khuyết từ 29/09/2017, 94 ngày" in page  # beside the grid, the same count
    spans = re.findall(r'<td class="(sp[^"]*)" colspan="(\d+)"><span>([^<]+)</span>', page)
    assert spans == [("sp", "8", "có bí thư"), ("sp off", "4", "khuyết")]


def test_a_cell_that_is_an_organisation_has_months_and_counts_once(
    sign_in: SignIn, cast: Cast
) -> None:
    page = page_of(sign_in(Role.PROVINCIAL_ANALYST), cast[SCHOOL])
    assert "Chi bộ Trường Thử họp 10 trong 10 kỳ bắt buộc gần nhất; bình thường." in page
    assert set(grid(page)) == {2016, 2017}
    assert "Không có lý do nào: mọi số đếm đều đạt mức tối thiểu" in page


# --- organisations and committees ----------------------------------------------------------------


def test_the_page_of_an_organisation_names_the_cells_that_fail(sign_in: SignIn, cast: Cast) -> None:
    page = page_of(sign_in(Role.PROVINCIAL_ANALYST), cast[QUAN_MAU])
    assert "Đảng bộ xã Quan Mẫu họp 23 trong 36 kỳ bắt buộc gần nhất; cần củng cố." in page
    cells = page.split('<table class="cells stack">')[1].split("</table>")[0]
    assert re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', cells) == [AN_MAU, DOI_MAU, NA_MAU]
    named = re.findall(r'<ul class="named">(.*?)</ul>', page)[0]
    assert words(named) == "Chi bộ thôn Ăn Mẫu : 5 /12 Chi bộ thôn Đồi Mẫu : 6 /12"
    assert "3; 2 chi bộ có lý do nặng" in page


def test_whoever_sees_an_organisation_alone_reads_its_counts_and_no_cell(
    sign_in: SignIn, cast: Cast
) -> None:
    """A role that reaches the commune but not below it."""
    client = sign_in(Role.OVERSEER, QUAN_MAU)
    opened = f"/nhan-dien/?ky=2017-12&mo={cast[QUAN_MAU]}"
    for address in (f"/to-chuc/{cast[QUAN_MAU]}/?ky=2017-12", opened, "/tong-quan/?ky=2017-12"):
        page = client.get(address).content.decode()
        assert "23/36" in page
        assert [name for name in (AN_MAU, DOI_MAU, NA_MAU) if name in page] == []


def test_a_committee_is_not_judged_and_leads_to_what_lies_below(
    sign_in: SignIn, cast: Cast
) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    page = page_of(client, cast[PROVINCE])
    assert "Đảng bộ tỉnh Mẫu: lý do được tính cho từng tổ chức bên dưới." in page
    below = f"/to-chuc/{cast[PROVINCE]}/ben-duoi/"
    assert f'href="{below}"' in page
    assert QUAN_MAU in main_of(client.get(below))


def test_the_way_above_is_a_link_only_where_one_may_go(sign_in: SignIn, cast: Cast) -> None:
    page = page_of(sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU), cast[AN_MAU])
    where = page.split('<p class="where">')[1].split("</p>")[0]
    assert f'<a href="/to-chuc/{cast[QUAN_MAU]}/">{QUAN_MAU}</a>' in where
    assert f"<span>{PROVINCE}</span>" in where


# --- the day looked at ---------------------------------------------------------------------------


def test_an_earlier_month_never_shows_what_came_later(sign_in: SignIn, cast: Cast) -> None:
    leave(cast, AN_MAU, dt.date(2018, 3, 1))
    load_year_grades(
        grades={
            "unit": [cast[AN_MAU]] * 3,
            "year": [2015, 2016, 2017],
            "regime": ["R1", "R1", "R1"],
            "grade": ["hoan_thanh", "hoan_thanh_tot", "yeu_kem"],
            "decided_on": [dt.date(2016, 1, 20), dt.date(2017, 1, 20), dt.date(2018, 1, 20)],
        },
        by=None,
        at=AT,
    )
    client = sign_in(Role.PROVINCIAL_ANALYST)
    then, later = (page_of(client, cast[AN_MAU], month) for month in ("2017-12", "2018-12"))
    assert set(grid(then)) == {2016, 2017}
    told = words(then.replace("trước 2018", "").replace("sau 2018", ""))
    assert [told[max(at - 80, 0) : at + 20] for at in find_all(told, "2018")] == []
    assert "Bí thư Thử Một, từ 01/01/2016" in words(then)
    assert "Yếu kém" not in years_graded(then)
    assert set(years_graded(then)) == {"2015", "2016"}
    assert set(grid(later)) == {2016, 2017, 2018}
    assert "Khuyết từ 01/03/2018" in later
    assert set(years_graded(later)) == {"2015", "2016", "2017"}


def find_all(text: str, part: str) -> list[int]:
    return [found.start() for found in re.finditer(re.escape(part), text)]


def years_graded(page: str) -> list[str]:
    table = page.split('<table class="grades">')[1].split("</table>", maxsplit=1)[0]
    return re.findall(r'<th scope="col">(\d{4})</th>', table)


def test_grades_stand_in_two_halves_with_the_break_between(sign_in: SignIn, cast: Cast) -> None:
    load_year_grades(
        grades={
            "unit": [cast[AN_MAU]] * 2,
            "year": [2017, 2018],
            "regime": ["R1", "R2a"],
            "grade": ["yeu_kem", "tot"],
            "decided_on": [dt.date(2018, 1, 20), dt.date(2019, 1, 20)],
        },
        by=None,
        at=AT,
    )
    assess_years(2018, 2019)
    page = page_of(sign_in(Role.PROVINCIAL_ANALYST), cast[AN_MAU], "2019-12")
    table = page.split('<table class="grades">')[1].split("</table>")[0]
    assert "đổi quy định, không so được" in table
    assert re.findall(r'<span class="vh">(Yếu kém|Hoàn thành tốt nhiệm vụ)</span>', table) == [
        "Hoàn thành tốt nhiệm vụ", "Yếu kém",
    ]  # fmt: skip


def test_a_unit_younger_than_the_month_looked_at_is_not_there(sign_in: SignIn, cast: Cast) -> None:
    add_cells(cast, QUAN_MAU, ["Chi bộ thôn Sau Này"], since=dt.date(2018, 6, 1))
    client = sign_in(Role.PROVINCIAL_ANALYST)
    young = f"/to-chuc/{cast['Chi bộ thôn Sau Này']}/"
    assert client.get(f"{young}?ky=2017-12").status_code == 404
    assert client.get(f"{young}?ky=2018-12").status_code == 200


def test_a_month_that_was_never_assessed_is_said(client: Client, cast: Cast) -> None:
    add_cells(cast, QUAN_MAU, ["Chi bộ thôn Mới Lập"], since=dt.date(2017, 12, 15))
    client.force_login(cast.user("chuyen-vien", Role.PROVINCIAL_ANALYST))
    page = page_of(client, cast["Chi bộ thôn Mới Lập"])
    assert "Chi bộ thôn Mới Lập: kỳ này chưa có đánh giá." in page
    assert "Chi bộ này chưa có kỳ nào phải họp tính đến kỳ đang xem." in page
    assert "Kỳ này chưa tính cho đơn vị này." in page


# --- roles ---------------------------------------------------------------------------------------


def test_a_secretary_reads_her_own_reasons_and_no_order(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.CELL_SECRETARY, AN_MAU)
    html = client.get(f"/to-chuc/{cast[AN_MAU]}/?ky=2017-12").content.decode()
    assert "họp 5 trong 12 kỳ bắt buộc gần nhất; cần củng cố." in html
    assert "Mức tối thiểu là 8/12." in html
    for trace in ("Thứ tự", "thứ tự", "hạng ", "position", "/nhan-dien/", "data-rank", "rank"):
        assert trace not in html.replace("Xếp loại hằng năm", ""), trace
    for name in (DOI_MAU, NA_MAU, LANG_THU, BAN_THU, SCHOOL):
        assert name not in html


@pytest.mark.parametrize(
    ("role", "held", "asked"),
    [
        (Role.CELL_SECRETARY, AN_MAU, DOI_MAU),
        (Role.CELL_SECRETARY, AN_MAU, QUAN_MAU),
        (Role.OVERSEER, AN_MAU, DOI_MAU),
        (Role.COMMITTEE_OFFICE, QUAN_MAU, LANG_THU),
        (Role.COMMITTEE_OFFICE, QUAN_MAU, BAN_THU),
        (Role.COMMITTEE_OFFICE, QUAN_MAU, PROVINCE),
    ],
)
def test_out_of_sight_is_the_same_answer_as_absent(
    sign_in: SignIn, cast: Cast, role: Role, held: str, asked: str
) -> None:
    client = sign_in(role, held)
    hidden = client.get(f"/to-chuc/{cast[asked]}/?ky=2017-12")
    absent = client.get(f"/to-chuc/{uuid7()}/?ky=2017-12")
    assert hidden.status_code == absent.status_code == 404
    assert asked not in main_of(hidden)


def test_the_administrator_sees_no_unit(sign_in: SignIn, cast: Cast) -> None:
    response = sign_in(Role.ADMINISTRATOR).get(f"/to-chuc/{cast[AN_MAU]}/?ky=2017-12")
    assert response.status_code == 403
    assert AN_MAU not in response.content.decode()


# --- cost ----------------------------------------------------------------------------------------


def cost(client: Client, unit: UUID, month: str) -> int:
    client.get(f"/to-chuc/{unit}/?ky={month}")
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/to-chuc/{unit}/?ky={month}").status_code == 200
    return len(asked)


def test_the_page_of_a_cell_costs_the_same_for_one_year_and_for_four(
    sign_in: SignIn, cast: Cast
) -> None:
    assess_years(2019)
    client = sign_in(Role.PROVINCIAL_ANALYST)
    costs = [cost(client, cast[NA_MAU], f"{year}-12") for year in (2016, 2017, 2019)]
    assert len(set(costs)) == 1
    # Three of them tell its history, three its figures; visits, file and posts one each.
    assert costs[0] <= 34 + WALL


def test_the_page_of_an_organisation_costs_the_same_for_one_cell_and_for_three(
    sign_in: SignIn, cast: Cast
) -> None:
    names = ["Chi bộ thôn Một", "Chi bộ thôn Hai", "Chi bộ thôn Ba"]
    add_cells(cast, LANG_THU, names, since=dt.date(2018, 1, 1))
    for name in names:
        cast.hold(name, 2018, held=4)
    cast.hold(BAN_THU, 2018, held=4)
    assess_years(2018)
    client = sign_in(Role.PROVINCIAL_ANALYST)
    costs = {name: cost(client, cast[name], "2018-12") for name in (LANG_THU, QUAN_MAU)}
    few = {**costs, LANG_THU: cost(client, cast[LANG_THU], "2016-12")}
    assert costs[LANG_THU] - few[LANG_THU] <= 1  # which of the named cells may be seen
    assert costs[QUAN_MAU] == few[LANG_THU] <= 31 + WALL  # with visits, file, courses


def test_a_second_grant_of_a_role_widens_what_one_sees(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.OVERSEER, AN_MAU)
    address = f"/to-chuc/{cast[BAN_THU]}/?ky=2017-12"
    user = client.get(address).wsgi_request.user
    assert client.get(address).status_code == 404
    grant_role(
        user=user, role=Role.OVERSEER, unit_id=cast[BAN_THU], reach=Reach.UNIT,
        valid_from=dt.date(2014, 1, 1), by=None, at=AT,
    )  # fmt: skip
    assert client.get(address).status_code == 200


def test_tasks_of_a_month_are_shown_of_those_due_and_none_due_is_not_unknown(
    sign_in: SignIn, cast: Cast
) -> None:
    counts = {dt.date(2017, 12, 1): (4, 3), dt.date(2017, 11, 1): (0, 0)}
    for month, (due, on_time) in counts.items():
        MeetingReport.objects.filter(unit_id=cast[NA_MAU], month=month).update(
            tasks_due=due, tasks_on_time=on_time
        )
    page = page_of(sign_in(Role.PROVINCIAL_ANALYST), cast[NA_MAU])
    [table] = re.findall(r'<table class="stack records">.*?</table>', page, re.DOTALL)
    rows = re.findall(r'<tr[^>]*><th scope="row">.*?</tr>', table, re.DOTALL)
    last = [re.findall(r"<td.*?</td>", row, re.DOTALL)[-1] for row in rows]
    assert [words(cell) for cell in last[:3]] == ["3/4", "không có việc", "–"]
