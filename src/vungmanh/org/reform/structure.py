"""The register around a reform on its effective day, as plain values: what `plan` works on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from vungmanh.core.vocabulary import MembershipStatus, Post, Sector, UnitKind

Counts = Mapping[MembershipStatus, int]


@dataclass(frozen=True)
class Version:
    """What a unit is called and is."""

    name: str
    kind: UnitKind
    sector: Sector
    area: str
    official_code: str
    is_organisation: bool


@dataclass(frozen=True)
class Later:
    """Something the register says of a unit from a day later than the reform's, or from that day.

    `table` is version, parent, count, post, list or fact; `name` says it to a reader.
    """

    table: str
    on: dt.date
    name: str


@dataclass(frozen=True)
class HeldPost:
    """A post held in a unit on the day."""

    post: Post
    holder_name: str


@dataclass(frozen=True)
class Listed:
    """Somebody on the list of names of a unit on the day, by id, with their standing."""

    person: str
    status: MembershipStatus


@dataclass(frozen=True)
class UnitState:
    """One unit on the effective day. `version` is None when it did not live that day.

    `last_name` is what it was last called; `born` its first day, `died` the day it ended, if ever.
    """

    id: str
    version: Version | None
    last_name: str
    born: dt.date
    died: dt.date | None
    parent: str | None = None
    counts: Counts = field(default_factory=dict)
    posts: tuple[HeldPost, ...] = ()
    later: tuple[Later, ...] = ()
    listed: tuple[Listed, ...] = ()

    @property
    def name(self) -> str:
        return self.version.name if self.version else self.last_name


@dataclass(frozen=True)
class Structure:
    """The units that a reform touches and what surrounds them.

    `units` holds every unit named by a step with those above it, and the units directly below
    whatever ends or changes its kind; `children` is complete for these. `codes` tells which living
    unit bears an official code, `bearers` what those in the reader's sight are called. `first_day`
    is the register's first day, None while it is empty.
    """

    on: dt.date
    first_day: dt.date | None
    units: Mapping[str, UnitState]
    children: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, tuple[str, ...]]
    bearers: Mapping[str, str] = field(default_factory=dict)

    def version_of(self, unit: str) -> Version | None:
        state = self.units.get(unit)
        return state.version if state else None

    def name_of(self, unit: str) -> str:
        state = self.units.get(unit)
        return state.name if state else unit
