"""What followed from a reform, kept with it as it was told when it was carried out.

Later the register goes on and the same steps would tell something else: this is what was decided.
No name of a person is kept here, where erasing would not find it: account holders are ids, and who
held a post is read from the register again.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from vungmanh.core.vocabulary import Vocabulary
from vungmanh.org.models import Appointment, Reform
from vungmanh.org.reform.consequences import Consequences, Place
from vungmanh.org.reform.write import POSTS

_KEY = "consequences"


def kept(consequences: Consequences, ids: Mapping[str, UUID]) -> dict[str, Any]:
    """For `Reform.told`. `ids` are those that the founded units, "#ref" until now, were given."""
    posts = tuple(replace(one, holder_name="") for one in consequences.posts)
    nameless = replace(consequences, posts=posts)
    return {_KEY: _plain(nameless, {ref: str(unit) for ref, unit in ids.items()})}


def consequences_told(reform: Reform) -> Consequences | None:
    """What `kept` kept; None for a reform that was not carried out here."""
    raw = reform.told.get(_KEY)
    return None if raw is None else _with_holders(_read(Consequences, raw), reform)


def _with_holders(told: Consequences, reform: Reform) -> Consequences:
    """Who held the posts that ended: the appointments that the reform closed, as they stand now."""
    closed = [row["id"] for row in (reform.journal or {}).get("before", {}).get(POSTS, ())]
    rows = Appointment.objects.filter(pk__in=closed).order_by("unit_id", "post", "valid", "id")
    names: dict[tuple[str, str], list[str]] = defaultdict(list)
    for unit, post, name in rows.values_list("unit_id", "post", "holder_name"):
        names[str(unit), post].append(name)
    posts = []
    for one in told.posts:
        held = names[one.unit.id, one.post.value]
        posts.append(replace(one, holder_name=held.pop(0) if held else ""))
    return replace(told, posts=tuple(posts))


def _plain(value: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(value, Place):  # there are thousands: the shortest form
        return [ids.get(value.id, value.id), value.name]
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name), ids) for one in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one, ids) for one in value]
    if isinstance(value, Mapping):
        return {str(key): count for key, count in value.items()}
    return value.isoformat() if isinstance(value, dt.date) else value


def _read(kind: Any, raw: Any) -> Any:
    """`raw` as the type that the dataclass declares."""
    if raw is None:
        return None
    origin, inner = get_origin(kind), get_args(kind)
    if origin is None:
        return _read_one(kind, raw)
    if origin in {Union, UnionType}:
        return _read(next(one for one in inner if one is not type(None)), raw)
    if origin is tuple:
        return tuple(_read(inner[0], one) for one in raw)
    return {_read(inner[0], key): count for key, count in raw.items()}  # Counts


def _read_one(kind: Any, raw: Any) -> Any:
    if kind is Place:
        return Place(*raw)
    if isinstance(kind, type) and is_dataclass(kind):
        said = {name: hint for name, hint in _hints(kind).items() if name in raw}
        return kind(**{name: _read(hint, raw[name]) for name, hint in said.items()})
    if kind is dt.date:
        return dt.date.fromisoformat(raw)
    return kind(raw) if issubclass(kind, Vocabulary) else raw


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
