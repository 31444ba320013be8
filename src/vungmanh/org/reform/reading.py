"""What of the consequences of a reform one reader may read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol, TypeVar
from uuid import UUID

from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer
from vungmanh.core.vocabulary import Role
from vungmanh.org.reform.consequences import Consequences, Place
from vungmanh.org.reform.queries import units_in_sight
from vungmanh.org.reform.steps import REF


class _OfUnit(Protocol):
    @property
    def unit(self) -> Place: ...


Row = TypeVar("Row", bound=_OfUnit)


def as_read_by(viewer: Viewer, told: Consequences) -> Consequences:
    """The rows about units in sight. The sum of members falls with any row it was made of."""
    lists: list[Iterable[_OfUnit]] = [
        told.founded, told.ended, told.moved, told.renamed, told.members, told.posts, told.roles,
        told.open_work, told.lists,
    ]  # fmt: skip
    places = {row.unit.id for rows in lists for row in rows}
    units = {UUID(place) for place in places if not place.startswith(REF)}
    seen = {str(unit) for unit in units_in_sight(viewer, units, told.on)}

    def read(rows: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple(one for one in rows if one.unit.id.startswith(REF) or one.unit.id in seen)

    members = read(told.members)
    return replace(
        told,
        founded=read(told.founded),
        ended=read(told.ended),
        moved=read(told.moved),
        renamed=read(told.renamed),
        members=members if len(members) == len(told.members) else (),
        posts=read(told.posts),
        roles=read(told.roles),
        open_work=read(told.open_work),
        lists=read(told.lists),
    )


def people_of(viewer: Viewer, told: Consequences) -> dict[str, str] | None:
    """Account holders by id; None for whoever reads no names, as in `org.sight.who_sees`."""
    if viewer.role is not Role.PROVINCIAL_ANALYST:
        return None
    ids = {one.user for one in told.roles} | {one.user for one in told.sight}
    return {str(user.pk): str(user) for user in User.objects.filter(pk__in=ids)}
