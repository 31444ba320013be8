"""Which unit a line means: by hidden id, official code, or name as people write it.

The directory holds only the cells the viewer may write for in one month, so a unit out of scope is
answered exactly like one that does not exist.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from vungmanh.core.text import fold, same_name_key, same_words_key
from vungmanh.outputs.workbooks.rows import ReadRow

_ABBREVIATIONS = {
    "cb": "chi bộ",
    "đb": "đảng bộ",
    "tdp": "tổ dân phố",
    "kp": "khu phố",
    "htx": "hợp tác xã",
    "ubnd": "ủy ban nhân dân",
    "hđnd": "hội đồng nhân dân",
    "tyt": "trạm y tế",
    "mn": "mầm non",
    "th": "tiểu học",
    "thcs": "trung học cơ sở",
    "thpt": "trung học phổ thông",
    "tt": "thị trấn",
}
_PLACE_WORDS = re.compile(r"^(thon|ban|xom|khu|khu pho|khoi|khoi pho|to dan pho|ap|tieu khu) ")
_COMMITTEE = re.compile(r"\b(ban thuong vu |ban chap hanh |btv |bch )?(dang uy|dang bo)\b")
_ORDINAL = re.compile(r"^\s*([IVXLC]+|[A-Z]|\d+)\s*[.)\-/:]\s*")
_MAX_SUGGESTED = 300  # lines of one file that get suggestions: each costs a search of all names


@dataclass(frozen=True)
class Entry:
    """A cell that may be reported in a month. `above` holds the ids of the units above it."""

    unit: str
    name: str
    code: str = ""
    above: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Container:
    """A committee or organisation that a title may name. `rank` grows towards the cells: a title
    that names province and commune means the commune."""

    name: str
    rank: int


@dataclass(frozen=True)
class Match:
    """The unit a line means, or why none can be named."""

    entry: Entry | None
    reason: str = ""


@dataclass
class Directory:
    """The cells of one month by every key under which a line may name them.

    `containers` are all committees and organisations of the month, in scope or not: a table headed
    with somebody else's name must not be read as one's own.
    """

    entries: list[Entry]
    containers: Mapping[str, Container] = field(default_factory=dict)
    _levels: list[dict[str, list[Entry]]] = field(init=False)
    _suggested: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._by_id = {entry.unit: entry for entry in self.entries}
        self._by_code: dict[str, list[Entry]] = {}
        self._levels = [{} for _ in range(5)]
        self._cache: dict[tuple[str, frozenset[str]], Match] = {}
        for entry in self.entries:
            if entry.code:
                self._by_code.setdefault(entry.code, []).append(entry)
            for level, key in zip(self._levels, _keys(entry.name), strict=True):
                level.setdefault(key, []).append(entry)
        self._keys = {unit: _container_key(one.name) for unit, one in self.containers.items()}
        self._ours = frozenset().union(*(entry.above for entry in self.entries))

    def containers_named_in(self, texts: Iterable[str]) -> frozenset[str]:
        """The units above that titles or a group heading name: of nested names the longest, of
        levels the lowest."""
        named: set[str] = set()
        for text in texts:
            key = f" {_container_key(_ORDINAL.sub('', text))} "
            hits = {unit: name for unit, name in self._keys.items() if f" {name} " in key}
            longest = max((len(name) for name in hits.values()), default=0)
            named |= {unit for unit, name in hits.items() if len(name) == longest}
        lowest = max((self.containers[unit].rank for unit in named), default=0)
        return frozenset(unit for unit in named if self.containers[unit].rank == lowest)

    def find(self, row: ReadRow, within: frozenset[str]) -> Match:
        """The unit of a row. `within`: units above, one of which the cell must stand below."""
        if row.unit:
            return self._by_hidden_id(row)
        coded = self._by_code.get(row.code.replace(" ", ""), [])
        if len(coded) == 1:
            return Match(coded[0])
        if row.organisation and (named := self.containers_named_in([row.organisation])):
            within = named
        key = (row.label, within)
        if key not in self._cache:
            self._cache[key] = self._by_name(row.label, within)
        return self._cache[key]

    def _by_hidden_id(self, row: ReadRow) -> Match:
        entry = self._by_id.get(row.unit.lower())
        if entry is None:
            return Match(None, _not_found(row.label))
        if row.label and _keys(row.label)[3] != _keys(entry.name)[3]:
            return Match(
                None,
                f"Mã ẩn của dòng này là của “{entry.name}”, không phải “{row.label}”. "
                "Có thể bảng đã bị sắp xếp lệch cột: tải lại mẫu rồi chép số liệu sang.",
            )
        return Match(entry)

    def _by_name(self, label: str, within: frozenset[str]) -> Match:
        elsewhere: list[Entry] = []
        for level, key in zip(self._levels, _keys(_ORDINAL.sub("", label)), strict=True):
            found = level.get(key, []) if key else []
            inside = [entry for entry in found if entry.above & within] if within else found
            if len(inside) == 1:
                return Match(inside[0])
            if inside:
                return Match(None, self._ambiguous(label, inside))
            elsewhere = elsewhere or found
        if elsewhere and within & self._ours:
            where = self._place_of(elsewhere[0])
            return Match(
                None,
                f"“{label}” thuộc {where}, không thuộc nơi ghi ở đầu bảng. Chuyển dòng này sang "
                "bảng của nơi đó, hoặc sửa tên.",
            )
        return Match(None, _not_found(label) + self._suggestions(label, within))

    def _ambiguous(self, label: str, found: list[Entry]) -> str:
        places = "; ".join(f"{entry.name} ({self._place_of(entry)})" for entry in found[:3])
        return (
            f"“{label}” có thể là nhiều chi bộ: {places}. Ghi thêm cột “Tổ chức cơ sở đảng” "
            "hoặc “Mã tổ chức đảng”, hoặc dùng mẫu tải từ trang Nhập."
        )

    def _place_of(self, entry: Entry) -> str:
        above = [self.containers[unit] for unit in entry.above if unit in self.containers]
        return max(above, key=lambda one: one.rank).name if above else "nơi khác"

    def _suggestions(self, label: str, within: frozenset[str]) -> str:
        if self._suggested >= _MAX_SUGGESTED:
            return ""
        self._suggested += 1
        near = [entry for entry in self.entries if not within or entry.above & within]
        names = {_keys(entry.name)[4]: entry.name for entry in near}
        close = difflib.get_close_matches(_keys(label)[4], names, n=3, cutoff=0.7)
        if not close:
            return ""
        return " Có phải: " + "; ".join(f"“{names[key]}”" for key in close) + "?"


def _not_found(label: str) -> str:
    return f"Không tìm thấy “{label}” trong phạm vi của đồng chí ở tháng này."


def _keys(name: str) -> tuple[str, str, str, str, str]:
    """Five keys, strictest first: with diacritics, the same without "chi bộ", and so folded; last
    without the word for the place ("thôn")."""
    words = same_name_key(name).split()
    spelled = " ".join(_ABBREVIATIONS.get(word, word) for word in words)
    short = spelled.removeprefix("chi bộ ")
    folded = same_words_key(" ".join(_FOLDED.get(word, word) for word in fold(spelled).split()))
    bare = folded.removeprefix("chi bo ")
    return spelled, short, folded, bare, _PLACE_WORDS.sub("", bare)


_FOLDED = {fold(short): fold(full) for short, full in _ABBREVIATIONS.items()}


def _container_key(name: str) -> str:
    """A committee shares the key of its organisation: Đảng ủy xã X is Đảng bộ xã X."""
    return _COMMITTEE.sub("dang bo", same_words_key(name))
