"""What a merge of two entries moves, shortens and fills, and how every row returns.

The journal holds ids, days and units; no word about the person but the reasons for which rows that
were taken away had ended. Rights are asked by `actions.duplicates`, which calls this.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Model
from django.db.models.fields.reverse_related import ForeignObjectRel

from vungmanh.core.errors import InputError, NotNow
from vungmanh.core.people_words import MembershipEnd
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import MembershipStatus, Vocabulary
from vungmanh.org.counts import lock_units
from vungmanh.org.duplicates import overlaps_of
from vungmanh.org.memberships import Journal, Writer, put_back, snapshot
from vungmanh.org.models import Membership, Person, PersonPair

#: What the kept entry takes from the other where it knows nothing itself.
FILLED = ("born_on", "joined_on", "external_key")


class OverlapChoice(Vocabulary):
    """What becomes of days on which both entries were members somewhere."""

    FIRST = "first", "Giữ của người ở lại, bỏ phần trùng của người kia"
    LATER = "later", "Nơi ghi sau thay nơi ghi trước"


_CHANGED = (
    "Sau khi gộp đã có thay đổi khác về người này (nơi sinh hoạt, mã, ngày sinh). Rút thay đổi ấy"
    " trước rồi mới tách."
)


def join(
    first: Person,
    second: Person,
    writer: Writer,
    overlap: OverlapChoice | None,
    counted_twice: bool,
) -> Journal:
    """What names `second` names `first`. Raises InputError where days overlap and nobody chose."""
    rows = list(Membership.objects.select_for_update().filter(person__in=(first, second)))
    lock_units({row.unit_id for row in rows})
    dropped, made = _resolve(writer, rows, first, overlap, counted_twice)
    filled, moved = _fill(first, second), _move_all(second, first)
    second.merged_into = first  # before the first takes its key: a key stands once among the living
    second.save(update_fields=["merged_into"])
    first.save(update_fields=list(FILLED))
    return {
        "dropped": dropped, "made": made, "filled": filled, "moved": moved,
        "moves": writer.journal["moves"], "after": _after(first),
    }  # fmt: skip


def take_apart(pair: PersonPair, writer: Writer) -> None:
    """Every row as it was before. Raises NotNow when something of it has changed since."""
    journal, first, second = pair.journal, pair.first, pair.second
    unchanged = first.merged_into_id is None and second.merged_into_id == first.pk
    filled = journal.get("filled", [])
    unchanged &= all(getattr(first, name) == getattr(second, name) for name in filled)
    if not journal or not unchanged or _after(first) != journal["after"]:
        raise NotNow(_CHANGED, code="changed-since")
    lock_units({UUID(one["unit"]) for one in [*journal["dropped"], *journal["after"]]})
    for name in filled:
        setattr(first, name, "" if name == "external_key" else None)
    first.save(update_fields=list(FILLED))
    second.merged_into = None
    second.save(update_fields=["merged_into"])
    Membership.objects.filter(pk__in=journal["made"]).delete()
    tables = {f"{model._meta.label_lower}.{column}": (model, column) for model, column in _naming()}
    for name, rows in journal["moved"].items():
        model, column = tables[name]
        model._default_manager.filter(pk__in=rows, **{column: first}).update(**{column: second})
    for said in journal["dropped"]:
        _restore(said, first if said["of_first"] else second)
    moves = {"before": [], "after": [], "moves": journal["moves"]}
    put_back(moves, by=writer.by, at=writer.at, why=writer.why)


def _resolve(
    writer: Writer,
    rows: list[Membership],
    first: Person,
    overlap: OverlapChoice | None,
    counted_twice: bool,
) -> tuple[list[dict[str, Any]], list[str]]:
    """No two homes on one day, as was chosen: the rows taken away, ids of what is left of them."""
    mine = [row for row in rows if row.person_id == first.pk]
    theirs = [row for row in rows if row.person_id != first.pk]
    dropped: list[dict[str, Any]] = []
    made: list[str] = []
    while both := overlaps_of(mine, theirs):
        one, other = both[0]
        since = max(one.valid.lower, other.valid.lower)
        until = min((row.valid.upper for row in (one, other) if row.valid.upper), default=None)
        if overlap is None:
            raise InputError(
                f"Hai người cùng có tên trong danh sách từ {date_vi(since)}."
                " Chọn cách xử lý những ngày trùng.",
                field="overlap",
                code="overlap",
            )
        by_day = overlap is OverlapChoice.LATER and one.valid.lower != other.valid.lower
        weak = min(one, other, key=lambda row: row.valid.lower) if by_day else other
        if counted_twice:
            _count_once(writer, weak, since, until)
        side = mine if weak is one else theirs
        side.remove(weak)
        left = _cut(
            weak, since, weak.valid.upper if by_day else until, one if weak is other else other
        )
        side.extend(left)
        said = _whole(weak, first)
        if said["id"] in made:  # a rest of a row that was told already
            made.remove(said["id"])
        else:
            dropped.append(said)
        made.extend(str(row.pk) for row in left)
    return dropped, made


def _count_once(writer: Writer, row: Membership, since: dt.date, until: dt.date | None) -> None:
    status = MembershipStatus(row.status)
    writer.move(row.unit_id, status, -1, since)
    if until is not None:
        writer.move(row.unit_id, status, 1, until)


def _cut(
    row: Membership, since: dt.date, until: dt.date | None, other: Membership
) -> list[Membership]:
    """The row goes; what is left of it before and after some days stands instead."""
    lower, upper = row.valid.lower, row.valid.upper
    known = {
        name: getattr(row, name)
        for name in ("person_id", "unit_id", "status", "planned_until", "document", "by_id")
    }
    row_id = row.pk
    row.delete()
    row.pk = row_id  # still told of in the journal
    left = []
    if lower < since:
        way = MembershipEnd.STATUS if row.unit_id == other.unit_id else MembershipEnd.MOVED
        left.append(Membership(**known, valid=DateRange(lower, since), ended_by_way=way))
    if until is not None and (upper is None or until < upper):
        left.append(
            Membership(
                **known, valid=DateRange(until, upper), ended_by_way=row.ended_by_way,
                ended_reason=row.ended_reason,
            )
        )  # fmt: skip
    return Membership.objects.bulk_create(left)


def _whole(row: Membership, first: Person) -> dict[str, Any]:
    return snapshot(row) | {
        "of_first": row.person_id == first.pk, "document": row.document,
        "reason": row.ended_reason, "by": str(row.by_id) if row.by_id else None,
    }  # fmt: skip


def _fill(first: Person, second: Person) -> list[str]:
    """What the kept entry did not know and the other did; the names of the fields."""
    filled = [name for name in FILLED if not getattr(first, name) and getattr(second, name)]
    for name in filled:
        setattr(first, name, getattr(second, name))
    return filled


def _naming() -> list[tuple[type[Model], str]]:
    """Every table that names a person, in any room, and its column; pairs name both sides."""
    found = []
    for relation in Person._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel):
            continue
        model = relation.related_model
        if model not in (Person, PersonPair):
            found.append((model, relation.field.name))
    return sorted(found, key=lambda one: (one[0]._meta.label, one[1]))


def _move_all(of: Person, to: Person) -> dict[str, list[str]]:
    """Whatever names one names the other; what may stand only once beside it stays (a course)."""
    moved: dict[str, list[str]] = {}
    for model, column in _naming():
        rows = model._default_manager.filter(**{column: of}).order_by("pk")
        for pk in list(rows.values_list("pk", flat=True)):
            try:
                with transaction.atomic():
                    model._default_manager.filter(pk=pk).update(**{column: to})
            except IntegrityError:
                continue
            moved.setdefault(f"{model._meta.label_lower}.{column}", []).append(str(pk))
    return moved


def _after(person: Person) -> list[dict[str, Any]]:
    rows = Membership.objects.filter(person=person).order_by("pk")
    return [snapshot(row) for row in rows]


def _restore(said: dict[str, Any], person: Person) -> None:
    lower, upper, until = (
        dt.date.fromisoformat(said[name]) if said[name] else None
        for name in ("lower", "upper", "until")
    )
    Membership.objects.create(
        id=UUID(said["id"]), person=person, unit_id=UUID(said["unit"]), status=said["status"],
        valid=DateRange(lower, upper), planned_until=until, document=said["document"],
        ended_by_way=said["way"], ended_reason=said["reason"], by_id=said["by"],
    )  # fmt: skip
