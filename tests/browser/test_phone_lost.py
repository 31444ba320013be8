"""Storage wiped, PIN forgotten, minutes of quiet, a new version: nothing is lost in silence."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from tests.browser.phone_hand import PIN, Hand, cell_of_fifteen, months_ago, secretary
from vungmanh.meetings.models import Meeting, PhoneItem
from vungmanh.web.phone import shell

pytestmark = [pytest.mark.django_db(transaction=True)]

WIPE = """async () => {
  for (const { name } of await indexedDB.databases()) {
    await new Promise((done) => { indexedDB.deleteDatabase(name).onsuccess = done; });
  }
}"""


def test_a_wiped_storage_says_what_was_lost_and_a_file_brings_it_back(
    phone: Page, live_server: Any, sign_in: Any, assert_accessible: Any, tmp_path: Path
) -> None:
    cast = cell_of_fifteen()
    sign_in(phone, secretary(cast))
    hand = Hand(phone, live_server.url)
    hand.open()
    hand.cut()
    hand.record(months_ago(1))
    hand.expect_unsent(2)
    phone.evaluate("location.hash = '#may-nay'")
    phone.get_by_role("button", name="Khóa ngay").click()
    phone.get_by_role("link", name="Quên mã PIN").click()
    assert_accessible(phone)
    with phone.expect_download() as saved:
        phone.get_by_role("button", name="Lưu phần đã khóa ra tệp").click()
    copy = tmp_path / "khoa.json"
    saved.value.save_as(copy)
    sealed = json.loads(copy.read_text(encoding="utf-8"))
    assert (sealed["format"], len(sealed["rows"])) == ("vungmanh-phone-sealed", 2)

    phone.evaluate(WIPE)
    phone.evaluate("location.hash = '#viec'")
    phone.reload()
    expect(phone.get_by_text("Lúc đó còn 2 mục chưa gửi")).to_be_visible()
    assert_accessible(phone)
    hand.join()
    phone.get_by_role("button", name="Thử lại").click()
    phone.get_by_label("Mã PIN, 6 chữ số").fill("570318")
    phone.get_by_label("Nhập lại mã PIN").fill("570318")
    phone.get_by_role("button", name="Đặt mã và mở").click()
    hand.at_home()
    hand.go("Máy này")
    phone.get_by_text("nhớ ra mã PIN của nó").click()
    phone.get_by_label("Tệp đã lưu khi quên mã").set_input_files(copy)
    phone.get_by_label("Mã PIN lúc lưu tệp").fill(PIN)
    phone.get_by_role("button", name="Mở tệp").click()
    expect(phone.get_by_text("2 mục chuyển sang khóa mới")).to_be_visible()
    hand.expect_unsent(0)
    hand.rest()
    assert PhoneItem.objects.count() == 2


def test_a_forgotten_pin_wipes_nothing_and_opens_again_when_remembered(
    phone: Page, live_server: Any, sign_in: Any, assert_accessible: Any
) -> None:
    cast = cell_of_fifteen()
    sign_in(phone, secretary(cast))
    hand = Hand(phone, live_server.url)
    hand.open()
    hand.cut()
    hand.record(months_ago(1))
    phone.clock.install()
    phone.clock.fast_forward("10:30")  # minutes in which nobody touched it
    expect(phone.get_by_role("heading", level=1, name="Nhập mã PIN để mở")).to_be_visible()
    expect(phone.get_by_text("Còn 2 mục chưa gửi trên máy này, đã khóa.")).to_be_visible()

    phone.get_by_role("link", name="Quên mã PIN").click()
    hand.join()
    phone.get_by_role("button", name="Đặt mã PIN mới").click()
    phone.get_by_label("Mã PIN, 6 chữ số").fill("570318")
    phone.get_by_label("Nhập lại mã PIN").fill("570318")
    phone.get_by_role("button", name="Đặt mã và mở").click()
    hand.at_home()
    hand.expect_unsent(0)
    hand.go("Máy này")
    expect(phone.get_by_text("Còn 2 mục khóa bằng mã PIN cũ")).to_be_visible()
    assert_accessible(phone)
    assert not PhoneItem.objects.exists()
    phone.get_by_label("Mã PIN cũ").fill(PIN)
    phone.get_by_role("button", name="Mở phần khóa cũ").click()
    expect(phone.get_by_text("2 mục chuyển sang khóa mới")).to_be_visible()
    hand.expect_unsent(0)
    expect(phone.get_by_text("Còn 2 mục khóa bằng mã PIN cũ")).to_have_count(0)
    assert PhoneItem.objects.count() == 2
    hand.rest()


def test_a_new_version_waits_until_asked_and_keeps_the_draft(
    phone: Page, live_server: Any, sign_in: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = cell_of_fifteen()
    sign_in(phone, secretary(cast))
    hand = Hand(phone, live_server.url)
    hand.open()
    phone.reload()  # from now on the worker serves the page
    hand.unlock()
    hand.at_home()
    hand.month(months_ago(1))
    phone.get_by_role("radio", name="Có họp", exact=True).check()
    phone.get_by_role("radio", name="19:30").check()
    expect(phone.get_by_text("Đã giữ bản nháp")).to_be_visible()

    newer = tmp_path / "worker.js"
    newer.write_text(shell.WORKER.read_text(encoding="utf-8") + "\n// newer\n", encoding="utf-8")
    monkeypatch.setattr(shell, "WORKER", newer)
    phone.evaluate("navigator.serviceWorker.ready.then((one) => one.update()).then(() => null)")
    expect(phone.get_by_text("Đã có bản mới của phần này.")).to_be_visible()
    expect(phone.get_by_role("radio", name="19:30")).to_be_checked()
    phone.get_by_role("button", name="Dùng bản mới").click()
    expect(phone.get_by_role("heading", level=1, name="Nhập mã PIN để mở")).to_be_visible()
    hand.unlock()
    expect(phone.get_by_role("radio", name="19:30")).to_be_checked()
    expect(phone.get_by_role("radio", name="Có họp", exact=True)).to_be_checked()
    hand.rest()


def test_without_a_session_the_server_keeps_what_comes_until_one_signs_in(
    phone: Page, live_server: Any, sign_in: Any
) -> None:
    cast = cell_of_fifteen()
    user = secretary(cast)
    sign_in(phone, user)
    phone.clock.install(time=dt.datetime.now(dt.UTC) + dt.timedelta(days=8))
    hand = Hand(phone, live_server.url)
    hand.open()
    expect(phone.get_by_text("Đồng hồ điện thoại chạy nhanh 8 ngày")).to_be_visible()
    hand.rest()
    Session.objects.all().delete()
    phone.goto(f"{live_server.url}/dien-thoai/")
    hand.cut()
    hand.unlock()
    hand.at_home()
    hand.record(months_ago(1))
    hand.join()
    expect(phone.get_by_text("Phiên đăng nhập đã hết.")).to_be_visible(timeout=20_000)
    hand.at_outbox()
    expect(phone.get_by_role("listitem").filter(has_text="Ghi kỳ họp")).to_contain_text("giữ")
    hand.expect_unsent(2)  # kept is not yet written
    hand.rest()
    assert not Meeting.objects.exists()
    assert set(PhoneItem.objects.values_list("state", flat=True)) == {"quarantined"}

    sign_in(phone, user)
    phone.goto(f"{live_server.url}/dien-thoai/")
    hand.unlock()
    hand.expect_unsent(0)
    hand.rest()
    assert Meeting.objects.get(month=months_ago(1)).state == "filed"
