"""Kiểm tra số liệu in the browser's eyes: what is wrong, whose it is, accepted and taken back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import QUAN_MAU, SCHOOL, Cast
from tests.contract.test_checks import end
from tests.pages.checks.conftest import BAN_THU, NA_MAU
from tests.pages.strengthening.story import main_of, words
from vungmanh.core.vocabulary import Role
from vungmanh.org.models import IntegrityFinding, IntegrityRun

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
PAGE = "/kiem-tra-so-lieu/"
WARNINGS = f"{PAGE}?muc=warning"


def finding_of(cast: Cast, name: str) -> IntegrityFinding:
    return IntegrityFinding.objects.get(code="cell-without-members", unit_id=cast[name])


def test_an_analyst_reads_what_is_wrong_and_how_to_mend_it(sign_in: SignIn, cast: Cast) -> None:
    page = words(main_of(sign_in(Role.PROVINCIAL_ANALYST).get(WARNINGS)))
    assert "Chi bộ chưa ghi số đảng viên" in page
    assert "Cách sửa" in page
    assert NA_MAU in page
    assert BAN_THU in page


def test_an_office_reads_only_of_its_own_units(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    page = words(main_of(client.get(WARNINGS)))
    assert NA_MAU in page
    assert BAN_THU not in page
    form = {"act": "accept", "finding": finding_of(cast, BAN_THU).pk, "reason": "Để vậy thôi."}
    assert client.post(WARNINGS, form).status_code == 404


def test_a_finding_is_accepted_with_a_reason_and_taken_back(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    form = {"act": "accept", "finding": finding_of(cast, NA_MAU).pk, "reason": ""}
    refused = client.post(WARNINGS, form)
    assert refused.status_code == 422
    assert re.search(r"<details[^>]* open>", main_of(refused))
    done = client.post(WARNINGS, form | {"reason": "Chi bộ đang chờ bàn giao sổ."})
    assert done.status_code == 302
    assert NA_MAU not in words(main_of(client.get(WARNINGS)))
    accepted = words(main_of(client.get(f"{PAGE}?muc=da-chap-nhan")))
    assert "Chi bộ đang chờ bàn giao sổ." in accepted
    client.post(WARNINGS, form | {"act": "reopen"})
    assert NA_MAU in words(main_of(client.get(WARNINGS)))


def test_an_analyst_asks_again_and_an_office_may_not(sign_in: SignIn, cast: Cast) -> None:
    runs = IntegrityRun.objects.count()
    office = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    assert "Kiểm tra lại ngay" not in main_of(office.get(PAGE))
    assert office.post(PAGE, {"act": "refresh"}).status_code == 403
    analyst = sign_in(Role.PROVINCIAL_ANALYST)
    assert "Kiểm tra lại ngay" in main_of(analyst.get(PAGE))
    assert analyst.post(PAGE, {"act": "refresh"}).status_code == 302
    assert IntegrityRun.objects.count() == runs + 1


def test_an_administrator_reads_of_accounts_and_not_of_units(sign_in: SignIn, cast: Cast) -> None:
    cast.user("khongvai", None)
    client = sign_in(Role.ADMINISTRATOR)
    client.post(PAGE, {"act": "refresh"})
    page = words(main_of(client.get(PAGE)))
    assert "Tài khoản khongvai không giữ vai trò nào" in page
    assert NA_MAU not in words(main_of(client.get(WARNINGS)))


def test_a_secretary_has_no_such_page(sign_in: SignIn, cast: Cast) -> None:
    assert sign_in(Role.CELL_SECRETARY, NA_MAU).get(PAGE).status_code == 403


def test_before_the_first_night_the_page_says_so(sign_in: SignIn, cast: Cast) -> None:
    IntegrityRun.objects.all().delete()
    IntegrityFinding.objects.all().delete()
    page = words(main_of(sign_in(Role.PROVINCIAL_ANALYST).get(PAGE)))
    assert "Chưa kiểm tra số liệu lần nào" in page


def test_a_strange_finding_is_not_found(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    assert client.post(PAGE, {"act": "accept", "finding": "x"}).status_code == 404


def test_the_list_asks_as_often_for_one_finding_as_for_all(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    client.get(WARNINGS)
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(WARNINGS)
        counts.append(len(asked))
        keep = finding_of(cast, NA_MAU).pk
        IntegrityFinding.objects.exclude(pk=keep).delete()
    assert counts[0] == counts[1]


def test_an_administrator_is_told_of_a_role_left_in_a_unit_that_ended(
    sign_in: SignIn, cast: Cast
) -> None:
    cast.user("bithu", Role.CELL_SECRETARY, SCHOOL)
    end(cast, SCHOOL, dt.date(2026, 1, 1))
    client = sign_in(Role.ADMINISTRATOR)
    client.post(PAGE, {"act": "refresh"})
    page = main_of(client.get(PAGE))
    assert "Tài khoản bithu còn giữ vai trò ở tổ chức đã kết thúc" in words(page)
    assert SCHOOL in words(page)
    assert "/to-chuc/" not in page
