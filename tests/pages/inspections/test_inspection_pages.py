"""Kiểm tra, giám sát as an office, a secretary and a neighbour work with it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import CELLS, QUAN_MAU, Cast
from vungmanh.core.text import NBSP
from vungmanh.core.vocabulary import InspectionState, Role, Verdict
from vungmanh.meetings.models import Inspection, InspectionMonth, Task

pytestmark = pytest.mark.django_db

CELL, OTHER, _THIRD = CELLS[QUAN_MAU]
PAGE = "/kiem-tra-giam-sat/"
SignIn = Callable[..., Client]

SAID = {
    "kind": "kiem_tra", "body": "Ủy ban Kiểm tra Đảng ủy xã", "document": "QĐ 05 ngày 10/1/2020",
    "on": "2020-01-15", "first_month": "2019-01", "last_month": "2019-12",
    "basis": "sổ biên bản, hỏi ba đảng viên",
    **{f"month-2019-{n:02}": "held" if n <= 5 else "not_held" for n in range(1, 13)},
}  # fmt: skip


def text_of(response) -> str:
    page = response.content.decode().split("<main", 1)[1].split("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace(NBSP, " ")


def record(client: Client, cast: Cast, cell: str = CELL, **more: str):
    return client.post(f"{PAGE}ghi/{cast[cell]}/?den=2019-12", {**SAID, **more})


def test_twelve_rows_and_no_verdict_filled_in(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU).get(f"{PAGE}ghi/{cast[CELL]}/?den=2019-12")
    html = page.content.decode()
    selects = re.findall(r'<select name="month-2019-\d\d".*?</select>', html, re.DOTALL)
    assert len(selects) == 12
    for one in selects:
        assert '<option value="" selected>' in one
    assert not re.search(r'<input type="radio"[^>]*checked', html)
    assert text_of(page).count("Báo đã họp") == 12


def test_an_office_records_and_everyone_who_sees_the_cell_reads_the_count(
    cast: Cast, sign_in: SignIn
) -> None:
    office = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    made = record(office, cast)
    one = Inspection.objects.get()
    assert made.status_code == 302
    assert made.headers["Location"] == f"{PAGE}{one.pk}/"
    told = "Kiểm tra thấy 7 trong 12 buổi đã báo cáo là có họp thì không họp."
    for client in (office, sign_in(Role.CELL_SECRETARY, CELL), sign_in(Role.OVERSEER, CELL)):
        page = client.get(f"{PAGE}{one.pk}/")
        assert told in text_of(page)
        assert "hệ số xác minh 41,7 %" in text_of(client.get(PAGE))
    assert sign_in(Role.CELL_SECRETARY, OTHER).get(f"{PAGE}{one.pk}/").status_code == 404
    assert "Sửa" not in re.findall(
        r'<p class="acts">.*?</p>', sign_in(Role.OVERSEER, OTHER).get(PAGE).content.decode()
    )


def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(
    cast: Cast, sign_in: SignIn
) -> None:
    office = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    page = record(office, cast, basis="", **{"basis-2019-01": "giấy mời"})
    assert page.status_code == 422
    assert "Ghi dựa vào đâu" in text_of(page)
    assert 'value="giấy mời"' in page.content.decode()
    assert not Inspection.objects.exists()


def test_a_correction_shows_both_values_and_withdrawing_leaves_the_page(
    cast: Cast, sign_in: SignIn
) -> None:
    office = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    record(office, cast)
    one = Inspection.objects.get()
    fixed = {**SAID, "month-2019-06": "held", "reason": "Đối chiếu lại sổ", "revision": "1"}
    assert office.post(f"{PAGE}{one.pk}/sua/", fixed).status_code == 302
    page = text_of(office.get(f"{PAGE}{one.pk}/"))
    assert "6 trong 12 buổi" in page
    assert "Không họp (sổ biên bản, hỏi ba đảng viên) → Có họp" in page
    assert InspectionMonth.objects.get(month="2019-06-01").verified == Verdict.HELD
    gone = office.post(f"{PAGE}{one.pk}/rut/", {"reason": "Ghi nhầm chi bộ"})
    assert gone.status_code == 302
    assert Inspection.objects.get().state == InspectionState.WITHDRAWN
    assert "không còn tính vào số liệu" in text_of(office.get(f"{PAGE}{one.pk}/"))


def test_the_cell_and_its_ledger_show_what_was_verified(cast: Cast, sign_in: SignIn) -> None:
    record(sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU), cast)
    page = text_of(sign_in(Role.CELL_SECRETARY, CELL).get(f"/so-nghia-vu/{cast[CELL]}/?ky=2019-12"))
    assert page.count("theo kiểm tra") == 12
    assert "Không họp" in page


def test_a_secretary_is_not_offered_to_record(cast: Cast, sign_in: SignIn) -> None:
    secretary = sign_in(Role.CELL_SECRETARY, CELL)
    assert "Ghi một cuộc" not in text_of(secretary.get(PAGE))
    assert secretary.get(f"{PAGE}ghi/").status_code == 403
    assert record(secretary, cast).status_code == 403


def test_the_list_asks_as_much_for_one_as_for_three(cast: Cast, sign_in: SignIn) -> None:
    office = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    record(office, cast)
    office.get(PAGE)
    with CaptureQueriesContext(
        connection,
    ) as one:
        office.get(PAGE)
    for cell in CELLS[QUAN_MAU][1:]:
        record(office, cast, cell)
    with CaptureQueriesContext(connection) as three:
        assert office.get(PAGE).content.decode().count('<th scope="row">') == 3
    assert len(one) == len(three)


def test_the_month_of_tet_carries_a_quiet_note_and_stays_due(cast: Cast, sign_in: SignIn) -> None:
    page = text_of(sign_in(Role.CELL_SECRETARY, CELL).get(f"/so-nghia-vu/{cast[CELL]}/?ky=2019-12"))
    assert page.count("Tháng có Tết") == 1
    assert "tháng 2/2019" in page.split("Tháng có Tết")[0].rsplit("Báo", 1)[-1]
    assert "theo thư viện holidays, cần kiểm tra" in page


def test_a_finding_is_given_as_a_task_that_keeps_where_it_came_from(
    cast: Cast, sign_in: SignIn
) -> None:
    office = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    record(office, cast)
    one = Inspection.objects.get()
    assert f"/viec/giao/?kiem-tra={one.pk}" in office.get(f"{PAGE}{one.pk}/").content.decode()
    said = {"title": "Ghi đủ sổ biên bản", "owner": "Bí thư", "due_on": "2020-03-01",
            "output": "sổ biên bản đủ 12 kỳ"}  # fmt: skip
    assert office.post(f"/viec/giao/?kiem-tra={one.pk}", said).status_code == 302
    task = Task.objects.get()
    assert (task.unit_id, task.inspection_id) == (one.unit_id, one.pk)
    secretary = sign_in(Role.CELL_SECRETARY, CELL)
    assert "Ghi đủ sổ biên bản" in text_of(secretary.get(f"{PAGE}{one.pk}/"))
    stranger = sign_in(Role.CELL_SECRETARY, OTHER)
    assert stranger.post(f"/viec/giao/?kiem-tra={one.pk}", said).status_code == 404
