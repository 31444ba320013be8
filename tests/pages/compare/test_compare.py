"""The funnel of a like kind and two periods side by side: what is more than chance."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import LANG_THU, QUAN_MAU, Cast
from tests.pages.strengthening.story import (
    AN_MAU,
    BAN_THU,
    DOI_MAU,
    KHUOI_THU,
    NA_MAU,
    main_of,
    words,
)
from tests.wall import WALL
from vungmanh.core.text import NBSP
from vungmanh.core.vocabulary import Role
from vungmanh.org.models import Lineage
from vungmanh.strengthening.figures.estimates import change
from vungmanh.strengthening.models import Assessment
from vungmanh.web.compare.funnel import Unit, draw

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]
FUNNEL = "/nhan-dien/bieu-do-pheu/?ky=2017-12&cap=chi-bo&loai=village"
COMPARE = "/nhan-dien/so-hai-ky/?ky=2017-12&cap=chi-bo"


def read(client: Client, address: str) -> str:
    return main_of(client.get(address)).replace(NBSP, " ")


def many(*counts: tuple[int, int]) -> list[Unit]:
    return [Unit(UUID(int=place), f"nơi {place}", *one) for place, one in enumerate(counts, 1)]


# --- the funnel ----------------------------------------------------------------------------------


def test_a_funnel_is_wider_where_there_are_fewer_months() -> None:
    drawing = draw(many((3, 4), (30, 36), (80, 100)))
    assert drawing is not None
    spans = {point.whole: point.high - point.low for point in drawing.points}
    assert spans[4] > spans[36] > spans[100]


def test_only_whoever_is_further_than_chance_stands_below() -> None:
    usual = [(10, 12)] * 20 + [(11, 12)] * 20 + [(9, 12)] * 20
    drawing = draw(many((1, 12), *usual))
    assert drawing is not None
    assert [(point.part, point.outside) for point in drawing.below] == [(1, -2)]
    assert drawing.count(-2) == 1


def test_units_of_the_same_counts_are_one_larger_point() -> None:
    drawing = draw(many((10, 12), (10, 12), (11, 12)))
    assert drawing is not None
    assert [(point.part, point.count) for point in drawing.points] == [(10, "2"), (11, "1")]
    assert float(drawing.points[0].radius) > float(drawing.points[1].radius)


def test_whoever_has_nothing_known_is_not_drawn_at_zero() -> None:
    assert draw(many((0, 0))) is None
    drawing = draw(many((0, 0), (5, 6)))
    assert drawing is not None
    assert drawing.units == 1


def test_the_funnel_page_counts_known_months_only(sign_in: SignIn, cast: Cast) -> None:
    page = read(sign_in(Role.PROVINCIAL_ANALYST), FUNNEL)
    assert "trong 5 chi bộ loại thôn" in page.split("</h1>")[0]
    table = words(page.split("Cùng các số ấy thành bảng")[1])
    assert "7/10 1 70 %" in table  # Khuổi Thử: two months without report are not in it
    assert "6/6 1 100 %" in table


def test_completeness_has_a_funnel_of_its_own(sign_in: SignIn, cast: Cast) -> None:
    page = read(sign_in(Role.PROVINCIAL_ANALYST), f"{FUNNEL}&so=bao-cao")
    assert "báo cáo thiếu hơn hẳn mức chung 86,7 %" in page  # 52 of 60
    assert "6/12 1 50 %" in words(page.split("Cùng các số ấy thành bảng")[1])


def test_a_point_below_leads_to_its_unit(sign_in: SignIn, cast: Cast) -> None:
    page = read(sign_in(Role.PROVINCIAL_ANALYST), FUNNEL)
    for href in re.findall(r"<svg.*?</svg>", page, re.DOTALL)[0].split('<a href="')[1:]:
        target = href.split('"')[0]
        assert target.startswith("/to-chuc/") or f'id="{target[1:]}"' in page


def test_the_funnel_shows_nobody_out_of_sight(sign_in: SignIn, cast: Cast) -> None:
    page = read(sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU), FUNNEL)
    assert "trong 3 chi bộ" in page
    for hidden in (BAN_THU, KHUOI_THU):
        assert hidden not in page


# --- two periods ---------------------------------------------------------------------------------


def test_a_difference_is_sure_only_beyond_both_uncertainties() -> None:
    assert change((60.0, 3.0), (50.0, 3.0)).words == "kém đi"
    assert change((60.0, 6.0), (50.0, 6.0)).words == "chưa hơn dao động thường"
    moved = change((60.0, 3.0), (72.0, 4.0))
    assert moved.is_sure
    assert (round(moved.low, 2), round(moved.high, 2)) == (3.78, 20.22)  # 12 ± 1.645 × 5


def test_everybody_estimated_twice_is_in_one_direction(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    names = set()
    for way in ("kem", "kha", "thuong"):
        page = read(client, f"{COMPARE}&huong={way}")
        names |= set(re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', page))
    both = Assessment.objects.filter(run__month=dt.date(2017, 12, 1), cell_position__isnull=False)
    assert names == {one.name for one in both}
    assert AN_MAU in read(client, f"{COMPARE}&huong=kem")  # 12 of 12, then 5 of 12


def test_a_unit_that_others_joined_since_is_marked(sign_in: SignIn, cast: Cast) -> None:
    Lineage.objects.create(
        predecessor_id=cast[BAN_THU], successor_id=cast[AN_MAU], on=dt.date(2017, 5, 1),
        kind="merge", share=1.0, document="QĐ thử",
    )  # fmt: skip
    page = read(sign_in(Role.PROVINCIAL_ANALYST), f"{COMPARE}&huong=kem")
    (row,) = (one for one in page.split("<tr>") if f">{AN_MAU}</a>" in one)
    assert "có nơi nhập vào từ kỳ ấy" in row
    assert "1 nơi có đơn vị khác nhập vào" in page


def test_a_period_never_assessed_cannot_be_compared_with(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    page = read(client, f"{COMPARE}&voi=2016-07")
    assert "Kỳ tháng 7/2016 chưa có đánh giá, nên chưa so được." in page
    for odd in ("x", "2018-12"):  # unreadable, or not before: the year before is taken
        assert "So với kỳ tháng 12/2016" in read(client, f"{COMPARE}&voi={odd}")


def test_two_periods_show_nobody_out_of_sight(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.COMMITTEE_OFFICE, LANG_THU)
    for way in ("kem", "kha", "thuong"):
        page = read(client, f"{COMPARE}&huong={way}")
        for hidden in (NA_MAU, DOI_MAU, AN_MAU):
            assert hidden not in page


def test_a_secretary_compares_nobody(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.CELL_SECRETARY, AN_MAU)
    assert client.get(COMPARE).status_code == 403
    assert client.get(FUNNEL).status_code == 403


def test_both_pages_cost_the_same_for_few_and_for_many(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    for address in (FUNNEL, COMPARE):
        costs = []
        for one in (address, address.replace("chi-bo", "to-chuc").replace("&loai=village", "")):
            client.get(one)
            with CaptureQueriesContext(connection) as asked:
                client.get(one)
            costs.append(len(asked))
        assert max(costs) <= 13 + WALL
        assert max(costs) - min(costs) <= 1
