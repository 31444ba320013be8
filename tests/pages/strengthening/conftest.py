"""The story of the pages, assessed, and somebody signed in to look at it."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import PROVINCE, Cast
from tests.pages.strengthening.story import YEARS, assess_years, make_story
from vungmanh.core.vocabulary import Role


@pytest.fixture(scope="module")
def told_once(told_for_a_file: None) -> Cast:
    cast = make_story()
    assess_years(*YEARS)
    return cast


@pytest.fixture
def cast(told_once: Cast, db: None) -> Cast:
    return copy.deepcopy(told_once)


@pytest.fixture
def sign_in(client: Client, cast: Cast) -> Callable[..., Client]:
    """`sign_in(role, unit)`: the client of somebody who holds the role there."""

    def sign_in_(role: Role | None, unit: str = PROVINCE) -> Client:
        client.force_login(cast.user(f"{role}", role, unit))
        return client

    return sign_in_
