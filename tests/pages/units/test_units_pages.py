"""Tổ chức and the search: what lies below, in Vietnamese order, within one's scope."""

from __future__ import annotations

import copy
import datetime as dt
import re
from uuid import UUID

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU, SCHOOL, Cast, make_cast
from vungmanh.access.actions.grants import grant_role
from vungmanh.access.models import User
from vungmanh.core.ids import uuid7
from vungmanh.core.text import fold, sort_key
from vungmanh.core.vocabulary import MembershipStatus, Reach, Role, Sector, UnitKind
from vungmanh.org.models import MembershipCount, Unit, UnitParent, UnitVersion
from vungmanh.strengthening.actions.assess import assess_months

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true", "HX-Target": "find-list"}
LIFE = DateRange(dt.date(2018, 1, 1), None)


@pytest.fixture(scope="module")
def told(told_for_a_file: None) -> Cast:
    cast = make_cast(first=dt.date(2018, 1, 1))
    for cell in cast.cells:
        cast.hold(cell, 2018, held=12)  # a silent year before would leave everybody on probation
        cast.hold(cell, 2019, held=12)
    cast.hold("Chi bộ thôn Nà Mẫu", 2019, held=3)
    assess_months(months=[dt.date(2019, 12, 1)], by=None, at=AT)
    return cast


@pytest.fixture
def cast(told: Cast, db: None) -> Cast:
    return copy.deepcopy(told)


def seen_as(client: Client, cast: Cast, role: Role, unit: str = PROVINCE) -> Client:
    client.force_login(cast.user("thu", role, unit))
    return client


def add_cell(cast: Cast, name: str, above: str, *, official: int | None = 9) -> UUID:
    """One more village cell, known under its name."""
    unit = cast.units[name] = uuid7()
    Unit.objects.create(id=unit, is_simulated=True)
    UnitVersion.objects.create(
        unit_id=unit, valid=LIFE, name=name, name_fold=fold(name), name_key=sort_key(name),
        kind=UnitKind.CHI_BO, sector=Sector.VILLAGE, area="Mẫu Hạ", is_organisation=False,
    )  # fmt: skip
    UnitParent.objects.create(unit_id=unit, parent_id=cast[above], valid=LIFE)
    if official is not None:
        MembershipCount.objects.create(
            unit_id=unit, status=MembershipStatus.OFFICIAL, valid=LIFE, count=official
        )
    return unit


def rows(html: str) -> dict[str, str]:
    """The rows of the table: name of the unit and its words, in the order of the page."""
    found = {}
    for row in re.findall(r"<tr>\s*<th scope=\"row\">(.*?)</tr>", html, re.DOTALL):
        name = re.search(r"<a href=\"[^\"]+\">([^<]+)</a>", row)
        assert name is not None
        found[name[1]] = " ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", row).split())
    return found


def finding(html: str) -> str:
    found = re.search(r'<h1 class="finding">(.*?)</h1>', html, re.DOTALL)
    assert found is not None
    return found[1]


# --- the list ------------------------------------------------------------------------------------


def test_the_list_opens_below_ones_own_unit(client: Client, cast: Cast) -> None:
    html = seen_as(client, cast, Role.PROVINCIAL_ANALYST).get("/to-chuc/").content.decode()
    assert finding(html) == f"{PROVINCE} có 3 tổ chức trực thuộc và 6 chi bộ."
    assert "54 đảng viên chính thức." in html
    found = rows(html)
    assert list(found) == [SCHOOL, LANG_THU, QUAN_MAU]  # Chi before Đảng, Láng before Quan
    assert found[QUAN_MAU].endswith("Bình thường 3 27")
    assert found[LANG_THU].endswith("Bình thường 2 18")


def test_a_cell_that_is_an_organisation_counts_itself_once(client: Client, cast: Cast) -> None:
    html = seen_as(client, cast, Role.PROVINCIAL_ANALYST).get("/to-chuc/").content.decode()
    assert rows(html)[SCHOOL].endswith("Bình thường 1 9")


def test_one_level_down_names_the_way_back(client: Client, cast: Cast) -> None:
    seen_as(client, cast, Role.PROVINCIAL_ANALYST)
    html = client.get(f"/to-chuc/{cast[QUAN_MAU]}/ben-duoi/").content.decode()
    assert list(rows(html)) == ["Chi bộ thôn Ăn Mẫu", "Chi bộ thôn Đồi Mẫu", "Chi bộ thôn Nà Mẫu"]
    assert rows(html)["Chi bộ thôn Nà Mẫu"].endswith("Cần củng cố 1 9")
    where = html.split('<p class="where">')[1].split("</p>")[0]
    assert f'<a href="/to-chuc/{cast[PROVINCE]}/ben-duoi/">{PROVINCE}</a>' in where


def test_an_office_sees_its_own_and_no_way_above_it(client: Client, cast: Cast) -> None:
    html = seen_as(client, cast, Role.COMMITTEE_OFFICE, QUAN_MAU).get("/to-chuc/").content.decode()
    assert set(rows(html)) == set(CELLS[QUAN_MAU])
    assert PROVINCE not in html
    every = client.get("/to-chuc/", {"cap": "moi-cap"}).content.decode()
    assert set(rows(every)) == set(CELLS[QUAN_MAU])


def test_an_overseer_sees_the_cells_in_charge(client: Client, cast: Cast) -> None:
    seen_as(client, cast, Role.OVERSEER, "Chi bộ thôn Nà Mẫu")
    grant_role(
        user=User.objects.get(username="thu"), role=Role.OVERSEER,
        unit_id=cast["Chi bộ thôn Bản Thử"], reach=Reach.UNIT,
        valid_from=dt.date(2018, 1, 1), by=None, at=AT,
    )  # fmt: skip
    html = client.get("/to-chuc/").content.decode()
    assert finding(html) == "Đồng chí xem được 2 tổ chức."
    assert list(rows(html)) == ["Chi bộ thôn Bản Thử", "Chi bộ thôn Nà Mẫu"]


def test_a_cell_has_nothing_below_and_leads_to_its_page(client: Client, cast: Cast) -> None:
    seen_as(client, cast, Role.PROVINCIAL_ANALYST)
    cell = cast["Chi bộ thôn Nà Mẫu"]
    html = client.get(f"/to-chuc/{cell}/ben-duoi/").content.decode()
    assert finding(html) == "Chi bộ thôn Nà Mẫu không có tổ chức nào bên dưới."
    assert f'<a class="btn" href="/to-chuc/{cell}/">Mở trang chi bộ</a>' in html


def test_every_level_says_what_stands_above(client: Client, cast: Cast) -> None:
    seen_as(client, cast, Role.PROVINCIAL_ANALYST)
    found = rows(client.get("/to-chuc/", {"cap": "moi-cap"}).content.decode())
    assert set(found) == {QUAN_MAU, LANG_THU, *cast.cells}
    assert "Chi bộ, Đảng bộ xã Quan Mẫu" in found["Chi bộ thôn Nà Mẫu"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"loai": "school"}, {SCHOOL}),
        ({"loai": "village"}, {cell for cells in CELLS.values() for cell in cells}),
        ({"dia-ban": "Mẫu Hạ"}, {"Chi bộ thôn Xa Mẫu"}),
        ({"dia-ban": "Mẫu Hạ", "loai": "school"}, set()),
        ({"dia-ban": "Không có", "loai": "khong-co"}, None),
    ],
)
def test_filters_narrow_the_list_and_unknown_values_do_nothing(
    client: Client, cast: Cast, query: dict[str, str], expected: set[str] | None
) -> None:
    add_cell(cast, "Chi bộ thôn Xa Mẫu", LANG_THU)
    seen_as(client, cast, Role.PROVINCIAL_ANALYST)
    html = client.get("/to-chuc/", {"cap": "moi-cap", **query}).content.decode()
    every = {QUAN_MAU, LANG_THU, *cast.cells, "Chi bộ thôn Xa Mẫu"}
    wanted = every if expected is None else expected
    if query == {"loai": "village"}:
        wanted = wanted | {"Chi bộ thôn Xa Mẫu"}
    assert set(rows(html)) == wanted
    assert ("Không có tổ chức nào ở cấp này khớp với bộ lọc." in html) == (wanted == set())


def test_no_count_of_members_is_not_zero_members(client: Client, cast: Cast) -> None:
    add_cell(cast, "Chi bộ thôn Xa Mẫu", LANG_THU, official=None)
    seen_as(client, cast, Role.COMMITTEE_OFFICE, LANG_THU)
    found = rows(client.get("/to-chuc/").content.decode())
    assert found["Chi bộ thôn Xa Mẫu"].endswith("1 chưa có số")


def test_a_unit_without_assessment_is_not_called_normal(client: Client, cast: Cast) -> None:
    add_cell(cast, "Chi bộ thôn Xa Mẫu", LANG_THU)
    seen_as(client, cast, Role.COMMITTEE_OFFICE, LANG_THU)
    assert "không xét" in rows(client.get("/to-chuc/").content.decode())["Chi bộ thôn Xa Mẫu"]


def test_long_lists_are_cut_into_pages_of_fifty(client: Client, cast: Cast) -> None:
    for number in range(49):
        add_cell(cast, f"Chi bộ thôn Dài {number:02}", LANG_THU)
    seen_as(client, cast, Role.COMMITTEE_OFFICE, LANG_THU)
    first = client.get("/to-chuc/").content.decode()
    assert "1–50 trong 51 tổ chức" in first
    assert len(rows(first)) == 50
    assert list(rows(client.get("/to-chuc/", {"trang": "2"}).content.decode())) == [
        "Chi bộ thôn Khuổi Thử"
    ]


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_three(
    client: Client, cast: Cast
) -> None:
    def questions(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        return len(asked)

    seen_as(client, cast, Role.PROVINCIAL_ANALYST)
    two, three = (f"/to-chuc/{cast[unit]}/ben-duoi/" for unit in (LANG_THU, QUAN_MAU))
    questions(two)
    assert questions(two) == questions(three)
    one_more = questions("/tim/?q=quan")
    assert questions("/tim/?q=thon") == one_more


# --- the search ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("na mau", ["Chi bộ thôn Nà Mẫu"]),
        ("NÀ MẪU", ["Chi bộ thôn Nà Mẫu"]),
        ("  nà   mẫu ", ["Chi bộ thôn Nà Mẫu"]),
        ("doi", ["Chi bộ thôn Đồi Mẫu"]),
        ("đồi", ["Chi bộ thôn Đồi Mẫu"]),
        ("mẫu thôn", ["Chi bộ thôn Ăn Mẫu", "Chi bộ thôn Đồi Mẫu", "Chi bộ thôn Nà Mẫu"]),
        ("không có nơi này", []),
        ("%", []),
    ],
)
def test_search_finds_with_and_without_diacritics(
    client: Client, cast: Cast, typed: str, expected: list[str]
) -> None:
    seen_as(client, cast, Role.PROVINCIAL_ANALYST)
    html = client.get("/tim/", {"q": typed}).content.decode()
    assert list(rows(html)) == expected
    part = client.get("/tim/", {"q": typed}, headers=HTMX).content.decode()
    assert re.findall(r'id="find-\d+"[^>]*>([^<]+)<', part) == expected


def test_search_stays_within_the_scope(client: Client, cast: Cast) -> None:
    seen_as(client, cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    for words in ("thu", "Láng Thử", "tinh mau", "truong"):
        page = client.get("/tim/", {"q": words}).content.decode()
        part = client.get("/tim/", {"q": words}, headers=HTMX).content.decode()
        assert rows(page) == {}
        assert "find-1" not in part
    assert list(rows(client.get("/tim/", {"q": "na mau"}).content.decode())) == [
        "Chi bộ thôn Nà Mẫu"
    ]


def test_suggestions_lead_to_the_unit_and_to_all_results(client: Client, cast: Cast) -> None:
    seen_as(client, cast, Role.PROVINCIAL_ANALYST)
    part = client.get("/tim/", {"q": "na mau"}, headers=HTMX).content.decode()
    assert f'href="/to-chuc/{cast["Chi bộ thôn Nà Mẫu"]}/"' in part
    assert "<small>Đảng bộ xã Quan Mẫu</small>" in part
    assert 'href="/tim/?q=na+mau"' in part
    assert "<html" not in part


def test_too_many_results_say_so(client: Client, cast: Cast) -> None:
    for number in range(101):
        add_cell(cast, f"Chi bộ thôn Nhiều {number:03}", LANG_THU)
    seen_as(client, cast, Role.PROVINCIAL_ANALYST)
    html = client.get("/tim/", {"q": "nhieu"}).content.decode()
    assert finding(html) == "Hơn 100 tổ chức có tên như “nhieu”."
    assert len(rows(html)) == 100


def test_an_empty_search_asks_for_words_and_a_vain_one_says_what_to_try(
    client: Client, cast: Cast
) -> None:
    seen_as(client, cast, Role.PROVINCIAL_ANALYST)
    assert finding(client.get("/tim/").content.decode()) == "Gõ tên hoặc mã của tổ chức cần tìm."
    vain = client.get("/tim/", {"q": "xyz <b>"}).content.decode()
    assert "xyz &lt;b&gt;" in finding(vain)
    assert "Thử gõ ít chữ hơn" in vain
