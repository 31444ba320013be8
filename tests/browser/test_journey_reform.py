"""The reform of 2025 on a province that still has its districts: read, done, undone, done again."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Page, expect
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from tests.browser.province import (
    PROVINCE_SEED,
    SIZE,
    Town,
    _fresh_database,
    _looking_at,
    picture,
)
from vungmanh.analysis.simulate import simulate_province
from vungmanh.analysis.simulate.reform import BEFORE_REFORM
from vungmanh.config.demo import load_demonstration
from vungmanh.config.reform_of_2025 import write_reform_of_2025
from vungmanh.core.periods import last_day
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import UnitKind
from vungmanh.org.models import Lineage, UnitVersion
from vungmanh.org.queries import closure_differences

EVE = last_day(BEFORE_REFORM)
REFORM = EVE + dt.timedelta(days=1)


@pytest.fixture
def before(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    """The province on the eve of the reform, with a server on it."""
    name = f"{connection.settings_dict['NAME']}_truoc"
    with django_db_blocker.unblock(), _fresh_database(name), _looking_at(name):
        call_command("migrate", interactive=False, verbosity=0)
        load_demonstration(
            lambda words: None, size=SIZE, seed=PROVINCE_SEED, last_month=BEFORE_REFORM
        )
        server = LiveServer("localhost")
        yield Town(
            server.url, simulate_province(PROVINCE_SEED, size=SIZE, last_month=BEFORE_REFORM)
        )
        server.stop()


def workbook_of_the_reform(before: Town, folder: Path) -> tuple[Path, int]:
    """The decision of 2025 as an office would send it, and its number of steps."""
    path = folder / "sap-xep-2025.xlsx"
    return path, write_reform_of_2025(path, before.simulated, PROVINCE_SEED, SIZE)


def districts_on(day: dt.date) -> int:
    kinds = UnitVersion.objects.filter(kind=UnitKind.DANG_BO_HUYEN, valid__contains=day)
    return kinds.count()


def test_the_analyst_carries_the_reform_of_2025_out_takes_it_back_and_does_it_again(
    before: Town, desk: Page, tmp_path: Path
) -> None:
    path, steps = workbook_of_the_reform(before, tmp_path)
    had = districts_on(REFORM)
    assert had > 0
    before.sign_in(desk, "chuyenvien")
    desk.get_by_role("navigation").get_by_role("link", name="Sắp xếp tổ chức").first.click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("việc sắp xếp tổ chức")
    desk.get_by_role("link", name="Lập việc sắp xếp").click()
    desk.get_by_label("Tệp bảng sắp xếp").set_input_files(path)
    desk.get_by_role("button", name="Đọc và xem trước").click()

    # The dry run: consequences in words and tables, nothing written.
    heading = desk.get_by_role("heading", level=1)
    expect(heading).to_contain_text(f"{number_vi(steps)} bước", timeout=60_000)
    expect(heading).to_contain_text("thực hiện được")
    expect(desk.get_by_role("heading", name="Đơn vị kết thúc")).to_be_visible()
    picture(desk, "sap-xep-xem-truoc")
    assert districts_on(REFORM) == had

    page_of_reform = desk.url
    desk.get_by_role("button", name="Thực hiện").click()
    expect(heading).to_contain_text("Đã thực hiện", timeout=120_000)
    assert districts_on(REFORM) == 0
    assert districts_on(EVE) == had
    assert closure_differences() == []
    heirs = Lineage.objects.filter(on=REFORM).count()
    assert heirs > 0
    picture(desk, "sap-xep-da-thuc-hien")

    # A new unit tells what it came from.
    one = Lineage.objects.filter(on=REFORM).order_by("id").first()
    assert one is not None
    desk.goto(f"{before.url}/to-chuc/{one.predecessor_id}/?ky={BEFORE_REFORM:%Y-%m}")
    expect(desk.locator("#lich-su")).to_contain_text("Nay thuộc")

    desk.goto(page_of_reform)
    desk.get_by_label("Lý do hoàn tác").fill("Thử hoàn tác")
    desk.get_by_role("button", name="Hoàn tác việc sắp xếp này").click()
    expect(heading).to_contain_text("Đã hoàn tác", timeout=120_000)
    assert districts_on(REFORM) == had
    assert not Lineage.objects.filter(on=REFORM).exists()
    assert closure_differences() == []

    desk.get_by_role("button", name="Thực hiện").click()
    expect(heading).to_contain_text("Đã thực hiện", timeout=120_000)
    assert districts_on(REFORM) == 0
    assert Lineage.objects.filter(on=REFORM).count() == heirs


def test_the_dry_run_fits_a_phone(before: Town, phone: Page, tmp_path: Path) -> None:
    path, _steps = workbook_of_the_reform(before, tmp_path)
    before.sign_in(phone, "chuyenvien")
    phone.goto(f"{before.url}/sap-xep/moi/")
    phone.get_by_label("Tệp bảng sắp xếp").set_input_files(path)
    phone.get_by_role("button", name="Đọc và xem trước").click()
    expect(phone).to_have_url(re.compile(r"/sap-xep/[0-9a-f-]{36}/"), timeout=60_000)
    expect(phone.get_by_role("heading", level=1)).to_contain_text("thực hiện được")
