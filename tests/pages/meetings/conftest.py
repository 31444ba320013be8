"""December 2019 in the small province: a cell's secretary, its office, overseer and analyst."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from time_machine import travel

from tests.cast import CELLS, PROVINCE, QUAN_MAU, Cast, make_cast
from vungmanh.core.vocabulary import Role

CELL, NEXT, THIRD = CELLS[QUAN_MAU]
NOON = dt.datetime(2019, 12, 20, 5, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with travel(NOON, tick=False):
        yield


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2019, 1, 1))


def sign_in(cast: Cast, role: Role, unit: str) -> Client:
    client = Client()
    client.force_login(cast.user(f"mot.{role}", role, unit))
    return client


@pytest.fixture
def secretary(cast: Cast) -> Client:
    return sign_in(cast, Role.CELL_SECRETARY, CELL)


@pytest.fixture
def office(cast: Cast) -> Client:
    return sign_in(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)


@pytest.fixture
def overseer(cast: Cast) -> Client:
    return sign_in(cast, Role.OVERSEER, CELL)


@pytest.fixture
def analyst(cast: Cast) -> Client:
    return sign_in(cast, Role.PROVINCIAL_ANALYST, PROVINCE)


def words(response: HttpResponse) -> str:
    text = html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return re.sub(r"\s+", " ", text)


def address(cast: Cast, cell: str = CELL, month: str = "2019-12", kind: str = "regular") -> str:
    return f"/sinh-hoat/{cast[cell]}/{kind}/{month}/"
