"""Đã mô hình hóa đến đâu: every item with what is missing and whom to ask."""

from __future__ import annotations

import datetime as dt
import html as entities

import pytest
from django.test import Client

from tests.cast import make_cast
from vungmanh.core.vocabulary import Role
from vungmanh.rulebook.coverage import coverage


@pytest.mark.django_db
def test_every_item_is_there_with_what_must_be_asked(client: Client) -> None:
    cast = make_cast(first=dt.date(2018, 1, 1))
    client.force_login(cast.user("thư", Role.CELL_SECRETARY, cast.cells[0]))
    page = entities.unescape(client.get("/can-cu/da-mo-hinh/").content.decode())
    assert coverage()
    for item in coverage():
        assert item.title in page
        assert item.missing in page
        assert item.ask in page
