"""Phones, an office and a bad network, for the proof that nothing is lost (docs/house/phones.md).

Everything goes through the real addresses; only the network in between is made up. A phone here
does what the real one does: it makes ids, keeps each item until the answer for it is stored, and
never changes an item once made. One random source decides everything, so that a seed is a schedule.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import uuid
from collections import Counter
from typing import Any
from uuid import UUID

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast
from vungmanh.access.models import User
from vungmanh.access.viewer import viewer_for
from vungmanh.core.errors import VungManhError
from vungmanh.meetings.actions.meeting import return_meeting, write_meeting
from vungmanh.meetings.actions.phone_import import import_copy
from vungmanh.meetings.meeting_id import meeting_id
from vungmanh.meetings.models import Meeting
from vungmanh.meetings.phone_files import SavedCopy

FIELDS = ("place", "chair", "clerk", "guests", "excused_reasons", "conclusion")
OPEN, DONE = ("waiting", "held", "kept"), ("accepted", "replaced")
NOT_HELD = {"outcome": "not_held", "not_held_reason": "ngập đường"}


class Row:
    """One item in the outbox of a phone."""

    def __init__(self, item: dict[str, Any]) -> None:
        self.item, self.state, self.answer = item, "waiting", {}


class SimPhone:
    """One account on one phone; `rows` is what it holds, `made` what it ever made."""

    def __init__(self, world: World, user: User, unit: UUID) -> None:
        self.world, self.user, self.unit = world, user, unit
        self.id, self.key = world.new_id(), world.random.randbytes(32).hex()
        self.rows: list[Row] = []
        self.known: dict[str, dict[str, Any]] = {}
        self.client = Client()
        self.sign_in()
        self.talk("phone_send", [])

    def sign_in(self) -> None:
        if User.objects.get(pk=self.user.pk).is_active:
            self.client.force_login(self.user)

    # --- what its person does --------------------------------------------------------------------

    def subject(self, month: dt.date) -> str:
        return str(meeting_id(self.unit, "regular", month))

    def add(self, kind: str, month: dt.date, body: dict[str, Any], **more: Any) -> None:
        subject = self.subject(month)
        before = [row for row in self.rows if row.item["subject"] == subject]
        chain = [row.item["id"] for row in before if row.state != "replaced"]
        item = {
            "id": self.world.new_id(), "kind": kind, "subject": subject,
            "after": chain[-1] if chain else None, "made_at": "2026-11-05T20:00:00+07:00",
            "form": 1, **more,
            "body": {"unit": str(self.unit), "kind": "regular", "month": f"{month:%Y-%m}", **body},
        }  # fmt: skip
        self.rows.append(Row(item))
        self.world.made.append(item)

    def facts(self, month: dt.date) -> dict[str, Any]:
        """What it knows: what the server said, and over it what was made here."""
        subject = self.subject(month)
        facts = dict(self.known.get(subject, {}))
        for row in self.rows:
            if row.item["subject"] == subject and row.state in (*OPEN, "accepted"):
                facts |= row.item["body"].get("set", {})
        return facts

    def write(self, month: dt.date, said: dict[str, Any], **more: Any) -> None:
        facts = self.facts(month)
        was = {name: facts.get(name) for name in said}
        self.add("meeting.write", month, {"set": said, "was": was}, **more)

    def answer_a_question(self) -> None:
        """Its person chooses in a conflict, or gives a refused item up."""
        row = next((one for one in self.rows if one.state in ("conflict", "refused")), None)
        if row is None:
            return
        fields = row.answer.get("conflict") or {}
        if row.state == "refused" or not fields:
            row.state = "replaced"
            return
        side = self.world.random.choice(("mine", "theirs"))
        month = dt.date.fromisoformat(row.item["body"]["month"] + "-01")
        said = {name: values[side] for name, values in fields.items()}
        was = {name: values["theirs"] for name, values in fields.items()}
        self.add(
            "meeting.write", month, {"set": said, "was": was}, settles=row.item["id"], why="xem sổ"
        )

    # --- the network -----------------------------------------------------------------------------

    def talk(self, to: str, items: list[dict[str, Any]]) -> dict[str, Any]:
        body = {"device": self.id, "key": self.key, "items": items, "outbox": len(self.rows)}
        said = self.client.post(reverse(to), json.dumps(body), content_type="application/json")
        if said.status_code == 401:
            said = self.client.post(
                reverse("phone_deposit"), json.dumps(body), content_type="application/json"
            )
        assert said.status_code == 200, said.content
        return said.json()

    def send(self, *, shuffled: bool = False, twice: bool = False, lost: bool = False) -> None:
        batch = [row for row in self.rows if row.state in OPEN]
        if shuffled:  # the network returns in the wrong order: a later part comes first
            batch = self.world.random.sample(batch, self.world.random.randint(0, len(batch)))
        for _ in range(1 + twice):
            told = self.talk("phone_send", [row.item for row in batch])["items"]
        if not lost:
            self.store(batch, told)

    def store(self, batch: list[Row], told: list[dict[str, Any]]) -> None:
        for row, answer in zip(batch, told, strict=True):
            assert answer["id"] == row.item["id"]
            state = answer["then"] if answer["answer"] == "known" else answer["answer"]
            if row.state not in DONE:
                row.state = "accepted" if state == "superseded" else state
                row.answer = answer
            settled = row.item.get("settles") if row.state == "accepted" else None
            for other in self.rows:
                other.state = "replaced" if other.item["id"] == settled else other.state

    def two_tabs(self) -> None:
        """Another tab sends what it saw before this one's answers were stored."""
        batch = [row for row in self.rows if row.state in OPEN]
        first, second = (
            self.talk("phone_send", [row.item for row in batch])["items"] for _ in range(2)
        )
        self.store(batch, second)
        self.store(batch, first)

    def fetch(self) -> None:
        for meeting in Meeting.objects.filter(unit_id=self.unit):
            self.known[str(meeting.pk)] = meeting.facts
        for row in [one for one in self.rows if one.state in DONE]:
            self.rows.remove(row)

    def clear_storage(self) -> None:
        """Save a copy, then lose everything; the copy reaches the office some day."""
        text = json.dumps([row.item for row in self.rows if row.state not in DONE])
        self.world.copies.append(
            SavedCopy(UUID(self.id), self.user.username, "", text, json.loads(text), "")
        )
        self.rows, self.known = [], {}
        self.id, self.key = self.world.new_id(), self.world.random.randbytes(32).hex()
        self.sign_in()
        self.talk("phone_send", [])


class World:
    """Three phones of two secretaries, an office with its browser, and copies on their way."""

    def __init__(self, seed: int, cast: Cast, people: dict[str, tuple[User, UUID]]) -> None:
        self.random, self.cast = random.Random(seed), cast
        self.made: list[dict[str, Any]] = []
        self.copies: list[SavedCopy] = []
        self.counts: Counter[str] = Counter()
        self.number = 0
        self.office = User.objects.get(username="van-phong")
        this = timezone.localdate().replace(day=1)
        self.months = [(this - dt.timedelta(days=28 * back)).replace(day=1) for back in (1, 2)]
        first, second = people.values()
        self.phones = [SimPhone(self, *first), SimPhone(self, *first), SimPhone(self, *second)]

    def new_id(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def word(self) -> str:
        """A value that nothing else ever says."""
        self.number += 1
        return f"giá trị {self.number}"

    def step(self) -> None:
        """One event, drawn."""
        acts = {
            "offline write": 30, "offline file": 6, "offline impossible": 3, "choose": 6,
            "online": 12, "answer lost": 6, "sent twice": 5, "wrong order": 10, "two tabs": 4,
            "fetch": 8, "signed out": 4, "signed in": 5, "account shut": 1, "account open": 3,
            "storage cleared": 1, "office writes": 8, "office returns": 3, "copy brought": 2,
        }  # fmt: skip
        act = self.random.choices(list(acts), weights=list(acts.values()))[0]
        self.counts[act] += 1
        self.do(act, self.random.choice(self.phones), self.random.choice(self.months))

    def do(self, act: str, phone: SimPhone, month: dt.date) -> None:
        said = {self.random.choice(FIELDS): self.word()}
        if act == "offline write":
            is_first = "outcome" not in phone.facts(month)
            phone.write(month, (NOT_HELD | said) if is_first else said)
        elif act == "offline impossible":
            phone.write(month, {"starts": "25:99"})
        elif act == "offline file":
            phone.add("meeting.file", month, {})
        elif act == "choose":
            phone.answer_a_question()
        elif act in ("online", "answer lost", "sent twice", "wrong order"):
            phone.send(
                shuffled=act == "wrong order", twice=act == "sent twice", lost=act == "answer lost"
            )
        elif act == "two tabs":
            phone.two_tabs()
        elif act == "fetch":
            phone.fetch()
        elif act == "storage cleared":
            if self.is_open(phone):
                phone.clear_storage()
        elif act == "office writes":
            self.office_writes(phone.unit, month, said)
        elif act == "office returns":
            self.office_returns(phone.unit, month)
        elif act == "copy brought" and self.copies:
            self.bring(self.copies.pop())
        else:
            self.of_account(act, phone)

    def of_account(self, act: str, phone: SimPhone) -> None:
        if act == "signed out":
            phone.client.logout()
        elif act == "signed in":
            phone.sign_in()
        elif act in ("account shut", "account open"):
            User.objects.filter(pk=phone.user.pk).update(is_active=act == "account open")

    def is_open(self, phone: SimPhone) -> bool:
        return User.objects.get(pk=phone.user.pk).is_active

    # --- the office ------------------------------------------------------------------------------

    def office_writes(self, unit: UUID, month: dt.date, said: dict[str, Any]) -> None:
        """On the web, knowing what stands there: that is no silent overwriting."""
        key = meeting_id(unit, "regular", month)
        meeting = Meeting.objects.filter(pk=key).first()
        facts = meeting.facts if meeting else {}
        was = {name: facts.get(name) for name in said}
        try:
            write_meeting(
                unit_id=unit, kind="regular", month=month, set=said, was=was,
                by=viewer_for(self.office, on=timezone.localdate()), at=timezone.now(),
            )  # fmt: skip
        except VungManhError:
            self.counts["office refused"] += 1

    def office_returns(self, unit: UUID, month: dt.date) -> None:
        try:
            return_meeting(
                meeting_id=meeting_id(unit, "regular", month), reason="ghi rõ hơn",
                by=viewer_for(self.office, on=timezone.localdate()), at=timezone.now(),
            )  # fmt: skip
        except VungManhError:
            self.counts["office refused"] += 1

    def bring(self, copy: SavedCopy) -> None:
        by = viewer_for(self.office, on=timezone.localdate())
        import_copy(copy=copy, by=by, at=timezone.now())
