"""Writing the outcome of a reform, table by table in bulk, and the journal that can undo it.

A row that holds on the effective day is closed on that day; one that begins on that very day gives
way to what the reform says of it. The journal keeps every such row as it was, and the ids of all
rows opened. Nothing here locks a table: readers go on seeing the state before until the commit.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from psycopg.types.range import DateRange

from vungmanh.access.models import User
from vungmanh.core.ids import uuid7
from vungmanh.core.text import fold, name_key
from vungmanh.org.bulk import copy_rows
from vungmanh.org.closure import closure_rebuilt_once
from vungmanh.org.models import Reform
from vungmanh.org.reform.grants import GrantChange
from vungmanh.org.reform.outcome import Outcome
from vungmanh.org.reform.people import people_follow
from vungmanh.org.reform.roles import GRANTS, marks
from vungmanh.org.reform.sql import ask, run
from vungmanh.org.reform.structure import Structure

VERSIONS, PARENTS = "org_unitversion", "org_unitparent"
COUNTS, POSTS = "org_membershipcount", "org_appointment"
LINEAGE = "org_lineage"
#: In the order in which undoing puts them back.
TABLES = (LINEAGE, GRANTS, POSTS, COUNTS, PARENTS, VERSIONS)
#: Tables of which a later change would be lost by undoing; roles are guarded one by one.
GUARDED = (VERSIONS, PARENTS, COUNTS, POSTS)


class Writer:
    """One reform being written. `journal` is complete when `write` has returned."""

    def __init__(
        self, reform: Reform, structure: Structure, outcome: Outcome, *, by: User | None = None
    ) -> None:
        self.reform, self.structure, self.outcome = reform, structure, outcome
        self.by = by
        self.on = reform.effective_on
        self.ids = {ref: uuid7() for ref in outcome.created}
        self.before: dict[str, list[Any]] = {table: [] for table in TABLES}
        self.opened: dict[str, list[int]] = {table: [] for table in TABLES}

    def write(self, grants: Sequence[GrantChange], *, grants_end: dt.date) -> dict[str, Any]:
        """Write everything and return the journal."""
        with closure_rebuilt_once():
            self._found()
            self._versions()
            self._parents()
        self._counts()
        self.people = people_follow(reform=self.reform, outcome=self.outcome, unit=self.unit,
                                    by=self.by)  # fmt: skip
        self._close(POSTS, self.outcome.ended)
        self._lineage()
        self._grants(grants, grants_end)
        return self._journal()

    def unit(self, name: str) -> UUID:
        """The id of a unit named in the steps."""
        return self.ids[name] if name in self.ids else UUID(name)

    def _found(self) -> None:
        around = [UUID(unit) for unit in self.structure.units]
        rows = ask("SELECT bool_or(is_simulated) FROM org_unit WHERE id = ANY (%s)", around)
        simulated = bool(rows[0][0])
        copy_rows(
            "org_unit", ("id", "is_simulated"), ((one, simulated) for one in self.ids.values())
        )

    def _versions(self) -> None:
        self._close(VERSIONS, [*self.outcome.ended, *self.outcome.versions])
        columns = (
            "unit_id", "valid", "name", "name_fold", "name_key", "kind", "sector", "area",
            "official_code", "is_organisation",
        )  # fmt: skip
        self._open(
            VERSIONS,
            columns,
            [
                (
                    self.unit(unit), self._onward, one.name, fold(one.name), name_key(one.name),
                    one.kind, one.sector, one.area, one.official_code, one.is_organisation,
                )
                for unit, one in self.outcome.versions.items()
            ],
        )  # fmt: skip

    def _parents(self) -> None:
        self._close(PARENTS, [*self.outcome.ended, *self.outcome.parents])
        rows = [
            (self.unit(unit), self.unit(parent), self._onward)
            for unit, parent in self.outcome.parents.items()
            if parent is not None
        ]
        self._open(PARENTS, ("unit_id", "parent_id", "valid"), rows)

    def _counts(self) -> None:
        """Only the statuses whose number becomes different get a row of their own."""
        self._close(COUNTS, self.outcome.ended)
        pairs, rows = [], []
        for unit, counts in self.outcome.counts.items():
            state = self.structure.units.get(unit)
            for status, count in counts.items():
                if state is None or state.counts.get(status) != count:
                    pairs.append((self.unit(unit), str(status)))
                    rows.append((self.unit(unit), status, self._onward, count))
        units, statuses = [unit for unit, _ in pairs], [status for _, status in pairs]
        self._close_where(
            COUNTS,
            "(unit_id, status) IN (SELECT * FROM unnest(%s::uuid[], %s::text[]))",
            (units, statuses),
        )
        self._open(COUNTS, ("unit_id", "status", "valid", "count"), rows)

    def _lineage(self) -> None:
        columns = (
            "predecessor_id",
            "successor_id",
            '"on"',
            "kind",
            "share",
            "document",
            "reform_id",
        )
        rows = [
            (
                self.unit(one.predecessor), self.unit(one.successor), self.on, one.kind, one.share,
                self.reform.document, self.reform.pk,
            )
            for one in self.outcome.lineage
        ]  # fmt: skip
        self._open(LINEAGE, columns, rows)

    def _grants(self, changes: Sequence[GrantChange], end: dt.date) -> None:
        ids = [change.grant.pk for change in changes]
        self._keep(GRANTS, "id = ANY (%s)", (ids,))
        run("DELETE FROM access_rolegrant WHERE id = ANY (%s) AND lower(valid) >= %s", ids, end)
        run(
            "UPDATE access_rolegrant SET valid = daterange(lower(valid), %s) WHERE id = ANY (%s)"
            " AND lower(valid) < %s",
            end, ids, end,
        )  # fmt: skip
        moving = [change for change in changes if change.successor is not None]
        for change in sorted(moving, key=lambda one: one.grant.on_behalf_of_id is not None):
            self._give(change, end)

    def _give(self, change: GrantChange, end: dt.date) -> None:
        """The same role in the successor, for the days on which it is not held there already.

        A borrowed role stays borrowed, to its own last day.
        """
        grant, unit = change.grant, self.unit(change.successor or "")
        start = max(grant.valid.lower, end) if grant.valid.lower else end
        held = ask(
            """
            SELECT span
            FROM unnest(datemultirange(daterange(%s, %s)) - coalesce(
              (SELECT range_agg(valid) FROM access_rolegrant
               WHERE user_id = %s AND role = %s AND unit_id = %s), '{}'::datemultirange)) span
            """,
            start, grant.valid.upper, grant.user_id, grant.role, unit,
        )  # fmt: skip
        columns = (
            "user_id", "role", "unit_id", "reach", "valid", "granted_by_id", "on_behalf_of_id",
        )  # fmt: skip
        rows = [
            (
                grant.user_id, grant.role, unit, grant.reach, span, grant.granted_by_id,
                grant.on_behalf_of_id,
            )
            for (span,) in held
        ]  # fmt: skip
        self._open(GRANTS, columns, rows)

    @property
    def _onward(self) -> DateRange:
        return DateRange(self.on, None)

    def _close(self, table: str, units: Iterable[str]) -> None:
        living = [UUID(unit) for unit in units if unit not in self.ids]
        self._close_where(table, "unit_id = ANY (%s)", (living,))

    def _close_where(self, table: str, where: str, parameters: tuple[Any, ...]) -> None:
        """Close the rows that hold on the day; those that begin on it give way."""
        where = f"{where} AND valid @> %s::date"
        self._keep(table, where, (*parameters, self.on))
        run(
            f"DELETE FROM {table} WHERE {where} AND lower(valid) = %s",
            *parameters, self.on, self.on,
        )  # fmt: skip
        run(
            f"UPDATE {table} SET valid = daterange(lower(valid), %s) WHERE {where}",
            self.on, *parameters, self.on,
        )  # fmt: skip

    def _keep(self, table: str, where: str, parameters: tuple[Any, ...]) -> None:
        sql = f"SELECT to_jsonb(kept) FROM {table} kept WHERE {where} ORDER BY id"
        self.before[table] += [_plain(row) for (row,) in ask(sql, *parameters)]

    def _open(self, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        if not rows:
            return
        sql = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
        ids = [one for (one,) in ask(sql, table, len(rows))]
        copy_rows(
            table, ("id", *columns), ((id_, *row) for id_, row in zip(ids, rows, strict=True))
        )
        self.opened[table] += ids

    def _journal(self) -> dict[str, Any]:
        outcome = self.outcome
        founded = [str(one) for one in self.ids.values()]
        roles = [*self.opened[GRANTS], *(row["id"] for row in self.before[GRANTS])]
        return {
            "units": sorted({*outcome.touched, *founded}),
            "created": founded,
            "ended": sorted(outcome.ended),
            "before": self.before,
            "opened": self.opened,
            "people": self.people,
            "after": {
                VERSIONS: fingerprints(VERSIONS, self._named(outcome.ended, outcome.versions)),
                PARENTS: fingerprints(PARENTS, self._named(outcome.ended, outcome.parents)),
                COUNTS: fingerprints(COUNTS, self._named(outcome.ended, outcome.counts, self.ids)),
                POSTS: fingerprints(POSTS, self._named(outcome.ended, self.ids)),
                GRANTS: marks(roles),
            },
        }

    def _named(self, *groups: Iterable[str]) -> list[str]:
        return sorted({str(self.unit(unit)) for group in groups for unit in group})


def fingerprints(table: str, units: Sequence[str]) -> dict[str, str]:
    """What a table says of each unit, in short; "" where it says nothing."""
    rows = ask(
        f"SELECT unit_id, md5(string_agg(to_jsonb(said)::text, ' ' ORDER BY id)) FROM {table} said"
        " WHERE unit_id = ANY (%s::uuid[]) GROUP BY unit_id",
        list(units),
    )
    return dict.fromkeys(units, "") | {str(unit): digest for unit, digest in rows}


def _plain(row: Any) -> Any:
    return json.loads(row) if isinstance(row, str) else row
