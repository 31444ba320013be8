"""What an office tells in lines because no record holds it: ways, places to avoid, languages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from vungmanh.core.errors import InputError
from vungmanh.core.text import fold

_WAY = re.compile(r"(\d{1,3})(?:[.,](\d))?\s*km")
_AVOID, _LANGUAGE = "tranh", "tiếng "


@dataclass(frozen=True)
class Known:
    """Metres from a person to a cell, cells a person keeps away from, languages of a cell."""

    ways: Mapping[tuple[UUID, UUID], int]
    avoids: Mapping[UUID, frozenset[UUID]]
    languages: Mapping[UUID, frozenset[str]]


def known_of(text: str, users: Mapping[str, UUID], names: Mapping[UUID, str]) -> Known:
    """The lines read. Raises InputError (`known`) that names the line and what would be right."""
    cells: dict[str, list[UUID]] = defaultdict(list)
    for unit, name in names.items():
        cells[fold(name)].append(unit)
    ways: dict[tuple[UUID, UUID], int] = {}
    avoids: dict[UUID, set[UUID]] = defaultdict(set)
    languages: dict[UUID, set[str]] = defaultdict(set)
    for number, line in enumerate(text.splitlines(), start=1):
        parts = [" ".join(part.split()) for part in line.split(";")]
        if parts == [""]:
            continue
        *who, where, what = parts if len(parts) > 1 else ["", ""]
        cell = _cell(number, where, cells)
        said = what.casefold()
        if not who and said.startswith(_LANGUAGE):
            languages[cell].add(said.removeprefix(_LANGUAGE))
        elif len(who) == 1:
            user = _user(number, who[0], users)
            if fold(said) == _AVOID:
                avoids[user].add(cell)
            else:
                ways[user, cell] = _metres(number, said)
        else:
            raise _wrong(number, _("phải có hai hoặc ba phần, cách nhau dấu chấm phẩy"))
    return Known(
        ways,
        {user: frozenset(said) for user, said in avoids.items()},
        {cell: frozenset(said) for cell, said in languages.items()},
    )


def _cell(number: int, name: str, cells: Mapping[str, list[UUID]]) -> UUID:
    found = cells.get(fold(name), [])
    if len(found) != 1:
        words = (
            _("có hơn một chi bộ tên “%(name)s”") if found else _("không có chi bộ nào “%(name)s”")
        )
        raise _wrong(number, words % {"name": name})
    return found[0]


def _user(number: int, name: str, users: Mapping[str, UUID]) -> UUID:
    if name.lower() not in users:
        raise _wrong(
            number, _("“%(name)s” không có trong những người đã chọn ở trên") % {"name": name}
        )
    return users[name.lower()]


def _metres(number: int, said: str) -> int:
    found = _WAY.fullmatch(said)
    if found is None:
        raise _wrong(number, _("phần cuối là số km (ví dụ “12 km”) hoặc chữ “tránh”"))
    return int(found[1]) * 1000 + int(found[2] or 0) * 100


def _wrong(number: int, words: str) -> InputError:
    return InputError(
        _("Dòng %(n)s: %(words)s.") % {"n": number, "words": words}, field="known", code="bad-line"
    )
