"""What a reform came to stays on its page, and looking at many costs no more than at one."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import LANG_THU, QUAN_MAU, Cast
from tests.pages.reforms.test_reform_pages import (
    DAY,
    basis_on,
    commit,
    drafted,
    merge,
    upload,
    workbook,
)
from tests.pages.strengthening.story import BAN_THU, DOI_MAU, NA_MAU, main_of, words
from vungmanh.core.vocabulary import ReformState, Role, Sector, UnitKind
from vungmanh.meetings.models import Obligation
from vungmanh.org.models import Reform, UnitVersion
from vungmanh.org.reform.steps import Create, Merge, Move

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
NEW_CELL = "Chi bộ thôn Mới Lập"


def sheets_of(client: Client, reform: Reform) -> dict[str, set[str]]:
    """The words of each sheet of the list of consequences."""
    answer = client.get(f"/sap-xep/{reform.pk}/he-qua.xlsx")
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return {
        sheet.title: {str(cell.value) for row in sheet.iter_rows() for cell in row}
        for sheet in book
    }


def test_a_reform_carried_out_keeps_telling_what_followed_from_it(
    sign_in: SignIn, cast: Cast
) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    reform = drafted(client, merge(cast))
    address = f"/sap-xep/{reform.pk}/"
    before, due = sheets_of(client, reform), Obligation.objects.count()
    commit(client, reform)
    gone = due - Obligation.objects.count()
    assert gone > 0

    shown = words(main_of(client.get(address)))
    for section in ("Số đơn vị trước và sau", "Đơn vị kết thúc", "Đảng viên trước và sau"):
        assert section in shown
    assert f"thêm 0 nghĩa vụ, bớt {gone}, sửa 0" in shown
    assert "thực hiện một việc sắp xếp" in shown, "the journal says who did it"

    after = sheets_of(client, reform)
    assert after.keys() == before.keys()
    for sheet in after.keys() - {"Hệ quả", "Kỳ phải họp"}:
        assert after[sheet] == before[sheet]


def test_a_unit_that_was_founded_is_reached_from_the_page_once_it_exists(
    sign_in: SignIn, cast: Cast
) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    quan = str(cast[QUAN_MAU])
    found = Create(
        ref="moi", name=NEW_CELL, kind=UnitKind.CHI_BO, sector=Sector.VILLAGE, parent=quan
    )
    reform = drafted(client, found, Merge(sources=(str(cast[NA_MAU]),), target="#moi"))
    commit(client, reform)
    founded = UnitVersion.objects.get(name=NEW_CELL).unit_id
    assert f'href="/to-chuc/{founded}/?ky=2019-07"' in main_of(client.get(f"/sap-xep/{reform.pk}/"))


def test_what_was_told_does_not_change_with_the_register(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    reform = drafted(client, merge(cast))
    commit(client, reform)
    told = Reform.objects.get().told["consequences"]
    later = workbook(Move(unit=str(cast[DOI_MAU]), parent=str(cast[LANG_THU])), day=LATER)
    upload(client, later)
    commit(client, Reform.objects.latest("drafted_at"))
    assert Reform.objects.get(pk=reform.pk).told["consequences"] == told


LATER = DAY + dt.timedelta(days=31)


def test_taking_back_says_why_and_what_the_ledger_got_back(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    reform = drafted(client, merge(cast))
    address = f"/sap-xep/{reform.pk}/"
    commit(client, reform)
    due = Obligation.objects.count()
    client.post(address, {"act": "undo", "reason": "Làm nhầm văn bản"})
    shown = words(main_of(client.get(address)))
    assert "Làm nhầm văn bản" in shown
    assert "Sổ nghĩa vụ khi hoàn tác" in shown
    assert f"thêm {Obligation.objects.count() - due} nghĩa vụ, bớt 0, sửa 0" in shown
    assert "thực hiện lại được" in shown


def test_an_office_reads_what_followed_but_not_the_numbers_of_the_province(
    sign_in: SignIn, cast: Cast
) -> None:
    analyst = sign_in(Role.PROVINCIAL_ANALYST)
    reform = drafted(analyst, merge(cast))
    commit(analyst, reform)
    page = main_of(sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU).get(f"/sap-xep/{reform.pk}/"))
    assert 'id="ket-thuc"' in page
    assert 'id="so-luong"' not in page


def test_a_reform_loaded_with_the_register_says_that_it_has_no_list(
    sign_in: SignIn, cast: Cast
) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    reform = drafted(client, merge(cast))
    Reform.objects.update(state=ReformState.COMMITTED)
    address = f"/sap-xep/{reform.pk}/"
    assert "Việc này có sẵn khi nạp sổ ban đầu" in words(main_of(client.get(address)))
    assert client.get(f"{address}he-qua.xlsx").status_code == 404


def cost(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_the_list_of_others_costs_the_same_for_reforms_of_one_day_and_of_many(
    sign_in: SignIn, cast: Cast
) -> None:
    analyst, office = sign_in(Role.PROVINCIAL_ANALYST), Client()
    office.force_login(cast.user("van-phong", Role.COMMITTEE_OFFICE, QUAN_MAU))
    drafted(analyst, merge(cast))
    one = cost(office, "/sap-xep/")
    for months in range(1, 5):
        upload(analyst, workbook(merge(cast), day=DAY + dt.timedelta(days=31 * months)))
    hidden = drafted(analyst, Move(unit=str(cast[BAN_THU]), parent=str(cast[QUAN_MAU])))
    assert cost(office, "/sap-xep/") == one
    page = main_of(office.get("/sap-xep/"))
    assert "5 việc sắp xếp tổ chức" in words(page)
    assert f"/sap-xep/{hidden.pk}/" not in page


def test_a_dry_run_costs_the_same_for_one_step_and_for_four(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    few = drafted(client, merge(cast))
    many = drafted(
        client,
        Merge(sources=(str(cast[NA_MAU]), str(cast["Chi bộ thôn Ăn Mẫu"])), target="#moi"),
        Create(
            ref="moi",
            name=NEW_CELL,
            kind=UnitKind.CHI_BO,
            sector=Sector.VILLAGE,
            parent=str(cast[QUAN_MAU]),
        ),
        Move(unit=str(cast[BAN_THU]), parent=str(cast[QUAN_MAU])),
        Move(unit=str(cast[DOI_MAU]), parent=str(cast[LANG_THU])),
    )
    addresses = [f"/sap-xep/{one.pk}/" for one in (few, many)]
    for address in addresses:
        assert basis_on(main_of(client.get(address))), "neither has a problem"
    assert cost(client, addresses[1]) == cost(client, addresses[0])
