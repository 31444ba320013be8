"""Every address of the yearly rating from outside: no sign-in, no token, no standing in it."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from uuid import UUID

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils.timezone import localdate

from tests.cast import LANG_THU, PROVINCE, QUAN_MAU
from tests.pages.evaluation.conftest import CELL, SECOND, YEAR, Story
from tests.pages.test_every_route import walk
from vungmanh.access.models import RoleGrant
from vungmanh.core.vocabulary import Reach, Role
from vungmanh.evaluation.models import Cycle, Dossier, DossierEntry

OFFICE, SECRETARY, OVERSEER = Role.COMMITTEE_OFFICE, Role.CELL_SECRETARY, Role.OVERSEER
WHY = "Câu này chỉ nơi cho ý kiến được đọc."
OWN = {"cycle_id", "dossier_id"}
ROUTES = [
    route
    for route in walk(get_resolver().url_patterns)
    if set(route.parameters) and set(route.parameters) <= OWN
]
#: One of each side and one of each page; every act by role and state is tried in test_dossiers.
ACTS = ("decide", "give_opinion", "complain", "close", "make")


def addresses(story: Story) -> list[str]:
    ids = {"cycle_id": story.cycle.pk, "dossier_id": story.dossier().pk}
    return [reverse(one.name, kwargs={key: ids[key] for key in one.parameters}) for one in ROUTES]


def state(story: Story) -> list[object]:
    """All that could have been changed."""
    dossiers = Dossier.objects.order_by("pk").values_list()
    return [*dossiers, *Cycle.objects.order_by("pk").values_list(), DossierEntry.objects.count()]


def said(answer: HttpResponse) -> str:
    """The words of an answer, and of what is packed in it."""
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return _words(data)


def _words(data: bytes) -> str:
    if not data.startswith(b"PK"):
        return data.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "".join(_words(archive.read(name)) for name in archive.namelist())


def test_the_walk_meets_the_addresses_of_cycle_and_dossier(story: Story) -> None:
    assert len(addresses(story)) >= 15
    assert all(one.permission for one in ROUTES)


def test_without_sign_in_or_token_nothing_is_done(story: Story) -> None:
    before, stranger = state(story), Client()
    careless = Client(enforce_csrf_checks=True)
    careless.force_login(story.user(OFFICE, QUAN_MAU))
    for address in addresses(story):
        for act in ("decide", "close"):
            answer = stranger.post(address, {"act": act})
            assert answer.status_code in {302, 405}, address
            assert answer.status_code == 405 or "next=" in answer["Location"], address
            assert careless.post(address, {"act": act}).status_code == 403, address
    assert state(story) == before


def test_a_neighbour_meets_no_address_and_does_no_act(story: Story) -> None:
    before, client = state(story), story.as_(OFFICE, LANG_THU)
    for address in addresses(story):
        assert client.get(address).status_code == 404, address
        for act in ACTS:
            assert client.post(address, {"act": act}).status_code in {404, 405}, (address, act)
    assert state(story) == before


def test_whoever_stands_below_does_no_act_of_the_committee(story: Story) -> None:
    story.as_(SECRETARY, CELL)
    story.post("rate_self", grade="tot", points="80")
    before = state(story)
    for role in (SECRETARY, OVERSEER):
        client = story.as_(role, CELL)
        for address in addresses(story):
            for act in ACTS:
                answer = client.post(address, {"act": act, f"{act}-grade": "tot"})
                assert answer.status_code in {403, 404, 405, 409, 422}, (address, act)
    assert state(story) == before


def test_looking_changes_nothing_whoever_looks(story: Story) -> None:
    before = state(story)
    for role, unit in ((OFFICE, QUAN_MAU), (SECRETARY, CELL)):
        client = story.as_(role, unit)
        for address in addresses(story):
            looked = client.get(f"{address}?act=decide&decide-grade=tot").status_code
            assert looked in {200, 403, 404, 405}, address
            assert client.head(f"{address}?act=close").status_code == looked, address
    assert state(story) == before


def test_a_dossier_of_another_cycle_is_no_part_of_this_one(story: Story) -> None:
    """What the acts on a cycle name is looked for in that cycle."""
    other = Cycle.objects.get(pk=story.cycle.pk)
    other.pk, other.year = UUID(int=7), YEAR - 1
    other.save(force_insert=True)
    foreign = Dossier.objects.get(pk=story.dossier(SECOND).pk)
    foreign.pk, foreign.cycle = UUID(int=8), other
    foreign.save(force_insert=True)
    before, client = state(story), story.as_(OFFICE)
    address = reverse("cycle_manage", args=[story.cycle.pk])
    for act, chosen in (("remove", str(foreign.pk)), ("protect", f"ngoai.{foreign.pk}")):
        sent = {"act": act, f"{act}-chosen": chosen, f"{act}-reason": "Vì thế"}
        assert client.post(address, sent).status_code == 422
    assert state(story) == before


@pytest.fixture
def blind(story: Story) -> Story:
    """Opinions are being gathered and one body has spoken."""
    story.as_(SECRETARY, CELL)
    story.post("rate_self", grade="tot", points="87,5")
    story.as_(OFFICE)
    story.post("open_opinions")
    story.post("give_opinion", body=story.cycle.bodies[0], grade="hoan_thanh", reason=WHY)
    assert story.dossier().state == "in_opinion"
    return story


def test_no_address_shows_an_opinion_to_who_must_not_read_it(blind: Story) -> None:
    page = reverse("dossier", args=[blind.dossier().pk])
    assert WHY in said(blind.as_(OFFICE).get(page))  # whoever has spoken reads the others
    for role, unit in ((SECRETARY, CELL), (OVERSEER, CELL), (Role.PROVINCIAL_ANALYST, PROVINCE)):
        client, read = blind.as_(role, unit), 0
        for address in [*addresses(blind), f"{page}?tinh-lai=1"]:
            answer = client.get(address)
            assert WHY not in said(answer), (role, address)
            read += answer.status_code == 200
        assert read > 2, role


def test_a_role_that_has_ended_or_was_only_lent_until_yesterday_opens_nothing(
    story: Story,
) -> None:
    lender, borrower = story.user(OFFICE, QUAN_MAU), story.cast.user("muon", None)
    yesterday = localdate() - dt.timedelta(days=1)
    lent = RoleGrant.objects.create(
        user=borrower, role=OFFICE, unit_id=story.cast[QUAN_MAU], reach=Reach.UNIT_AND_BELOW,
        valid=DateRange(yesterday, localdate() + dt.timedelta(days=1)), on_behalf_of=lender,
    )  # fmt: skip
    client = Client()
    client.force_login(borrower)
    assert client.get(addresses(story)[0]).status_code == 200
    lent.valid = DateRange(yesterday, localdate())
    lent.save()
    for address in addresses(story):
        assert client.get(address).status_code == 403, address
        assert client.post(address, {"act": "decide"}).status_code in {403, 405}, address
    grant = RoleGrant.objects.get(user=lender)
    grant.valid = DateRange(dt.date(2014, 1, 1), localdate())
    grant.save()
    client.force_login(lender)
    assert {client.get(address).status_code for address in addresses(story)} == {403}
