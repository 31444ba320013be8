"""People of units that end: names follow the counts on the same day, papers follow the names.

Lists move with everybody on them; transfers and admissions on their way go on with the heir. The
journal keeps ids, days and states, never a name, so that undoing puts every row back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from psycopg.types.range import DateRange

from vungmanh.access.models import User
from vungmanh.core.ids import uuid7
from vungmanh.core.people_words import MembershipEnd, TransferState
from vungmanh.org.bulk import copy_rows
from vungmanh.org.models import ArrangingDraft, PlaceUnit, Reform
from vungmanh.org.reform.outcome import Outcome
from vungmanh.org.reform.sql import ask, run

LISTS, TRANSFERS, ADMISSIONS = "org_membership", "org_membertransfer", "org_admission"
#: What of a paper a reform may change; a digest of it tells whether somebody did since.
_KEPT = {
    TRANSFERS: ("from_unit_id", "to_unit_id", "state", "revision"),
    ADMISSIONS: ("unit_id", "state", "revision"),
}
_SUBJECTS = {"transfer": TRANSFERS, "admission": ADMISSIONS}
_ONE_PLACE = "Tổ chức sắp xếp lại: nơi đi và nơi đến nay là một."
_NO_PLACE = "Tổ chức sắp xếp lại: làm giấy mới theo tổ chức sau sắp xếp."

Journal = Mapping[str, Any]
UnitOf = Callable[[str], UUID]


def people_follow(
    *, reform: Reform, outcome: Outcome, unit: UnitOf, by: User | None
) -> dict[str, Any]:
    """Move the lists and papers of units that end, and tell what undoing needs."""
    ended = [UUID(one) for one in outcome.ended]
    before, opened = _lists(reform, outcome, unit, ended, by)
    places = _Places(outcome, unit)
    papers = {
        TRANSFERS: _transfers(places, ended),
        ADMISSIONS: _admissions(places, ended),
    }
    listed = {str(one) for one in ended} | {
        str(unit(one.target)) for one in outcome.people if one.target is not None
    }
    return {
        "before": before,
        "opened": opened,
        "after": _lists_now(sorted(listed)),
        "papers": {
            table: [
                [pk, said, now]
                for (pk, said), now in zip(
                    rows.items(), _papers_now(table, list(rows)).values(), strict=True
                )
            ]
            for table, rows in papers.items()
        },
    }


def _lists(
    reform: Reform, outcome: Outcome, unit: UnitOf, ended: list[UUID], by: User | None
) -> tuple[list[Any], list[str]]:
    """Close every row that holds on the day, and open it where its person goes."""
    on = reform.effective_on
    holding = "unit_id = ANY (%s) AND valid @> %s::date"
    rows = ask(
        f"SELECT to_jsonb(kept), person_id, unit_id, status, planned_until FROM {LISTS} kept"
        f" WHERE {holding} ORDER BY id",
        ended, on,
    )  # fmt: skip
    run(f"DELETE FROM {LISTS} WHERE {holding} AND lower(valid) = %s", ended, on, on)
    run(
        f"UPDATE {LISTS} SET valid = daterange(lower(valid), %s), ended_by_way = %s,"
        f" ended_reason = %s WHERE {holding}",
        on, MembershipEnd.REFORM.value, reform.document, ended, on,
    )  # fmt: skip
    goes = {(one.person, one.unit, one.status.value): one.target for one in outcome.people}
    new = []
    for _kept, person, unit_id, status, until in rows:
        target = goes.get((str(person), str(unit_id), status))
        if target is not None:
            new.append((
                uuid7(), person, unit(target), status, DateRange(on, None), until,
                reform.document, "", "", by.pk if by else None,
            ))  # fmt: skip
    copy_rows(
        LISTS,
        ("id", "person_id", "unit_id", "status", "valid", "planned_until", "document",
         "ended_by_way", "ended_reason", "by_id"),
        new,
    )  # fmt: skip
    return [_plain(row[0]) for row in rows], [str(row[0]) for row in new]


class _Places:
    """Where a unit's papers go on."""

    def __init__(self, outcome: Outcome, unit: UnitOf) -> None:
        self.outcome, self.unit = outcome, unit
        self.goes = {(one.person, one.unit): one.target for one in outcome.people}

    def of(self, unit: UUID | None, person: UUID | None) -> UUID | None:
        """The unit itself, its one heir, or the part to which the person goes; None: unknown."""
        if unit is None or str(unit) not in self.outcome.ended:
            return unit
        heirs = self.outcome.successors_of(str(unit))
        if len(heirs) == 1:
            return self.unit(heirs[0])
        part = self.goes.get((str(person), str(unit)))
        return self.unit(part) if part is not None else None

    def largest(self, unit: UUID) -> UUID | None:
        """The heir that gets the largest share, the first of equals."""
        heirs = [one for one in self.outcome.lineage if one.predecessor == str(unit)]
        if not heirs:
            return None
        return self.unit(max(heirs, key=lambda one: one.share).successor)


def _transfers(places: _Places, ended: list[UUID]) -> dict[str, list[Any]]:
    """Sent and not accepted: from heir to heir; what has no two ends any more is withdrawn."""
    rows = ask(
        f"SELECT id, person_id, from_unit_id, to_unit_id FROM {TRANSFERS} WHERE state = %s"
        " AND (from_unit_id = ANY (%s) OR to_unit_id = ANY (%s)) ORDER BY id FOR UPDATE",
        TransferState.SENT.value, ended, ended,
    )  # fmt: skip
    kept = _papers_now(TRANSFERS, [str(row[0]) for row in rows])
    for pk, person, start, end in rows:
        new_start, new_end = places.of(start, person), places.of(end, person)
        lost = (start is not None and new_start is None) or (end is not None and new_end is None)
        if lost or new_start == new_end:
            run(
                f"UPDATE {TRANSFERS} SET state = %s, revision = revision + 1,"
                " reason = CASE reason WHEN '' THEN %s ELSE reason END WHERE id = %s",
                TransferState.WITHDRAWN.value, _NO_PLACE if lost else _ONE_PLACE, pk,
            )  # fmt: skip
        else:
            run(
                f"UPDATE {TRANSFERS} SET from_unit_id = %s, to_unit_id = %s,"
                " revision = revision + 1 WHERE id = %s",
                new_start, new_end, pk,
            )  # fmt: skip
    return kept


def _admissions(places: _Places, ended: list[UUID]) -> dict[str, list[Any]]:
    """Open ones go on in the heir; of several, in that of the person, else in the largest."""
    rows = ask(
        f"SELECT id, person_id, unit_id FROM {ADMISSIONS} WHERE state IN ('open', 'admitted')"
        " AND unit_id = ANY (%s) ORDER BY id FOR UPDATE",
        ended,
    )  # fmt: skip
    going = {
        pk: places.of(unit, person) or places.largest(unit) for pk, person, unit in rows
    }  # fmt: skip
    kept = _papers_now(ADMISSIONS, [str(pk) for pk, to in going.items() if to is not None])
    for pk, to in going.items():
        if to is not None:
            run(
                f"UPDATE {ADMISSIONS} SET unit_id = %s, revision = revision + 1 WHERE id = %s",
                to, pk,
            )  # fmt: skip
    return kept


def _papers_now(table: str, ids: list[str]) -> dict[str, list[Any]]:
    columns = ", ".join(_KEPT[table])
    rows = ask(
        f"SELECT id, jsonb_build_array({columns}) FROM {table} WHERE id = ANY (%s::uuid[])", ids
    )
    found = {str(pk): _plain(said) for pk, said in rows}
    return {pk: found[pk] for pk in ids if pk in found}


def _lists_now(units: list[str]) -> dict[str, str]:
    """What the list of each unit says, in short."""
    rows = ask(
        f"SELECT unit_id, md5(string_agg(to_jsonb(said)::text, ' ' ORDER BY id)) FROM {LISTS} said"
        " WHERE unit_id = ANY (%s::uuid[]) GROUP BY unit_id",
        units,
    )
    return dict.fromkeys(units, "") | {str(unit): digest for unit, digest in rows}


def carried_rows(journal: Journal) -> dict[str, list[str]]:
    """Rows that stand in units of the reform because it put them there, by table."""
    told = journal.get("people") or {}
    papers = told.get("papers", {})
    moved = {table: [row[0] for row in rows] for table, rows in papers.items()}
    return {LISTS: list(told.get("opened", [])), **moved}


def papers_of(journal: Journal) -> dict[str, list[str]]:
    """Ids of transfers and admissions that the reform moved, by the subject of their events."""
    carried = carried_rows(journal)
    return {subject: carried.get(table, []) for subject, table in _SUBJECTS.items()}


def people_in_the_way(journal: Journal) -> list[str]:
    """Why lists or papers keep a reform from being undone, in Vietnamese."""
    told = journal.get("people")
    if not told:  # journals from before lists followed
        return []
    found = []
    if _lists_now(sorted(told["after"])) != told["after"]:
        found.append("Danh sách đảng viên theo tên đã có thay đổi sau khi thực hiện.")
    names = {TRANSFERS: "chuyển sinh hoạt", ADMISSIONS: "hồ sơ kết nạp"}
    for table, rows in told["papers"].items():
        now = _papers_now(table, [row[0] for row in rows])
        if any(now.get(pk) != after for pk, _before, after in rows):
            found.append(f"Có {names[table]} đã làm tiếp sau khi thực hiện: rút việc ấy trước.")
    return found


def people_back(journal: Journal) -> None:
    """Lists and papers as they were. Only when nothing stands in the way."""
    told = journal.get("people")
    if not told:
        return
    gone = [*told["opened"], *(row["id"] for row in told["before"])]
    run(f"DELETE FROM {LISTS} WHERE id = ANY (%s::uuid[])", gone)
    run(
        f"INSERT INTO {LISTS} SELECT * FROM jsonb_populate_recordset(NULL::{LISTS}, %s)",
        json.dumps(told["before"]),
    )
    ids = [row[0] for row in told["papers"][TRANSFERS]]
    run(
        f"UPDATE {TRANSFERS} SET state = %s, reason = '' WHERE id = ANY (%s::uuid[])"
        " AND reason = ANY (%s)",
        TransferState.SENT.value, ids, [_ONE_PLACE, _NO_PLACE],
    )  # fmt: skip
    for table, rows in told["papers"].items():
        said = ", ".join(f"{column} = %s" for column in _KEPT[table])
        for pk, before, _after in rows:
            run(f"UPDATE {table} SET {said} WHERE id = %s", *before, pk)


def name_own_units(reform: Reform, ids: Mapping[str, UUID], *, by: User) -> None:
    """The unit that a draft founded for places is their own from now on."""
    for draft in ArrangingDraft.objects.filter(reform=reform):
        unit = ids.get(f"#{draft.ref}")
        for place in draft.places if unit is not None else ():
            PlaceUnit.objects.create(place_id=UUID(place), unit_id=unit, reform=reform, by=by)


def _plain(row: Any) -> Any:
    return json.loads(row) if isinstance(row, str) else row
