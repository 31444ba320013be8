"""The small province of 2019, and somebody signed in to look at it in January 2020."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from time_machine import travel

from tests.cast import AT, CELLS, PROVINCE, QUAN_MAU, Cast, make_cast
from vungmanh.core.vocabulary import Role
from vungmanh.strengthening.actions.assess import assess_months


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with travel(dt.datetime(2020, 1, 20, 5, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def cast() -> Cast:
    cast = make_cast(first=dt.date(2018, 1, 1))
    for cell in CELLS[QUAN_MAU]:
        cast.hold(cell, 2019, held=12)
    assess_months(months=[dt.date(2019, 12, 1)], by=None, at=AT)
    return cast


@pytest.fixture
def sign_in(cast: Cast) -> Callable[..., Client]:
    """`sign_in(role, unit)`: the client of somebody who holds the role there."""

    def sign_in_(role: Role, unit: str = PROVINCE) -> Client:
        client = Client()
        client.force_login(cast.user(f"{role}.{cast[unit].hex[-6:]}", role, unit))
        return client

    return sign_in_
