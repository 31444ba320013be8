"""A change of structure can be looked at before anybody has reported under it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from tests.cast import AT, QUAN_MAU, Cast, december, make_cast
from vungmanh.core.vocabulary import ReformState, Role
from vungmanh.org.models import Reform
from vungmanh.strengthening.actions.assess import assess_months

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_of_analyst(client: Client) -> tuple[Client, Cast]:
    cast = make_cast()
    for cell in cast.cells:
        cast.hold(cell, 2019, held=12)
    assess_months(months=[december(2019)], by=None, at=AT)
    client.force_login(cast.user("chuyenvien", Role.PROVINCIAL_ANALYST))
    return client, cast


def change(on: dt.date, state: ReformState = ReformState.COMMITTED) -> None:
    Reform.objects.create(
        title="Sắp xếp thử", document="QĐ 1-QĐ/TU", effective_on=on, state=state, drafted_at=AT
    )


def test_the_months_of_a_later_change_are_offered(client_of_analyst: tuple[Client, Cast]) -> None:
    client, cast = client_of_analyst
    change(dt.date(2020, 3, 1))
    page = client.get(f"/to-chuc/{cast[QUAN_MAU]}/").content.decode()
    assert "Cơ cấu tổ chức đã đổi đến tháng\N{NO-BREAK SPACE}3/2020" in page
    assert "tháng 3/2020 (cơ cấu)" in page
    assert "tháng 2/2020 (cơ cấu)" in page
    later = client.get(f"/to-chuc/{cast[QUAN_MAU]}/?ky=2020-03")
    assert later.status_code == 200
    assert "kỳ này chưa có đánh giá" in later.content.decode()


def test_a_month_without_figures_says_where_its_structure_is(
    client_of_analyst: tuple[Client, Cast],
) -> None:
    client, _cast = client_of_analyst
    change(dt.date(2020, 3, 1))
    page = client.get("/tong-quan/?ky=2020-03").content.decode()
    assert "Xem tổ chức của kỳ này" in page


def test_a_draft_and_a_new_name_of_the_past_change_no_structure(
    client_of_analyst: tuple[Client, Cast],
) -> None:
    client, cast = client_of_analyst
    change(dt.date(2020, 3, 1), ReformState.DRAFT)
    change(dt.date(2019, 6, 1))
    page = client.get(f"/to-chuc/{cast[QUAN_MAU]}/").content.decode()
    assert "(cơ cấu)" not in page
