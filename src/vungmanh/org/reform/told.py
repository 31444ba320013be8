"""What followed from a reform, kept with it as it was told when it was carried out.

Later the register goes on and the same steps would tell something else: this is what was decided.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from vungmanh.core.vocabulary import Vocabulary
from vungmanh.org.models import Reform
from vungmanh.org.reform.consequences import Consequences, Place

_KEY = "consequences"


def kept(consequences: Consequences, ids: Mapping[str, UUID]) -> dict[str, Any]:
    """For `Reform.told`. `ids` are those that the founded units, "#ref" until now, were given."""
    return {_KEY: _plain(consequences, {ref: str(unit) for ref, unit in ids.items()})}


def consequences_told(reform: Reform) -> Consequences | None:
    """What `kept` kept; None for a reform that was not carried out here."""
    raw = reform.told.get(_KEY)
    return None if raw is None else _read(Consequences, raw)


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
        return kind(**{name: _read(hint, raw[name]) for name, hint in _hints(kind).items()})
    if kind is dt.date:
        return dt.date.fromisoformat(raw)
    return kind(raw) if issubclass(kind, Vocabulary) else raw


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
