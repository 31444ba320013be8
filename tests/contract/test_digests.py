"""One quiet digest a day: what waits for whom, within reach, lent roles too, and muted at will."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.test import Client
from time_machine import travel

from tests.cast import CELLS, QUAN_MAU, Cast, make_cast
from tests.contract.test_excuses_asked import FLOOD
from vungmanh.access.models import User
from vungmanh.access.viewer import viewer_for
from vungmanh.core.errors import InputError
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.actions.asking import ask_excuse
from vungmanh.meetings.actions.digests import (
    mail_digests,
    make_digests,
    mute_digests,
    see_digest,
)
from vungmanh.meetings.digest import digest_of, waiting_for
from vungmanh.meetings.models import Digest

pytestmark = pytest.mark.django_db

TODAY = dt.date(2019, 12, 20)
NOW = dt.datetime(2019, 12, 20, 3, tzinfo=dt.UTC)
CELL, OTHER, _THIRD = CELLS[QUAN_MAU]


@pytest.fixture
def cast() -> Cast:
    cast = make_cast(first=dt.date(2018, 1, 1))
    cast.hold(CELL, 2019, held=8, not_held=0)
    return cast


@pytest.fixture
def secretary(cast: Cast) -> User:
    return cast.user("bithu", Role.CELL_SECRETARY, CELL)


@pytest.fixture
def office(cast: Cast) -> User:
    return cast.user("vanphong", Role.COMMITTEE_OFFICE, QUAN_MAU)


def counts(user: User) -> dict[str, int]:
    return {one.key: one.count for one in waiting_for(viewer_for(user, on=TODAY), TODAY)}


def test_each_is_told_what_waits_for_him_and_nothing_of_others(
    cast: Cast, secretary: User, office: User
) -> None:
    ask_excuse(unit_id=cast[CELL], wish=FLOOD, by=viewer_for(secretary, on=TODAY), at=NOW)
    assert counts(secretary)["months_missing"] == 4, "December 2018, September to November"
    assert "excuses_to_decide" not in counts(secretary)
    assert counts(office) == {"excuses_to_decide": 1}
    neighbour = cast.user("khac", Role.CELL_SECRETARY, OTHER)
    assert counts(neighbour)["months_missing"] == 12


def test_made_once_a_day_hidden_when_seen_and_back_tomorrow(secretary: User) -> None:
    assert make_digests(day=TODAY, at=NOW) == 1
    assert make_digests(day=TODAY, at=NOW) == 0
    viewer = viewer_for(secretary, on=TODAY)
    assert digest_of(viewer, TODAY) is not None
    see_digest(by=viewer, day=TODAY, at=NOW)
    assert digest_of(viewer, TODAY) is None
    tomorrow = TODAY + dt.timedelta(days=1)
    make_digests(day=tomorrow, at=NOW)
    assert digest_of(viewer_for(secretary, on=tomorrow), tomorrow) is not None


def test_muted_until_a_day_and_not_for_ever(secretary: User) -> None:
    viewer, day = viewer_for(secretary, on=TODAY), TODAY + dt.timedelta(days=5)
    for wrong in (TODAY, TODAY + dt.timedelta(days=400)):
        with pytest.raises(InputError):
            mute_digests(until=wrong, by=viewer, at=NOW)
    mute_digests(until=day, by=viewer, at=NOW)
    for on, is_told in ((TODAY, False), (day, True)):
        make_digests(day=on, at=NOW)
        assert (digest_of(viewer_for(secretary, on=on), on) is not None) == is_told


def test_one_letter_a_person_without_names_and_none_without_an_address(
    secretary: User, office: User
) -> None:
    secretary.email = "bithu@example.org"
    secretary.save()
    make_digests(day=TODAY, at=NOW)
    said = {"subject": "Việc hôm nay", "body": "Có việc đang chờ.", "sender": "vm@example.org"}
    assert mail_digests(day=TODAY, at=NOW, **said) == 1
    assert mail_digests(day=TODAY, at=NOW, **said) == 0
    assert [letter.to for letter in mail.outbox] == [["bithu@example.org"]]


def test_the_list_of_today_is_on_the_page_of_its_person_and_goes_when_seen(
    secretary: User,
) -> None:
    with travel(NOW, tick=False):
        make_digests(day=TODAY, at=NOW)
        client = Client()
        client.force_login(secretary)
        page = client.get("/viec-hom-nay/").content.decode()
        assert "4 kỳ quá hạn chưa nộp" in page
        part = client.get("/viec-hom-nay/", headers={"HX-Request": "true"}).content.decode()
        assert "4 kỳ quá hạn chưa nộp" in part
        assert "<html" not in part
        assert client.post("/viec-hom-nay/", {"act": "seen"}).status_code == 302
        assert "Hôm nay không có việc nào" in client.get("/viec-hom-nay/").content.decode()
        wrong = client.post("/viec-hom-nay/", {"act": "mute", "until": "2019-12-01"})
        assert wrong.status_code == 422
    assert Digest.objects.get().seen_at == NOW
