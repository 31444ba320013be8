"""The office of a commune founded on 1/7/2025 looks for what was there before it."""

from __future__ import annotations

import datetime as dt
import re

from playwright.sync_api import Page, expect

from tests.browser.province import Town
from vungmanh.core.vocabulary import CELL_KINDS, UnitKind
from vungmanh.org.models import Ancestry, UnitVersion
from vungmanh.org.structure import predecessors_of

BEFORE = dt.date(2024, 12, 31)  # the last month before the reform that is offered


def test_a_new_commune_finds_its_past_by_the_structure_of_now(town: Town, desk: Page) -> None:
    own = town.unit_of("vanphong")
    assert own.valid.lower == dt.date(2025, 7, 1)
    town.sign_in(desk, "vanphong")
    series = desk.locator("#dien-bien")
    expect(series.get_by_role("status")).to_contain_text("kỳ phải họp")
    expect(series.get_by_text("Trước tháng 7/2025 chưa có chi bộ nào.")).to_be_visible()
    expect(series.get_by_text(re.compile("Hai cơ cấu khác nhau"))).to_be_visible()
    drawn = series.locator("svg.bars rect.held")
    months = drawn.count()

    series.get_by_role("link", name="Cơ cấu hiện nay").click()
    expect(series.get_by_role("link", name="Cơ cấu hiện nay")).to_have_attribute(
        "aria-current", "true"
    )
    assert drawn.count() > months
    expect(series.get_by_text(re.compile("Vạch đứng: 01/07/2025")).first).to_be_visible()
    series.get_by_text("Số liệu của hình").click()
    expect(series.locator("table.series-table tbody tr")).to_have_count(drawn.count())
    expect(desk).to_have_url(f"{town.url}/tong-quan/")


def test_an_office_opens_a_cell_that_ended_and_its_months_from_the_one_that_went_on(
    town: Town, desk: Page
) -> None:
    own = town.unit_of("vanphong")
    joined = next(
        cell for cell in UnitVersion.objects.filter(
            valid__contains=town.today, kind__in=[kind.value for kind in CELL_KINDS],
            unit_id__in=Ancestry.objects.values("successor_id"),
            unit__above__ancestor_id=own.unit_id, unit__above__valid__contains=town.today,
        )
    )  # fmt: skip
    olds = predecessors_of(joined.unit_id, town.today)
    assert olds
    town.sign_in(desk, "vanphong")
    desk.goto(f"{town.url}/to-chuc/{joined.unit_id}/")
    for old in olds:
        expect(desk.get_by_text(f"Trước đây: {old.name}, đến")).to_be_visible()
    # The old communes are opened as they stood before; those that went elsewhere are not there.
    desk.goto(f"{town.url}/to-chuc/?ky=2024-12")
    listed = set(desk.locator("table tbody th a").all_inner_texts())
    before = Ancestry.objects.filter(successor_id=own.unit_id).values("predecessor_id")
    communes = UnitVersion.objects.filter(kind=UnitKind.DANG_BO_XA, valid__contains=BEFORE)
    mine = set(communes.filter(unit_id__in=before).values_list("name", flat=True))
    assert mine <= listed
    others = communes.exclude(unit_id__in=before).values_list("name", flat=True)
    assert not set(others) & listed
