"""What follows from a reform, for a reader: every list complete, in the order of the steps."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from vungmanh.core.vocabulary import LineageKind, Post, Role, UnitKind
from vungmanh.org.reform.structure import Counts


@dataclass(frozen=True)
class Place:
    """A unit as a reader knows it. `id` is "#ref" for one that the reform founds."""

    id: str
    name: str


@dataclass(frozen=True)
class Founded:
    """A unit that begins on the day; `parent` is None at the top."""

    unit: Place
    kind: UnitKind
    parent: Place | None


@dataclass(frozen=True)
class Heir:
    """Where a share of a unit that ends goes."""

    unit: Place
    share: float
    kind: LineageKind


@dataclass(frozen=True)
class Ended:
    """A unit that ends on the day. Without heirs it has no successor; `leaving`: its members go to
    no unit.
    """

    unit: Place
    kind: UnitKind
    parent: Place | None
    heirs: tuple[Heir, ...]
    members: Counts
    leaving: bool


@dataclass(frozen=True)
class Moved:
    """A unit that stands elsewhere from the day on, and how many units below go along.

    `follows`: no step names it, it follows a parent that was merged.
    """

    unit: Place
    kind: UnitKind
    before: Place | None
    after: Place | None
    below: int
    follows: bool


@dataclass(frozen=True)
class Renamed:
    """One thing about a unit that becomes different: `field` is the name of the field of Change;
    both values as a reader sees them.
    """

    unit: Place
    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Members:
    """Members of one unit by status; an absent status is absent, not zero."""

    unit: Place
    before: Counts
    after: Counts


@dataclass(frozen=True)
class ListGoes:
    """So many names of the list of a unit that ends are listed in `to` from the day on.

    `to` None: they leave the list, as their count leaves. Who they are is told on a page of names.
    """

    unit: Place
    to: Place | None
    count: int


@dataclass(frozen=True)
class PostEnds:
    """Somebody's post ends because the unit does."""

    unit: Place
    post: Post
    holder_name: str


@dataclass(frozen=True)
class RoleEnds:
    """A role held in a unit that ends. `successor` None: somebody must decide where it goes on.

    `user` is an id: only an analyst reads names of account holders.
    """

    user: str
    role: Role
    unit: Place
    successor: Place | None


@dataclass(frozen=True)
class SightChange:
    """How many units somebody, by id, comes to see who did not, and sees no longer who did."""

    user: str
    role: Role
    gains: int
    loses: int


@dataclass(frozen=True)
class OpenWork:
    """Work that is still open in a unit that ends."""

    unit: Place
    what: str
    count: int


@dataclass(frozen=True)
class Counter:
    """How many of something live before and after. `key` is stable: a UnitKind, "cells" or
    "organisations".
    """

    key: str
    label: str
    before: int
    after: int


@dataclass(frozen=True)
class Consequences:
    """Everything that follows.

    Status by status, `members_before` = `members_after` + `members_leaving`.
    """

    on: dt.date
    founded: tuple[Founded, ...]
    ended: tuple[Ended, ...]
    moved: tuple[Moved, ...]
    renamed: tuple[Renamed, ...]
    members: tuple[Members, ...]
    members_before: Counts
    members_after: Counts
    members_leaving: Counts
    posts: tuple[PostEnds, ...]
    roles: tuple[RoleEnds, ...]
    sight: tuple[SightChange, ...]
    open_work: tuple[OpenWork, ...]
    counters: tuple[Counter, ...]
    warnings: tuple[str, ...]
    lists: tuple[ListGoes, ...] = ()  # absent from what was kept before lists followed
