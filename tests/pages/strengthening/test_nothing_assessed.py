"""Overview and list of a province with units and no assessment yet: the next step is said."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from tests.cast import make_cast
from tests.pages.strengthening.story import main_of
from vungmanh.core.vocabulary import Role

pytestmark = pytest.mark.django_db


def test_the_overview_says_what_to_do(client: Client) -> None:
    cast = make_cast(first=dt.date(2019, 1, 1))
    client.force_login(cast.user("chuyen-vien", Role.PROVINCIAL_ANALYST))
    page = main_of(client.get("/tong-quan/"))
    assert "Chưa có số liệu để nhận diện." in page
    assert "Nhập báo cáo hằng tháng của các đảng ủy." in page


def test_the_list_shows_the_way_to_import(client: Client) -> None:
    cast = make_cast(first=dt.date(2019, 1, 1))
    client.force_login(cast.user("chuyen-vien", Role.PROVINCIAL_ANALYST))
    assert "Chưa có số liệu để nhận diện." in main_of(client.get("/nhan-dien/"))
    assert client.get("/nhan-dien/xuat.xlsx").status_code == 404
