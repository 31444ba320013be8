"""Reading a list of members, choosing what to take of it, carrying it out and taking it back.

The bytes of the file are let go as soon as they are read. What rows said of people is emptied when
the list is carried out or thrown away, and after `KEPT_DAYS` by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.models import Event
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotNow, RuleBroken
from vungmanh.core.text import date_vi, same_words_key
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.actions.exchange import (
    CORRECTED,
    EXCHANGE,
    Newcomer,
    bring_in,
    correct_person,
    take_out,
    undo_correction,
)
from vungmanh.org.actions.people import set_standing, undo_last_change
from vungmanh.org.memberships import STAY, checked_day
from vungmanh.org.queries import cells_visible
from vungmanh.org.standings import PROBATIONARY, official_day
from vungmanh.org.turns import beside_register
from vungmanh.outputs.members.comparing import (
    COMPARED,
    Register,
    compare,
    fingerprint,
    register_of,
)
from vungmanh.outputs.members.models import (
    ListState,
    MemberColumn,
    MemberHeading,
    MemberLine,
    MemberLineState,
    MemberList,
)
from vungmanh.outputs.members.reading import read_list
from vungmanh.outputs.members.reads import lines_seen, list_of

KEPT_DAYS = 3  # a list nobody carries out: a long weekend
_STATE = "Danh sách này không còn ở bước ấy. Tải lại trang để xem tình trạng mới."


@transaction.atomic
def prepare_list(
    *,
    data: bytes,
    name: str,
    from_day: dt.date,
    status: MembershipStatus,
    by: Viewer,
    at: dt.datetime,
    columns: Mapping[str, str] | None = None,
    instead_of: UUID | None = None,
) -> MemberList:
    """Read a file beside the register; nothing of the register changes.

    `columns` says what headings mean, kept for the next file of this user. `instead_of` names a
    preview that this one replaces. Raises InputError for a file that cannot be read at all.
    """
    check_can(by, EXCHANGE)
    today = localdate(at)
    checked_day(from_day, today)
    _keep_columns(columns or {}, by)
    if instead_of is not None:
        _locked(by, instead_of, ListState.PREVIEW).delete()
    said = MemberHeading.objects.filter(by=by.user).values_list("heading", "column")
    read = read_list(data, name, dict(said), today)
    made = MemberList.objects.create(
        by=by.user, at=at, state=ListState.PREVIEW, from_day=from_day, status=status,
        columns=read.columns, problem=read.problem,
    )  # fmt: skip
    if not read.problem:
        if not read.rows:
            raise InputError("Tệp không có dòng nào của đảng viên.", field="file", code="no-rows")
        keys = {row.said["external_key"] for row in read.rows if "external_key" in row.said}
        register = _register(by, keys, today)
        lines = compare(by, read, register, status, today)
        for line in lines:
            line.of = made
        MemberLine.objects.bulk_create(lines, batch_size=1000)
        made.stood = fingerprint(register, {line.unit_id for line in lines})
        made.save(update_fields=["stood"])
    record(
        "member_list.read", by=by.user, at=at, subject=f"member_list:{made.pk}",
        data={"rows": len(read.rows)},
    )  # fmt: skip
    return made


@transaction.atomic
def choose(
    *, list_id: UUID, taken: Mapping[int, Iterable[str]], by: Viewer, at: dt.datetime
) -> int:
    """Which fields of which rows the register shall take; how many fields. Raises NotNow."""
    check_can(by, EXCHANGE)
    found = _locked(by, list_id, ListState.PREVIEW)
    lines = found.lines.filter(state=MemberLineState.DIFFERENT, pk__in=list(taken))
    changed = list(lines)
    for line in changed:
        wanted = set(taken[line.pk])
        line.taken = [name for name in line.differs if name in wanted]
    MemberLine.objects.bulk_update(changed, ["taken"], batch_size=1000)
    return sum(len(line.taken) for line in changed)


@transaction.atomic
def choose_blanks(*, list_id: UUID, by: Viewer, at: dt.datetime) -> int:
    """Take every field of which the register knows nothing; how many."""
    check_can(by, EXCHANGE)
    found = _locked(by, list_id, ListState.PREVIEW)
    number = 0
    changed = list(found.lines.filter(state=MemberLineState.DIFFERENT).select_related("person"))
    for line in changed:
        blank = [
            name for name in line.differs
            if name in CORRECTED and line.person and not getattr(line.person, name)
        ]  # fmt: skip
        line.taken = [name for name in line.differs if name in {*line.taken, *blank}]
        number += len(blank)
    MemberLine.objects.bulk_update(changed, ["taken"], batch_size=1000)
    return number


@transaction.atomic
def choose_field(*, list_id: UUID, field: str, is_taken: bool, by: Viewer, at: dt.datetime) -> int:
    """Take one field of every row in which it differs, or leave it everywhere; how many rows.

    Somebody decides it for all of them at once; each can still be chosen otherwise. Raises
    InputError, NotNow.
    """
    check_can(by, EXCHANGE)
    found = _locked(by, list_id, ListState.PREVIEW)
    lines = lines_seen(found, by, localdate(at), MemberLineState.DIFFERENT)
    changed = list(lines.filter(differs__contains=[field])) if field in COMPARED else []
    if not changed:
        raise InputError("Không dòng nào khác nhau ở mục này. Chọn mục khác.", field="field")
    for line in changed:
        chosen = {*line.taken, field} if is_taken else {*line.taken} - {field}
        line.taken = [name for name in line.differs if name in chosen]
    MemberLine.objects.bulk_update(changed, ["taken"], batch_size=1000)
    return len(changed)


@transaction.atomic
def carry_out(*, list_id: UUID, by: Viewer, at: dt.datetime) -> dict[str, int]:
    """Put new people on their lists and take the fields that were accepted: {people, fields}.

    Raises NotNow, Conflict when the register has moved since the file was read: nothing is done.
    """
    check_can(by, EXCHANGE)
    beside_register()
    with connection.cursor() as cursor:  # one list after the other: each compares with the last
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('outputs.members'))")
    found = _locked(by, list_id, ListState.PREVIEW)
    units = found.lines.order_by().values_list("unit_id", flat=True).distinct()
    if found.stood != fingerprint(_register(by, (), localdate(at)), units):
        raise Conflict(
            "Danh sách trong sổ vừa thay đổi sau lúc đọc tệp. Chọn lại tệp để đối chiếu lại;"
            " chưa ghi gì.",
            code="list-stale",
        )
    why = f"member_list:{found.pk}"
    new = list(found.lines.filter(state=MemberLineState.NEW))
    taken = list(found.lines.filter(state=MemberLineState.DIFFERENT).exclude(taken=[]))
    if not new and not taken:
        raise NotNow("Chưa có dòng nào để ghi vào sổ.", code="nothing-to-do")
    journal: dict[str, Any] = {}
    if new:
        journal["people"], journal["members"] = _bring_in(found, new, why, by, at)
    journal["corrected"], journal["standings"], fields = _take(found, taken, why, by, at)
    found.state, found.done_at, found.journal = ListState.DONE, at, journal
    found.save(update_fields=["state", "done_at", "journal"])
    _forget(found)
    done = {"people": len(new), "fields": fields}
    record("member_list.carried_out", by=by.user, at=at, subject=why, data=done)
    return done


@transaction.atomic
def take_back(*, list_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> None:
    """Everything as it was before the list. Raises NotNow when something rests on it."""
    check_can(by, EXCHANGE)
    beside_register()
    found = _locked(by, list_id, ListState.DONE)
    journal, why = found.journal, f"member_list:{found.pk}"
    for person, event in reversed(journal["standings"]):
        subject = f"person:{person}"
        verbs = ("roll_member.changed", "roll_member.ended", "roll_member.undone")
        last = Event.objects.filter(subject=subject, verb__in=verbs).order_by("-pk").first()
        if last is None or last.pk != event:
            raise NotNow(
                "Diện của một người trong danh sách đã được ghi khác từ đó. Rút lần ghi ấy trước.",
                code="changed-since",
            )
        undo_last_change(person=UUID(person), reason=reason, by=by, at=at)
    for event in reversed(journal["corrected"]):
        undo_correction(event_id=event, by=by, at=at)
    if journal.get("people"):
        people = [UUID(one) for one in journal["people"]]
        take_out(people=people, journal=journal["members"], why=why, by=by, at=at)
    found.state, found.undone_at = ListState.UNDONE, at
    found.save(update_fields=["state", "undone_at"])
    record(
        "member_list.undone", by=by.user, at=at, subject=why,
        personal={"reason": " ".join(reason.split())},
    )  # fmt: skip


@transaction.atomic
def throw_away(*, list_id: UUID, by: Viewer, at: dt.datetime) -> None:
    """A preview is deleted with all it says."""
    check_can(by, EXCHANGE)
    found = _locked(by, list_id, ListState.PREVIEW)
    record("member_list.thrown_away", by=by.user, at=at, subject=f"member_list:{found.pk}")
    found.delete()


@transaction.atomic
def forget_old_lists(*, at: dt.datetime) -> int:
    """Delete previews that nobody carried out within `KEPT_DAYS`; how many. For every night."""
    before = at - dt.timedelta(days=KEPT_DAYS)
    old = MemberList.objects.filter(state=ListState.PREVIEW, at__lt=before)
    number = old.count()
    old.delete()
    return number


def _register(by: Viewer, keys: Iterable[str], today: dt.date) -> Register:
    cells = cells_visible(by, today).order_by().values_list("unit_id", flat=True)
    return register_of(by, list(cells), keys, today)


def _keep_columns(columns: Mapping[str, str], by: Viewer) -> None:
    for heading, column in columns.items():
        key = same_words_key(heading)[:120]
        if key and column in {"", *(one.value for one in MemberColumn)}:
            MemberHeading.objects.update_or_create(
                by=by.user, heading=key, defaults={"column": column}
            )


def _locked(by: Viewer, list_id: UUID, state: ListState) -> MemberList:
    found = list_of(by, list_id, lock=True)
    if found.state != state:
        raise NotNow(_STATE, code="list-state")
    return found


def _bring_in(
    found: MemberList, lines: list[MemberLine], why: str, by: Viewer, at: dt.datetime
) -> tuple[list[str], dict[str, Any]]:
    people, journal = bring_in(
        newcomers=[_newcomer(line) for line in lines], from_day=found.from_day, why=why, by=by,
        at=at,
    )  # fmt: skip
    for line, person in zip(lines, people, strict=True):
        line.person_id = person
    MemberLine.objects.bulk_update(lines, ["person"], batch_size=1000)
    return [str(one) for one in people], journal


def _newcomer(line: MemberLine) -> Newcomer:
    said = line.said
    assert line.unit_id is not None
    return Newcomer(
        line.unit_id, said["name"], MembershipStatus(said["status"]),
        value_of("born_on", said.get("born_on", "")),
        value_of("joined_on", said.get("joined_on", "")), said.get("external_key", ""),
    )  # fmt: skip


def _take(
    found: MemberList, lines: list[MemberLine], why: str, by: Viewer, at: dt.datetime
) -> tuple[list[int], list[tuple[str, int]], int]:
    """Events of fields put right, people with the event of their new standing, and how many."""
    corrected: list[int] = []
    standings: list[tuple[str, int]] = []
    number = 0
    for line in lines:
        number += len(line.taken)
        person = line.person_id
        assert person is not None
        fields = {name: value_of(name, line.said[name]) for name in line.taken if name in CORRECTED}
        with _told_of(line):
            if fields:
                corrected.append(
                    correct_person(person=person, fields=fields, why=why, by=by, at=at)
                )
            if "status" in line.taken:
                status = MembershipStatus(line.said["status"])
                _stand(found, line, status, by, at)
                told = Event.objects.filter(subject=f"person:{person}").order_by("-pk")
                standings.append((str(person), told.values_list("pk", flat=True)[0]))
    return corrected, standings, number


def _stand(
    found: MemberList, line: MemberLine, status: MembershipStatus, by: Viewer, at: dt.datetime
) -> None:
    """Another standing from the day of the list; official from the day that the rule says."""
    assert line.person is not None
    row = line.person.memberships.filter(valid__endswith=None).exclude(status=STAY).first()
    ends = status is MembershipStatus.OFFICIAL and row and row.status == PROBATIONARY
    day = official_day(line.person) if ends else None
    if day is None or row is None or not row.valid.lower <= day <= localdate(at):
        day = found.from_day
    document = f"Danh sách đảng viên đọc ngày {date_vi(localdate(found.at))}"
    set_standing(
        person=line.person.pk, status=status, from_day=day, document=document, by=by, at=at
    )


@contextmanager
def _told_of(line: MemberLine) -> Iterator[None]:
    """What stops one row of many is told with its place."""
    try:
        yield
    except (InputError, NotNow, RuleBroken) as told:
        said = f"{line.place}: {told.message} Chưa ghi gì; bỏ chọn dòng ấy rồi làm lại."
        raise NotNow(said, code=told.code) from told


def _forget(found: MemberList) -> None:
    """No word of anybody stays with the list."""
    found.lines.update(said={}, reason="")


def value_of(name: str, text: str) -> Any:
    """A value of `said` as the register keeps it."""
    if name in ("born_on", "joined_on"):
        return dt.date.fromisoformat(text) if text else None
    return text
