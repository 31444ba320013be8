"""One rule of sight: page, list, search, export and count agree for every role, unit and day.

Exhaustive on the cast rather than drawn: ten units, five roles held anywhere, two days with a move
between them. The judge is a naive walk up the parent links, which shares nothing with the closure.
"""

from __future__ import annotations

import datetime as dt
import html
import io
import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from tests.cast import CELLS, LANG_THU, PROVINCE, QUAN_MAU, SCHOOL, Cast
from tests.pages.strengthening.story import assess_years, first_column, main_of, make_story
from vungmanh.access.viewer import viewer_for
from vungmanh.core.vocabulary import Role
from vungmanh.org.models import UnitParent
from vungmanh.org.queries import units_visible

pytestmark = pytest.mark.django_db

MOVED = CELLS[QUAN_MAU][2]
MOVED_ON = dt.date(2018, 7, 1)
DAYS = {"2017-12": dt.date(2017, 12, 31), "2018-12": dt.date(2018, 12, 31)}
UNITS = [PROVINCE, QUAN_MAU, LANG_THU, SCHOOL, *CELLS[QUAN_MAU], *CELLS[LANG_THU]]
#: Where each role is held: the reach follows the role (see Cast.user).
HOLDINGS = [
    *((Role.PROVINCIAL_ANALYST, unit) for unit in (PROVINCE, QUAN_MAU)),
    *((Role.COMMITTEE_OFFICE, unit) for unit in (QUAN_MAU, LANG_THU, SCHOOL)),
    *((Role.OVERSEER, unit) for unit in (QUAN_MAU, MOVED, SCHOOL)),
    *((Role.CELL_SECRETARY, unit) for unit in (MOVED, CELLS[LANG_THU][0])),
    (Role.ADMINISTRATOR, PROVINCE),
]
LISTING = {Role.PROVINCIAL_ANALYST, Role.COMMITTEE_OFFICE, Role.OVERSEER}


@pytest.fixture
def cast() -> Cast:
    """The story, and one cell that moves from Quan Mẫu to Láng Thử in the middle of 2018."""
    cast = make_story()
    link = UnitParent.objects.get(unit_id=cast[MOVED])
    span = type(link.valid)
    link.valid = span(link.valid.lower, MOVED_ON)
    link.save()
    UnitParent.objects.create(
        unit_id=cast[MOVED], parent_id=cast[LANG_THU], valid=span(MOVED_ON, None)
    )
    assess_years(2017, 2018)
    return cast


def parent_of(unit: str, day: dt.date) -> str | None:
    if unit == MOVED:
        return QUAN_MAU if day < MOVED_ON else LANG_THU
    for commune, cells in CELLS.items():
        if unit in cells:
            return commune
    return None if unit == PROVINCE else PROVINCE


def above(unit: str, day: dt.date) -> Iterator[str]:
    """The unit and everything above it."""
    here: str | None = unit
    while here is not None:
        yield here
        here = parent_of(here, day)


def expected(role: Role, held: str, day: dt.date) -> set[str]:
    """What a naive reader of the rule would let somebody see."""
    if role is Role.ADMINISTRATOR:
        return set()
    if role in {Role.PROVINCIAL_ANALYST, Role.COMMITTEE_OFFICE}:
        # What stood below on that day, and the past of what stands below today.
        days = {day, timezone.localdate()}
        return {unit for unit in UNITS if any(held in above(unit, one) for one in days)}
    return {held}


@pytest.mark.parametrize("month", DAYS)
@pytest.mark.parametrize(("role", "held"), HOLDINGS, ids=str)
def test_every_way_to_a_unit_agrees_on_who_sees_it(
    client: Client, cast: Cast, role: Role, held: str, month: str
) -> None:
    user = cast.user("mot-nguoi", role, held)
    client.force_login(user)
    day = DAYS[month]
    right = expected(role, held, day)
    names = {cast[name]: name for name in UNITS}

    rule = units_visible(viewer_for(user, on=timezone.localdate()), day)
    assert {names[unit] for unit in rule} == right
    assert {name for name in UNITS if page_status(client, cast, name, month) == 200} == right
    assert searched(client, month) == (right if role in LISTING | {Role.CELL_SECRETARY} else set())
    if role not in LISTING:
        assert client.get(f"/nhan-dien/?ky={month}").status_code == 403
        assert client.get(f"/nhan-dien/xuat.xlsx?ky={month}").status_code == 403
        return
    assessed = right - {PROVINCE}
    cells = {name for name in assessed if name in cast.cells}
    organisations = {name for name in assessed if name in {*CELLS, SCHOOL}}
    for grain, wanted in (("chi-bo", cells), ("to-chuc", organisations)):
        assert listed(client, grain, month) == wanted
        assert exported(client, grain, month) == wanted
        assert counted(client, grain, month) == len(wanted)
    assert unit_list(client, cast, month) == right


def page_status(client: Client, cast: Cast, name: str, month: str) -> int:
    return client.get(f"/to-chuc/{cast[name]}/?ky={month}").status_code


def searched(client: Client, month: str) -> set[str]:
    """Everything the search box finds for words that all names hold."""
    found = set()
    for words in ("dang bo", "chi bo"):
        response = client.get(f"/tim/?ky={month}&q={words}")
        if response.status_code == 200:
            found |= linked(html.unescape(response.content.decode()).split("<main")[1])
    return found


def linked(page: str) -> set[str]:
    return set(UNITS) & set(re.findall(r'<a href="/to-chuc/[^"]*/"[^>]*>([^<]+)</a>', page))


def listed(client: Client, grain: str, month: str) -> set[str]:
    page = main_of(client.get(f"/nhan-dien/?ky={month}&cap={grain}&tt="))
    return set(first_column(page)) if "<table" in page else set()


def exported(client: Client, grain: str, month: str) -> set[str]:
    content = client.get(f"/nhan-dien/xuat.xlsx?ky={month}&cap={grain}&tt=").content
    sheet = load_workbook(io.BytesIO(content)).active
    return {row[1] for row in sheet.iter_rows(values_only=True) if row[1] in UNITS}


def counted(client: Client, grain: str, month: str) -> int:
    """The sum over the tabs of single statuses; the tab of all of them must say the same."""
    page = main_of(client.get(f"/nhan-dien/?ky={month}&cap={grain}"))
    nav = page.split('<nav class="tabs"')[1].split("</nav>", maxsplit=1)[0]
    tabs = {words: int(count) for words, count in re.findall(r">([^<(]+) \((\d+)\)</a>", nav)}
    whole = tabs.pop("Tất cả", None)
    assert whole in {None, sum(tabs.values())}
    return sum(tabs.values())


def unit_list(client: Client, cast: Cast, month: str) -> set[str]:
    """What can be reached level by level from the first page of Tổ chức."""
    seen: set[str] = set()
    to_open = [f"/to-chuc/?ky={month}"]
    while to_open:
        page = html.unescape(client.get(to_open.pop()).content.decode()).split("<main")[1]
        for name in linked(page) - seen:
            seen.add(name)
            to_open.append(f"/to-chuc/{cast[name]}/ben-duoi/?ky={month}")
    return seen


def test_a_moved_cell_changes_hands_on_the_day_and_not_before(client: Client, cast: Cast) -> None:
    seen = {}
    before = MOVED_ON - dt.timedelta(days=1)
    for office in (QUAN_MAU, LANG_THU):
        user = cast.user(office, Role.COMMITTEE_OFFICE, office)
        for day in (before, MOVED_ON):
            seen[office, day] = cast[MOVED] in set(units_visible(viewer_for(user, on=day), day))
    assert seen == {
        (QUAN_MAU, before): True, (QUAN_MAU, MOVED_ON): False,
        (LANG_THU, before): False, (LANG_THU, MOVED_ON): True,
    }  # fmt: skip


def test_the_past_of_a_moved_cell_stays_with_the_office_it_had(client: Client, cast: Cast) -> None:
    """2017 is read by the structure of 2017: the counts of the old commune keep the cell."""
    client.force_login(cast.user("tinh", Role.PROVINCIAL_ANALYST))
    then = main_of(client.get(f"/to-chuc/{cast[QUAN_MAU]}/?ky=2017-12"))
    now = main_of(client.get(f"/to-chuc/{cast[QUAN_MAU]}/?ky=2018-12"))
    assert "họp 23 trong 36 kỳ" in then
    assert MOVED in then
    assert "họp 24 trong 24 kỳ" in now
    assert MOVED not in now
    gained = main_of(client.get(f"/to-chuc/{cast[LANG_THU]}/?ky=2018-12"))
    assert "họp 36 trong 36 kỳ" in gained
    assert MOVED in gained


def test_nobody_without_a_role_sees_anything(cast: Cast) -> None:
    for user in (cast.user("khong-vai-tro", None), None):
        viewer = viewer_for(user, on=DAYS["2018-12"]) if user else None
        assert list(units_visible(viewer, DAYS["2018-12"])) == []
