"""The yearly rating under the hand: a secretary on a phone of 360 px, the committee at its desk."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.province import picture
from tests.cast import CELLS, QUAN_MAU, Cast, make_cast
from vungmanh.access.models import User
from vungmanh.access.viewer import viewer_for
from vungmanh.core.vocabulary import DossierState, Role
from vungmanh.evaluation.actions.cycles import open_cycle
from vungmanh.evaluation.models import Cycle, Dossier

pytestmark = [pytest.mark.django_db(transaction=True)]
CELL, SECOND, _THIRD = CELLS[QUAN_MAU]
YEAR = 2025
TALLEST = 5_000  # px of a dossier to be filled in, on a phone: it was 9,900


@dataclass(frozen=True)
class Rating:
    """A cycle of 2025 in Quan Mẫu, and where it is opened."""

    cast: Cast
    cycle: Cycle
    url: str

    def dossier(self, unit: str = CELL) -> Dossier:
        return Dossier.objects.get(
            cycle=self.cycle, unit_id=self.cast[unit], subject="organisation"
        )

    @property
    def office(self) -> User:
        return self.cast.user("vp", Role.COMMITTEE_OFFICE, QUAN_MAU)


@pytest.fixture
def rating(live_server: Any) -> Rating:
    cast = make_cast(first=dt.date(2025, 1, 1), last=dt.date(2025, 12, 1))
    today = timezone.localdate()
    days = {"rate_self": today + dt.timedelta(days=12), "verify": today + dt.timedelta(days=20)}
    by = viewer_for(cast.user("vanphong", Role.COMMITTEE_OFFICE, QUAN_MAU), on=today)
    cycle = open_cycle(unit_id=cast[QUAN_MAU], year=YEAR, by=by, at=timezone.now(), deadlines=days)
    return Rating(cast, cycle, f"{live_server.url}/xep-loai/")


def test_a_secretary_sees_what_to_do_by_which_day_and_does_it_on_a_phone(
    phone: Page, rating: Rating, sign_in: Any, assert_accessible: Any
) -> None:
    one = rating.dossier()
    sign_in(phone, rating.cast.user("bithu", Role.CELL_SECRETARY, CELL))
    phone.goto(f"{rating.url}ho-so/{one.pk}/")
    phone.wait_for_load_state()
    steps = phone.locator("#can-lam")
    expect(steps).to_contain_text("còn 12 ngày")
    expect(steps.locator("li[aria-current=step]")).to_contain_text("tiêu chí")
    box = steps.bounding_box()
    assert box is not None
    assert box["y"] < 740, "what to do stands on the first screen"
    # One part at a time is open; what is folded says how far it has come.
    opened = phone.locator("details.rated-part[open]")
    assert opened.count() < phone.locator("details.rated-part").count()
    assert phone.evaluate("document.documentElement.scrollHeight") < TALLEST
    assert_accessible(phone)
    picture(phone, "xep-loai-viec-can-lam")

    bar = phone.locator(".save-bar")
    expect(bar).to_contain_text("Đã ghi 0/")
    first = phone.locator("[data-vungmanh-asked]").first
    first.scroll_into_view_if_needed()
    first.locator("input[type=text]").fill("4")
    expect(bar).to_contain_text("Đã ghi 1/")
    expect(bar).to_contain_text("chưa lưu")
    expect(phone.locator("details.rated-part").first.locator(".count-of")).to_contain_text(
        "đã ghi 1/"
    )
    expect(bar.get_by_role("button", name="Ghi tiêu chí")).to_be_in_viewport()
    picture(phone, "xep-loai-ghi-tieu-chi")
    bar.get_by_role("button", name="Ghi tiêu chí").click()
    expect(phone.get_by_text("Đã ghi tiêu chí; chưa nộp.")).to_be_visible()
    one.refresh_from_db()
    assert one.answers == {"1.1": "4"}
    assert one.state == DossierState.WAITING

    # What is wrong stands at its row, in a part that is open.
    phone.locator("[data-vungmanh-asked] input[type=text]").first.fill("400")
    bar.get_by_role("button", name="Ghi tiêu chí").click()
    wrong = phone.locator("fieldset.bad")
    expect(wrong.locator(".err")).to_be_visible()
    assert wrong.locator("input[type=text]").get_attribute("aria-describedby") == "loi-1.1"
    assert_accessible(phone)

    phone.locator("#nop").get_by_label("Mức").select_option(label="Hoàn thành tốt nhiệm vụ")
    phone.locator("#nop").get_by_role("button", name="Nộp bản tự xếp loại").click()
    expect(phone.get_by_text("Đã nộp bản tự xếp loại.")).to_be_visible()
    expect(phone.locator("#can-lam")).to_have_count(0)
    assert_accessible(phone)


def test_a_board_marks_the_step_whose_turn_it_is_and_fits_its_window(
    open_page: Any, rating: Rating, sign_in: Any, assert_accessible: Any
) -> None:
    Cycle.objects.update(deadlines={"rate_self": "2026-01-05", "verify": "2026-01-09"})
    user = rating.office
    for width, scheme in ((1280, "light"), (360, "dark")):
        page = open_page(width=width, height=800, color_scheme=scheme)
        sign_in(page, user)
        page.goto(f"{rating.url}{rating.cycle.pk}/")
        row = page.locator("table.board tbody tr", has=page.get_by_role("link", name=CELL)).first
        expect(row.locator(".reason")).to_have_count(1)
        expect(row.locator(".reason.hard")).to_have_text("thiếu, hạn 05/01/2026")
        expect(row.locator("td").last).to_contain_text("quá")
        ahead = row.locator(".ahead")
        expect(ahead.first).to_be_visible() if width == 1280 else expect(ahead.first).to_be_hidden()
        assert_accessible(page)
        if width == 1280:
            picture(page, "xep-loai-bang-cua-ky")


def test_what_keeps_a_dossier_from_being_decided_stands_at_its_row(
    open_page: Any, rating: Rating, sign_in: Any, assert_accessible: Any
) -> None:
    Dossier.objects.filter(cycle=rating.cycle).update(
        state=DossierState.PROPOSED, self_grade="xuat_sac", proposed_grade="tot"
    )
    user = rating.office
    phone = open_page(width=360, height=740)
    sign_in(phone, user)
    phone.goto(f"{rating.url}{rating.cycle.pk}/quyet-dinh/")
    link = phone.locator(".wrong-list a", has_text=SECOND).first
    link.click()
    row = phone.locator("tr.bad", has=phone.get_by_role("link", name=SECOND)).first
    expect(row).to_be_in_viewport()
    told = row.locator(".err")
    expect(told).to_contain_text("tiêu chí để trống")
    assert row.get_by_role("link").first.get_attribute("aria-describedby") == told.get_attribute(
        "id"
    )
    red = told.evaluate("(one) => getComputedStyle(one).color")
    assert red != row.locator("th").evaluate("(one) => getComputedStyle(one).color")
    assert_accessible(phone)
    phone.goto(f"{rating.url}{rating.cycle.pk}/dieu-hanh/")
    assert_accessible(phone)
    phone.locator("#remove summary").click()
    expect(phone.locator("#remove").get_by_label("Lý do")).to_be_visible()


def test_the_dossier_prints_what_is_said_on_few_sheets(
    desk: Page, rating: Rating, sign_in: Any
) -> None:
    import io

    from pypdf import PdfReader

    one = rating.dossier()
    rating.cast.user("bithu", Role.CELL_SECRETARY, CELL)  # somebody of its own writes in it
    sign_in(desk, rating.office)
    desk.goto(f"{rating.url}ho-so/{one.pk}/")
    desk.emulate_media(media="print")
    expect(desk.get_by_role("button", name="Ghi tiêu chí")).to_have_count(0)
    expect(desk.locator("#lich-su")).to_be_hidden()
    pages = PdfReader(io.BytesIO(desk.pdf(prefer_css_page_size=True))).pages
    assert len(pages) <= 4
    assert "Tiêu chí và điều kiện" in pages[0].extract_text()
