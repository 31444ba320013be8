"""The small province with work to do today, and somebody signed in to look at it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import PROVINCE, Cast, make_cast
from vungmanh.core.vocabulary import Role


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def sign_in(client: Client, cast: Cast) -> Callable[..., Client]:
    """`sign_in(role, unit)`: the client of somebody who holds the role there."""

    def sign_in_(role: Role, unit: str = PROVINCE) -> Client:
        client.force_login(cast.user(f"{role}.{cast[unit].hex[-6:]}", role, unit))
        return client

    return sign_in_
