"""The small province with Quan Mẫu chosen, looked at on the day of the story."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from time_machine import travel

from tests.cast import AT, PROVINCE, QUAN_MAU, make_cast
from tests.pages.files.made import support_file
from tests.support_story import TODAY, Support
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.vocabulary import Role
from vungmanh.strengthening.models import SupportFile


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with travel(AT, tick=False):
        yield


@pytest.fixture
def story(db: None) -> Support:
    """Who asks, who approves, and the file, without the choosing before it."""
    cast = make_cast(first=AT.date().replace(year=2018, month=1))
    file = support_file(cast[QUAN_MAU], cast[PROVINCE])
    desk = viewer_for(cast.user("ban.to.chuc", Role.PROVINCIAL_ANALYST, PROVINCE), on=TODAY)
    board = viewer_for(cast.user("thuong.vu", Role.STANDING_COMMITTEE, PROVINCE), on=TODAY)
    return Support(cast, file.programme, desk, board)


@pytest.fixture
def file(story: Support) -> SupportFile:
    return SupportFile.objects.select_related("programme", "choice").get()


@pytest.fixture
def sign_in() -> Callable[[Viewer], Client]:
    """The client of somebody of the story."""

    def sign_in_(viewer: Viewer) -> Client:
        client = Client()
        client.force_login(viewer.user)
        return client

    return sign_in_
