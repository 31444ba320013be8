"""November 2019 with two cells that wrote the same, one above and one elsewhere."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from tests.cast import AT, Cast, make_cast
from tests.contract.test_lookalikes import CELL, FAR, NEXT, NOVEMBER, OTHER, OWN, SCHOOL, file
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.actions.lookalikes import compare_new_texts


@pytest.fixture
def cast() -> Cast:
    cast = make_cast(first=dt.date(2019, 1, 1))
    file(cast, CELL, NOVEMBER, OWN)
    file(cast, NEXT, NOVEMBER, OWN.replace("rằm", "Tết") + " <script>", hour=1)
    file(cast, FAR, NOVEMBER, OWN.replace("rằm", "mùng năm"), hour=2)
    file(cast, SCHOOL, NOVEMBER, OTHER, hour=3)
    compare_new_texts(by=None, at=AT)
    return cast


def sign_in(cast: Cast, role: Role, unit: str) -> Client:
    client = Client()
    client.force_login(cast.user(f"{role}.{unit}", role, unit))
    return client
