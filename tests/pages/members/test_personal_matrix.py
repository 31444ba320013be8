"""The matrix of personal fields from outside: every page, file and bundle that may show people."""

from __future__ import annotations

import datetime as dt
import html
import io
import zipfile
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.cast import CELLS, QUAN_MAU, make_cast
from tests.pages.members.made import list_read_by, moved
from vungmanh.access.models import Event
from vungmanh.core.vocabulary import Role
from vungmanh.org.models import Membership, NamesSwitch, Person
from vungmanh.org.personal import FIELDS

CELL = CELLS[QUAN_MAU][0]
#: Rooms of pages in which people may stand; their every address that can be built is opened.
ROOMS = (
    "members", "meetings", "cadre", "training", "statistics", "arranging", "unit", "units",
    "phone", "papers", "reports", "digest", "ledger", "checks", "reforms",
)  # fmt: skip
FULL = ("03/02/1971", "1971-02-03", "05/04/1999", "1999-04-05")
HOLDS = {Role.OVERSEER: CELL, Role.CELL_SECRETARY: CELL}


def routes(found: Any = None, before: str = "") -> list[tuple[str, tuple[str, ...]]]:
    """Names of the addresses of those rooms with their parameters."""
    made = []
    for one in get_resolver().url_patterns if found is None else found:
        if isinstance(one, URLResolver):
            made += routes(one.url_patterns)
        elif isinstance(one, URLPattern) and one.name:
            room = one.callback.__module__.removeprefix("vungmanh.web.").partition(".")[0]
            if room in ROOMS:
                made.append((one.name, tuple(one.pattern.converters)))
    return made


def texts(answer: Any) -> str:
    """What a page or a file says."""
    if answer.status_code != 200:
        return ""
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if not data.startswith(b"PK\x03\x04"):
        return html.unescape(data.decode("utf-8", "replace"))
    archive = zipfile.ZipFile(io.BytesIO(data))
    return " ".join(archive.read(part).decode("utf-8", "replace") for part in archive.namelist())


def test_no_page_file_or_bundle_shows_more_of_a_person_than_the_matrix_says(db: None) -> None:
    cast = make_cast(first=dt.date(2019, 1, 1))
    known = moved(cast[CELL])
    person = Person.objects.get(pk=known["person_id"])
    person.name, key = "Nông Thử Riêng", person.external_key
    person.save()
    switch = NamesSwitch.objects.filter(unit_id=cast[CELL]).get()
    known |= {
        "unit_id": cast[CELL], "member_id": person.pk, "switch_id": switch.pk, "month": "2019-12",
        "kind": "regular",
    }  # fmt: skip
    shown: dict[Role, set[str]] = {}
    opened = set()
    for role in Role:
        user = cast.user(f"mt.{role}", role, HOLDS.get(role, QUAN_MAU))
        eyes = Client()
        eyes.force_login(user)
        given = known | {"list_id": list_read_by(user).pk}
        for name, wanted in routes():
            if not set(wanted) <= set(given):
                continue
            address = reverse(name, kwargs={one: given[one] for one in wanted})
            said = texts(eyes.get(address, {"q": "nong thu rieng"}))
            if not said:
                continue
            opened.add(name)
            # Nothing masked is in full, nowhere, for nobody.
            assert not [one for one in (*FULL, key) if one in said], (role, name)
            if "Nông Thử Riêng" in said:
                shown.setdefault(role, set()).add(name)
                assert role in FIELDS["name"].seen_by, (role, name)
            if "•••" in said:
                assert role in FIELDS["born_on"].seen_by, (role, name)
    assert {
        "members", "unit_members", "member_person", "member_lists", "roll", "roll_member",
        "duplicates", "duplicate", "exchange", "exchange_list", "member_export", "transfers",
        "admissions", "search", "unit", "meeting",
    } <= opened  # fmt: skip
    assert set(shown) == set(FIELDS["name"].seen_by)
    office = shown[Role.COMMITTEE_OFFICE]
    assert {"unit_members", "member_person", "roll", "duplicate", "member_export"} <= office
    # Looking revealed nothing, so nothing is told of it; what was shown in full is.
    assert not Event.objects.filter(verb="person.revealed").exists()
    said_of = [*Event.objects.values_list("data", flat=True)]
    assert not [one for one in (*FULL, key, "Nông Thử Riêng") if one in str(said_of)]
    assert Membership.objects.filter(person=person).exists()
