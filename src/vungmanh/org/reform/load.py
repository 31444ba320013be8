"""The structure around a reform, read from the register in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Max, Q

from vungmanh.access.viewer import Viewer
from vungmanh.core.vocabulary import MembershipStatus, Post, Sector, UnitKind
from vungmanh.org.queries import versions_visible
from vungmanh.org.reform.speakers import speakers_of_units
from vungmanh.org.reform.sql import Row, ask
from vungmanh.org.reform.steps import (
    Change,
    Create,
    End,
    Merge,
    Split,
    Step,
    steps_to_json,
    unit_ids,
)
from vungmanh.org.reform.structure import HeldPost, Later, Listed, Structure, UnitState, Version

_VERSIONS = """
    SELECT unit_id, lower(valid), upper(valid), name, kind, sector, area, official_code,
           is_organisation
    FROM org_unitversion WHERE unit_id = ANY (%s) ORDER BY unit_id, valid
"""
_PARENTS = """
    SELECT unit_id, lower(valid), upper(valid), parent_id
    FROM org_unitparent WHERE unit_id = ANY (%s) ORDER BY unit_id, valid
"""
_COUNTS = """
    SELECT unit_id, lower(valid), upper(valid), status, count
    FROM org_membershipcount WHERE unit_id = ANY (%s) AND NOT valid << daterange(%s, NULL)
    ORDER BY unit_id, status, valid
"""
_POSTS = """
    SELECT unit_id, lower(valid), upper(valid), post, holder_name
    FROM org_appointment WHERE unit_id = ANY (%s) AND NOT valid << daterange(%s, NULL)
    ORDER BY unit_id, post, valid
"""
_LISTED = """
    SELECT unit_id, lower(valid), upper(valid), person_id, status
    FROM org_membership WHERE unit_id = ANY (%s) AND NOT valid << daterange(%s, NULL)
    ORDER BY unit_id, person_id, valid
"""


@dataclass(frozen=True)
class Loaded:
    """The structure and `basis`, the fingerprint of the steps and of what they speak of."""

    structure: Structure
    basis: str


@dataclass(frozen=True)
class _Tables:
    """What each table says, by unit."""

    versions: Mapping[UUID, list[Row]]
    parents: Mapping[UUID, list[Row]]
    counts: Mapping[UUID, list[Row]]
    posts: Mapping[UUID, list[Row]]
    listed: Mapping[UUID, list[Row]]
    facts: Mapping[UUID, list[Later]]

    def of(self, unit: UUID) -> list[Any]:
        """Everything said of a unit, in an order that does not change."""
        tables = (self.versions, self.parents, self.counts, self.posts, self.listed)
        return [unit, *(table[unit] for table in tables), sorted(map(str, self.facts[unit]))]


def load_structure(steps: tuple[Step, ...], on: dt.date, viewer: Viewer | None = None) -> Loaded:
    """What the register says, around the day `on`, of the units that the steps name.

    `viewer` is the reader: nobody else's units are called by name. The basis is the same for all.
    """
    named = unit_ids(steps)
    opened = _opened(steps)
    children = _children(opened, on)
    touched = named.union(*children.values())
    everyone = list(touched | _above(named, on))
    tables = _Tables(
        versions=_by_unit(_VERSIONS, everyone),
        parents=_by_unit(_PARENTS, everyone),
        counts=_by_unit(_COUNTS, list(named), on),
        posts=_by_unit(_POSTS, list(opened), on),
        listed=_by_unit(_LISTED, list(opened), on),
        facts=_later_facts(opened, on),
    )
    codes = _codes(steps, on)
    states = {str(u): _state(u, on, tables) for u in everyone if tables.versions[u]}
    structure = Structure(
        on=on,
        first_day=_first_day(),
        units=states,
        children={str(unit): tuple(map(str, below)) for unit, below in children.items()},
        codes=codes,
        bearers=_bearers(codes, on, viewer),
    )
    said = [steps_to_json(steps), on, sorted(codes.items()), *map(tables.of, sorted(touched))]
    text = json.dumps(said, default=str, ensure_ascii=False)
    return Loaded(structure, hashlib.sha256(text.encode()).hexdigest())


def _by_unit(sql: str, *parameters: object) -> Mapping[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = defaultdict(list)
    for unit, *rest in ask(sql, *parameters):
        found[unit].append(tuple(rest))
    return found


def _opened(steps: Iterable[Step]) -> set[UUID]:
    """The units below which something changes: those that end or change their kind."""
    names: list[str] = []
    for step in steps:
        match step:
            case Merge():
                names += step.sources
            case Split() | End():
                names.append(step.unit)
            case Change() if step.kind is not None:
                names.append(step.unit)
            case _:
                pass
    return {UUID(name) for name in names if name[:1] != "#"}


def _children(units: set[UUID], on: dt.date) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {unit: [] for unit in units}
    for parent, child in ask(
        "SELECT parent_id, unit_id FROM org_unitparent WHERE parent_id = ANY (%s)"
        " AND valid @> %s::date ORDER BY parent_id, unit_id",
        list(units), on,
    ):  # fmt: skip
        found[parent].append(child)
    return found


def _above(units: set[UUID], on: dt.date) -> set[UUID]:
    return {
        unit
        for (unit,) in ask(
            "SELECT DISTINCT ancestor_id FROM org_unitclosure"
            " WHERE descendant_id = ANY (%s) AND valid @> %s::date",
            list(units), on,
        )
    }  # fmt: skip


def _codes(steps: Iterable[Step], on: dt.date) -> dict[str, tuple[str, ...]]:
    """Who bears, on the day, the official codes that the steps give."""
    given = {s.official_code for s in steps if isinstance(s, Create | Change) and s.official_code}
    found: dict[str, list[str]] = defaultdict(list)
    for code, unit in ask(
        "SELECT official_code, unit_id FROM org_unitversion"
        " WHERE official_code = ANY (%s) AND valid @> %s::date ORDER BY official_code, unit_id",
        list(given), on,
    ):  # fmt: skip
        found[code].append(str(unit))
    return {code: tuple(units) for code, units in found.items()}


def _bearers(
    codes: Mapping[str, tuple[str, ...]], on: dt.date, viewer: Viewer | None
) -> dict[str, str]:
    units = [unit for bearing in codes.values() for unit in bearing]
    if not units:
        return {}
    seen = versions_visible(viewer, on).filter(unit_id__in=units).order_by()
    return {str(unit): name for unit, name in seen.values_list("unit_id", "name")}


def _first_day() -> dt.date | None:
    day: dt.date | None = ask("SELECT min(lower(valid)) FROM org_unitversion")[0][0]
    return day


def _later_facts(units: set[UUID], on: dt.date) -> Mapping[UUID, list[Later]]:
    """What is recorded of the units from the day on: links below them, and facts of any room.

    A model whose rows speak of a day of its unit says so: `dated_by` names the field, `dated_as`
    what such a row is, `dated_when` which rows still say it.
    """
    found: dict[UUID, list[Later]] = defaultdict(list)
    for parent, day in ask(
        "SELECT parent_id, min(lower(valid)) FROM org_unitparent"
        " WHERE parent_id = ANY (%s) AND lower(valid) > %s GROUP BY parent_id",
        list(units), on,
    ):  # fmt: skip
        found[parent].append(Later("child", day, "có đơn vị chuyển về bên dưới"))
    for model, key in speakers_of_units():
        field = getattr(model, "dated_by", None)
        if field is None:
            continue
        rows = model._default_manager.filter(
            getattr(model, "dated_when", Q()), **{f"{key}__in": units, f"{field}__gte": on}
        )
        for unit, day in rows.order_by().values_list(key).annotate(last=Max(field)):
            found[unit].append(Later("fact", day, model.dated_as))
    return found


def _state(unit: UUID, on: dt.date, tables: _Tables) -> UnitState:
    versions, parents = tables.versions[unit], tables.parents[unit]
    counts, posts, listed = tables.counts[unit], tables.posts[unit], tables.listed[unit]
    now = next((row for row in versions if _holds(row, on)), None)
    link = next((row for row in parents if _holds(row, on)), None)
    later = [
        *_changes("version", versions, on, "kết thúc", lambda row: f"đổi thành “{row[2]}”"),
        *_changes("parent", parents, on, "rời cấp trên", lambda _: "chuyển cấp trên"),
        *_changes("count", counts, on, "hết số đảng viên", lambda _: "số đảng viên"),
        *(Later("post", row[0], "bố trí cán bộ") for row in posts if row[0] > on),
        *_changes("list", listed, on, "danh sách tên", lambda _: "danh sách tên"),
        *tables.facts[unit],
    ]
    return UnitState(
        id=str(unit),
        version=_version(now) if now else None,
        last_name=versions[-1][2],
        born=versions[0][0],
        died=versions[-1][1],
        parent=str(link[2]) if link else None,
        counts={MembershipStatus(row[2]): row[3] for row in counts if _holds(row, on)},
        posts=tuple(HeldPost(Post(row[2]), row[3]) for row in posts if _holds(row, on)),
        later=tuple(later),
        listed=tuple(
            Listed(str(row[2]), MembershipStatus(row[3])) for row in listed if _holds(row, on)
        ),
    )


def _version(row: Row) -> Version:
    _start, _end, name, kind, sector, area, code, is_organisation = row
    return Version(name, UnitKind(kind), Sector(sector), area, code, is_organisation)


def _holds(row: Row, on: dt.date) -> bool:
    return bool(row[0] <= on and (row[1] is None or on < row[1]))


def _changes(table: str, rows: list[Row], on: dt.date, ending: str, told: Any) -> Iterable[Later]:
    """Rows that begin after the day, and one that holds on the day but ends without another."""
    begun = {row[0] for row in rows}
    for row in rows:
        if row[0] > on:
            yield Later(table, row[0], told(row))
        elif row[1] is not None and row[1] > on and row[1] not in begun:
            yield Later(table, row[1], ending)
