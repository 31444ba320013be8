"""A series on the page: columns, switches, the table, and what differs between the structures."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.http import urlencode

from tests.cast import LANG_THU, PROVINCE, QUAN_MAU, Cast
from tests.pages.strengthening.story import BAN_THU, NA_MAU, assess_years, main_of, words
from vungmanh.core.vocabulary import LineageKind, ReformState, Role
from vungmanh.org.models import Lineage, Reform, UnitParent

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]
DAY = dt.date(2017, 7, 1)


@pytest.fixture(autouse=True)
def assessed(cast: Cast) -> None:
    assess_years(2017)


def page_of(client: Client, cast: Cast, unit: str = "", **more: str) -> str:
    address = f"/to-chuc/{cast[unit]}/dien-bien/" if unit else "/dien-bien/"
    return main_of(client.get(f"{address}?{urlencode({'ky': '2017-12', **more})}"))


def rows(page: str) -> dict[str, list[str]]:
    """The table under the drawing: figures by month or year."""
    table = page.split('<table class="stack series-table">')[1]
    found = re.findall(r'<tr><th scope="row">([^<]+).*?</th>(.*?)</tr>', table, re.DOTALL)
    return {
        label: [words(cell) for cell in re.findall(r"<td.*?</td>", row)] for label, row in found
    }


def move(cast: Cast) -> None:
    """Nà Mẫu goes from Quan Mẫu to Láng Thử in the middle of 2017."""
    link = UnitParent.objects.get(unit_id=cast[NA_MAU])
    UnitParent.objects.filter(pk=link.pk).update(valid=(link.valid.lower, DAY))
    UnitParent.objects.create(unit_id=cast[NA_MAU], parent_id=cast[LANG_THU], valid=(DAY, None))


def test_a_series_opens_with_what_was_held_of_what_was_due(cast: Cast, sign_in: SignIn) -> None:
    page = page_of(sign_in(Role.PROVINCIAL_ANALYST), cast, QUAN_MAU)
    # 2016: 36 of 36; 2017: 12, 6 and 5 of 12.
    assert "đã họp 59 trong 72 kỳ phải họp, 81,9" in words(page)
    table = rows(page)
    assert len(table) == 24
    assert table["1/2017"] == ["3", "3", "0", "0", "0", "100 %", "3", "27"]
    assert table["12/2017"] == ["3", "1", "2", "0", "0", "33,3 %", "3", "27"]
    assert page.count('<rect class="held" x=') == 24


def test_years_are_sums_with_the_cells_of_their_last_month(cast: Cast, sign_in: SignIn) -> None:
    page = page_of(sign_in(Role.PROVINCIAL_ANALYST), cast, QUAN_MAU, theo="nam")
    assert rows(page) == {
        "2016": ["36", "36", "0", "0", "0", "100 %", "3", "27"],
        "2017": ["36", "23", "13", "0", "0", "63,9 %", "3", "27"],
    }


def test_silence_is_drawn_and_counted_apart(cast: Cast, sign_in: SignIn) -> None:
    page = page_of(sign_in(Role.PROVINCIAL_ANALYST), cast, BAN_THU)
    assert rows(page)["12/2017"][:4] == ["1", "0", "0", "1"]
    assert "6 kỳ chưa có báo cáo, không tính là không họp" in words(page)


def test_the_switch_changes_the_structure_and_the_note_says_what_differs(
    cast: Cast, sign_in: SignIn
) -> None:
    move(cast)
    client = sign_in(Role.PROVINCIAL_ANALYST)
    then = page_of(client, cast, LANG_THU)
    now = page_of(client, cast, LANG_THU, **{"co-cau": "hien-nay"})
    assert [rows(then)[month][6] for month in ("6/2017", "7/2017")] == ["2", "3"]
    assert [rows(now)[month][6] for month in ("6/2017", "7/2017")] == ["3", "3"]
    # Eighteen months of one cell: the whole of 2016 and half of 2017.
    for page in (then, now):
        assert "Hai cơ cấu khác nhau 18 kỳ phải họp" in words(page)
        assert "thêm các kỳ trước đây của 1 chi bộ từ đơn vị khác đến" in words(page)
    assert re.search(r'co-cau=hien-nay[^>]*aria-current="true"[^>]*>Cơ cấu hiện nay', now)


def test_where_nothing_differs_the_note_says_so(cast: Cast, sign_in: SignIn) -> None:
    page = page_of(sign_in(Role.PROVINCIAL_ANALYST), cast, QUAN_MAU)
    assert "Hai cơ cấu cho cùng số liệu" in page


def test_the_day_of_a_reform_is_marked_with_its_document(cast: Cast, sign_in: SignIn) -> None:
    reform = Reform.objects.create(
        title="Sắp xếp", document="Quyết định 7-QĐ/TU", effective_on=DAY,
        state=ReformState.COMMITTED, drafted_at=dt.datetime(2017, 6, 1, tzinfo=dt.UTC),
    )  # fmt: skip
    Lineage.objects.create(
        predecessor_id=cast[NA_MAU], successor_id=cast[BAN_THU], on=DAY, share=1,
        kind=LineageKind.MERGE, document=reform.document, reform=reform,
    )  # fmt: skip
    page = page_of(sign_in(Role.PROVINCIAL_ANALYST), cast, QUAN_MAU)
    assert "Vạch đứng: 01/07/2017, Quyết định 7-QĐ/TU." in page
    assert page.count('<path class="reform"') == 3  # the columns and both lines


def test_asked_for_as_a_part_only_the_part_comes(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    part = client.get(
        f"/to-chuc/{cast[QUAN_MAU]}/dien-bien/?ky=2017-12", headers={"HX-Request": "true"}
    ).content.decode()
    assert "<main" not in part
    assert 'class="said"' in part
    assert "đã họp 59 trong 72" in part


def test_the_page_of_an_organisation_offers_its_series_and_that_of_a_cell_does_not(
    cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    organisation = main_of(client.get(f"/to-chuc/{cast[QUAN_MAU]}/?ky=2017-12"))
    assert f'hx-get="/to-chuc/{cast[QUAN_MAU]}/dien-bien/"' in organisation
    assert "/dien-bien/" not in main_of(client.get(f"/to-chuc/{cast[NA_MAU]}/?ky=2017-12"))


def test_an_office_sees_its_own_series_and_no_other(cast: Cast, sign_in: SignIn) -> None:
    office = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    assert rows(page_of(office, cast))["12/2017"][6] == "3"
    assert office.get(f"/to-chuc/{cast[LANG_THU]}/dien-bien/?ky=2017-12").status_code == 404
    assert office.get(f"/to-chuc/{cast[PROVINCE]}/dien-bien/?ky=2017-12").status_code == 404


def test_somebody_in_charge_of_cells_sees_the_series_of_those(cast: Cast, sign_in: SignIn) -> None:
    overseer = sign_in(Role.OVERSEER, NA_MAU)
    assert "đã họp 24 trong 24 kỳ phải họp" in words(page_of(overseer, cast))


def test_an_unknown_switch_counts_as_none(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    strange = page_of(client, cast, QUAN_MAU, **{"co-cau": "xyz", "theo": "tuan"})
    assert rows(strange) == rows(page_of(client, cast, QUAN_MAU))


def test_the_queries_of_a_series_do_not_grow_with_cells_or_months(
    cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    page_of(client, cast, QUAN_MAU)
    counts = []
    for unit, length in ((QUAN_MAU, "thang"), (PROVINCE, "nam")):
        with CaptureQueriesContext(connection) as queries:
            page_of(client, cast, unit, theo=length)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_grid_of_a_cell_goes_on_into_the_cells_it_was_made_of(
    cast: Cast, sign_in: SignIn
) -> None:
    Lineage.objects.create(
        predecessor_id=cast[NA_MAU], successor_id=cast[BAN_THU], on=DAY, share=0.5,
        kind=LineageKind.SPLIT, document="Quyết định 7-QĐ/TU",
    )  # fmt: skip
    page = words(main_of(sign_in(Role.PROVINCIAL_ANALYST).get(
        f"/to-chuc/{cast[BAN_THU]}/?ky=2017-12"
    )))  # fmt: skip
    assert f"Trước đây: {NA_MAU}, đến 30/06/2017 (50 % vào đây)" in page.replace("\xa0", " ")
    assert page.count("12 /12") == 3  # 2016 of both, 2017 of the earlier one


def heat(page: str) -> list[str]:
    """The titles of the grid of areas and months: counts behind the shares."""
    return re.findall(r'<td class="h\d[^"]*" title="([^"]+)"', page)


def test_the_grid_of_areas_follows_the_switch(cast: Cast, sign_in: SignIn) -> None:
    move(cast)
    office = sign_in(Role.COMMITTEE_OFFICE, LANG_THU)
    then = main_of(office.get("/tong-quan/?ky=2017-12"))
    now = main_of(office.get("/tong-quan/?ky=2017-12&co-cau=hien-nay"))
    assert [len(heat(page)) for page in (then, now)] == [12, 12]
    # Nà Mẫu came in July; by the structure of now it counts from January on.
    assert heat(then)[0] == "họp 2/2 kỳ có báo cáo, 2 kỳ bắt buộc"
    assert heat(now)[0] == "họp 3/3 kỳ có báo cáo, 3 kỳ bắt buộc"
    assert heat(then)[6:] == heat(now)[6:]
    assert 'hx-get="/dien-bien/"' in then
