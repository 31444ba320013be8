"""The one way a membership is written, with the count beside it; and the way back.

Each write returns a journal (JSON): rows made, rows as they were and as they became, counts moved.
Rights are asked by the actions that call this; names stand in no journal.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from vungmanh.access.models import User
from vungmanh.core.errors import InputError, NotNow
from vungmanh.core.people_words import MembershipEnd
from vungmanh.core.text import date_vi, nfc, same_name_key
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.counts import lock_units, move_count
from vungmanh.org.judging import held_to
from vungmanh.org.models import Membership, MembershipCount, Person
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.people.standing import MembershipSpan, judge_membership

Journal = dict[str, Any]
LONGEST_NAME = 120
STAY = MembershipStatus.TEMPORARY_IN


def new_journal() -> Journal:
    return {"before": [], "after": [], "moves": []}


class Writer:
    """Writes memberships of one act. `why` is its subject; `journal` tells what it did."""

    def __init__(self, *, by: User | None, at: dt.datetime, why: str) -> None:
        self.by, self.at, self.why = by, at, why
        self.journal = new_journal()

    def open(
        self,
        person: Person,
        unit_id: UUID,
        status: MembershipStatus,
        from_day: dt.date,
        *,
        until: dt.date | None = None,
        document: str = "",
    ) -> Membership:
        """A membership from a day on, judged against the others of the person."""
        self._judge(person, MembershipSpan(status, from_day))
        row = Membership.objects.create(
            person=person, unit_id=unit_id, status=status, valid=DateRange(from_day, None),
            planned_until=until, document=document[:200], by=self.by,
        )  # fmt: skip
        self._told(None, row)
        return row

    def close(
        self, row: Membership, on: dt.date, way: MembershipEnd, reason: str = ""
    ) -> Membership:
        """The membership ends: `on` is the first day without it."""
        if on <= row.valid.lower:
            raise InputError(
                f"Người này có trong danh sách từ {date_vi(row.valid.lower)}; ghi ngày sau đó.",
                field="on",
                code="before-first-day",
            )
        before = snapshot(row)
        row.valid = DateRange(row.valid.lower, on)
        row.ended_by_way, row.ended_reason = way, reason
        row.save(update_fields=["valid", "ended_by_way", "ended_reason"])
        self._told(before, row)
        return row

    def leave(self, person: UUID, on: dt.date, way: MembershipEnd, reason: str) -> None:
        """Somebody is a member nowhere from a day on: off their list, and off one of a stay."""
        open_rows = Membership.objects.select_for_update().filter(person=person)
        rows = list(open_rows.filter(valid__endswith=None))
        lock_units(row.unit_id for row in rows)
        for row in rows:
            self.close(row, on, way, reason)
            self._one_less(row, on)

    def correct(
        self, row: Membership, status: MembershipStatus, *, until: dt.date | None, document: str
    ) -> None:
        """What was recorded from that very day was something else."""
        before = snapshot(row)
        row.status, row.planned_until, row.by = status, until, self.by
        row.document = document or row.document
        row.save()
        self._told(before, row)

    def move(self, unit_id: UUID, status: MembershipStatus, number: int, day: dt.date) -> None:
        """Move the count and remember it."""
        move_count(unit_id, status, number, day, by=self.by, at=self.at, why=self.why)
        self.journal["moves"].append([str(unit_id), status.value, number, day.isoformat()])

    def change_count(
        self, unit_id: UUID, was: MembershipStatus, now: MembershipStatus, day: dt.date
    ) -> None:
        """From one standing to another. Where the register counts nobody of the old one, list and
        register differ already: the list alone changes, and the review list tells so."""
        if was is now:
            return
        try:
            with transaction.atomic():
                self.move(unit_id, was, -1, day)
        except NotNow as told:
            if told.code != "fewer-than-none":
                raise
            return
        self.move(unit_id, now, 1, day)

    def _one_less(self, row: Membership, on: dt.date) -> None:
        """A guest may stand on a list that never counted them."""
        try:
            with transaction.atomic():
                self.move(row.unit_id, MembershipStatus(row.status), -1, on)
        except NotNow as told:
            if row.status != STAY or told.code != "fewer-than-none":
                raise

    def _judge(self, person: Person, span: MembershipSpan) -> None:
        spans = [
            MembershipSpan(MembershipStatus(one.status), one.valid.lower, one.valid.upper)
            for one in Membership.objects.filter(person=person)
        ]
        view = load_rulebook().on(span.first)
        held_to(judge_membership(view, [*spans, span]))

    def _told(self, before: dict[str, Any] | None, row: Membership) -> None:
        if before is not None:
            self.journal["before"].append(before)
        self.journal["after"].append(snapshot(row))


def snapshot(row: Membership) -> dict[str, Any]:
    """A membership without a word about the person."""
    return {
        "id": str(row.pk),
        "unit": str(row.unit_id),
        "status": str(row.status),
        "lower": row.valid.lower.isoformat(),
        "upper": row.valid.upper.isoformat() if row.valid.upper else None,
        "until": row.planned_until.isoformat() if row.planned_until else None,
        "way": str(row.ended_by_way),
    }


def put_back(journal: Journal, *, by: User | None, at: dt.datetime, why: str) -> None:
    """Everything as it was. Raises NotNow when something was changed since, or no count is left."""
    after = {one["id"]: one for one in journal["after"]}  # the last word on each row
    rows = {str(one.pk): one for one in Membership.objects.select_for_update().filter(pk__in=after)}
    if {pk: snapshot(row) for pk, row in rows.items()} != after:
        raise NotNow(
            "Sau đó đã có thay đổi khác về người này. Rút thay đổi ấy trước.", code="changed-since"
        )
    before: dict[str, dict[str, Any]] = {}
    for one in journal["before"]:
        before.setdefault(one["id"], one)
    for pk in after.keys() - before.keys():
        rows[pk].delete()
    for pk, said in before.items():
        row = rows[pk]
        upper = dt.date.fromisoformat(said["upper"]) if said["upper"] else None
        row.valid = DateRange(dt.date.fromisoformat(said["lower"]), upper)
        row.status, row.ended_by_way = said["status"], said["way"]
        row.planned_until = dt.date.fromisoformat(said["until"]) if said["until"] else None
        row.ended_reason = "" if not said["way"] else row.ended_reason
        row.save()
    for unit, status, number, day in reversed(journal["moves"]):
        move_count(
            UUID(unit), MembershipStatus(status), -number, dt.date.fromisoformat(day),
            by=by, at=at, why=why,
        )  # fmt: skip


def listed_and_counted(unit_id: UUID, day: dt.date) -> tuple[int, int]:
    """How many names and how many members a unit has on a day, those on a stay left out."""
    names = Membership.objects.filter(
        unit_id=unit_id, valid__contains=day, person__erased_at=None
    ).exclude(status=STAY)
    counts = MembershipCount.objects.filter(unit_id=unit_id, valid__contains=day)
    counted = sum(counts.exclude(status=STAY).values_list("count", flat=True))
    return names.count(), counted


def checked_name(unit_id: UUID, name: str, on: dt.date, *, but: UUID | None = None) -> str:
    """A name in one line that nobody on the list has. Raises InputError."""
    name = " ".join(nfc(name).split())
    if not 2 <= len(name) <= LONGEST_NAME or not any(letter.isalpha() for letter in name):
        raise InputError(
            f"Ghi họ tên, nhiều nhất {LONGEST_NAME} chữ cái.", field="name", code="bad-name"
        )
    others = Membership.objects.filter(unit_id=unit_id, valid__contains=on, person__erased_at=None)
    if but is not None:
        others = others.exclude(person=but)
    names = others.values_list("person__name", flat=True)
    if same_name_key(name) in {same_name_key(one) for one in names}:
        raise InputError(
            f"Danh sách đã có {name}. Nếu là người khác trùng tên, ghi thêm chữ để phân biệt,"
            " ví dụ “(xóm Trên)”.",
            field="name",
            code="same-name",
        )
    return name


def checked_day(day: dt.date, today: dt.date, field: str = "from_day") -> dt.date:
    """A day that has come. Raises InputError."""
    if day > today:
        raise InputError(
            f"Ngày {date_vi(day)} chưa đến. Ghi ngày hôm nay hoặc trước đó.",
            field=field,
            code="day-to-come",
        )
    return day
