"""The matrix of personal fields from outside: every page, file and bundle that may show people."""

from __future__ import annotations

import datetime as dt
import html
import io
import zipfile
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.cast import CELLS, LANG_THU, QUAN_MAU, Cast, make_cast
from tests.pages.members.made import list_read_by, moved
from vungmanh.access.models import Event, User
from vungmanh.core.vocabulary import Role
from vungmanh.org.models import Admission, Membership, MemberTransfer, NamesSwitch, Person
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


def opened_by(eyes: Client, given: dict[str, Any]) -> dict[str, str]:
    """Every address of those rooms that can be built and is answered, with what it says."""
    said = {}
    for name, wanted in routes():
        if set(wanted) <= set(given):
            address = reverse(name, kwargs={one: given[one] for one in wanted})
            text = texts(eyes.get(address, {"q": "nong thu rieng"}))
            if text:
                said[name] = text
    return said


def told_of(cast: Cast) -> tuple[dict[str, Any], Person]:
    """Parameters of addresses about somebody of a cell with a name of their own, on every list
    where people stand: members, a transfer, an admission."""
    known: dict[str, Any] = moved(cast[CELL])
    person = Person.objects.get(pk=known["person_id"])
    person.name, person.name_fold = "Nông Thử Riêng", "nong thu rieng"
    person.save()
    Admission.objects.filter(pk=known["admission_id"]).update(person=person, alias="")
    MemberTransfer.objects.filter(pk=known["transfer_id"]).update(person=person)
    switch = NamesSwitch.objects.filter(unit_id=cast[CELL]).get()
    return known | {
        "unit_id": cast[CELL], "member_id": person.pk, "switch_id": switch.pk, "month": "2019-12",
        "kind": "regular",
    }, person  # fmt: skip


def test_no_page_file_or_bundle_shows_more_of_a_person_than_the_matrix_says(db: None) -> None:
    cast = make_cast(first=dt.date(2019, 1, 1))
    known, person = told_of(cast)
    key = person.external_key
    shown: dict[Role, set[str]] = {}
    opened = set()
    for role in Role:
        user = cast.user(f"mt.{role}", role, HOLDS.get(role, QUAN_MAU))
        eyes = Client()
        eyes.force_login(user)
        for name, said in opened_by(eyes, known | {"list_id": list_read_by(user).pk}).items():
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
        "transfer", "admissions", "admission", "search", "unit", "meeting",
    } <= opened  # fmt: skip
    assert set(shown) == set(FIELDS["name"].seen_by)
    office = shown[Role.COMMITTEE_OFFICE]
    assert {
        "unit_members", "member_person", "roll", "duplicate", "member_export", "transfer",
        "admission",
    } <= office  # fmt: skip
    # Looking revealed nothing, so nothing is told of it; what was shown in full is.
    assert not Event.objects.filter(verb="person.revealed").exists()
    said_of = [*Event.objects.values_list("data", flat=True)]
    assert not [one for one in (*FULL, key, "Nông Thử Riêng") if one in str(said_of)]
    assert Membership.objects.filter(person=person).exists()


def test_out_of_sight_and_once_names_are_off_nobody_is_named_or_counted(db: None) -> None:
    cast = make_cast(first=dt.date(2019, 1, 1))
    known, person = told_of(cast)
    office = cast.user("mt.office", Role.COMMITTEE_OFFICE, QUAN_MAU)
    stranger = cast.user("mt.stranger", Role.COMMITTEE_OFFICE, LANG_THU)
    secretary = cast.user("mt.secretary", Role.CELL_SECRETARY, CELLS[QUAN_MAU][1])

    def read_by(user: User) -> dict[str, str]:
        eyes = Client()
        eyes.force_login(user)
        return opened_by(eyes, known | {"list_id": list_read_by(user).pk})

    def named(said: dict[str, str]) -> set[str]:
        words = ("Nông Thử Riêng", str(person.pk), "•••", *FULL, person.external_key)
        return {page for page, text in said.items() if any(one in text for one in words)}

    assert named(read_by(office))
    for user in (stranger, secretary):
        said = read_by(user)
        assert named(said) == set()
        assert not {"unit_members", "member_person", "roll", "transfer", "admission"} & set(said)
        assert " 0 " in f" {said['member_lists']} "  # nothing of theirs waits to be looked at
    NamesSwitch.objects.update(ended_on=dt.date(2020, 1, 1), ended_reason="thôi ghi tên")
    said = read_by(office)
    assert named(said) == {"meeting"}  # the record of a day on which names were on
    assert "member_person" not in said
