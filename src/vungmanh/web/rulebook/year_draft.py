"""A draft of a year's sheet as rows of a form: what was typed, right or wrong, and its text.

The regime and the way of the sheet are not typed: they come from the rule it was copied from.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from vungmanh.rulebook import RulebookError
from vungmanh.rulebook.strict_yaml import read_yaml
from vungmanh.rulebook.values.words import FactName
from vungmanh.web.rulebook.sheet_lines import number, said

HEAD = ("first_year", "last_year", "total")
GROUP = ("code", "title", "part", "points")
CRITERION = ("code", "text", "points", "facts")
_NUMBERS = frozenset({"points", "total", "first_year", "last_year"})
_NAME = re.compile(r"g(\d{1,3})(?:-(\d{1,3}))?-([a-z]+)")


@dataclass(frozen=True)
class YearRow:
    """One group or criterion: every field as typed, and what is wrong with some of them."""

    typed: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)

    def __getattr__(self, name: str) -> str:  # {{ row.points }} in a template
        if name.startswith("__"):
            raise AttributeError(name)
        return self.typed.get(name, "")

    @property
    def chosen(self) -> list[str]:
        """The facts beside it."""
        return [one for one in self.facts.split(",") if one]

    @property
    def options(self) -> list[FactName]:
        """Every fact, those beside it first and in their order: a browser sends them so."""
        known = [FactName(one) for one in self.chosen if one in set(FactName)]
        return known + [one for one in FactName if one not in known]


@dataclass(frozen=True)
class YearGroupRows:
    row: YearRow
    criteria: tuple[YearRow, ...] = ()


@dataclass(frozen=True)
class YearDraft:
    """A year's sheet as typed: its head, its groups, and from how many points a grade lies."""

    head: Mapping[str, str]
    groups: tuple[YearGroupRows, ...]
    cuts: tuple[tuple[str, str], ...]
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_points(self) -> bool:
        """Whether rows are given points; otherwise each gets one of four levels."""
        return self.head.get("way") == "points"

    def without(self, group: int, criterion: int | None = None) -> YearDraft:
        """The same without one group, or without one criterion of it; numbered from 1."""
        groups = list(self.groups)
        if not 1 <= group <= len(groups):
            return self
        if criterion is None:
            del groups[group - 1]
        else:
            kept = [one for n, one in enumerate(groups[group - 1].criteria, 1) if n != criterion]
            groups[group - 1] = replace(groups[group - 1], criteria=tuple(kept))
        return replace(self, groups=tuple(groups))

    def with_group(self) -> YearDraft:
        """The same with an empty group at the end."""
        return replace(self, groups=(*self.groups, YearGroupRows(YearRow({"new": "1"}))))

    def with_criterion(self, group: int) -> YearDraft:
        """The same with an empty criterion at the end of a group, numbered from 1."""
        groups = list(self.groups)
        if 1 <= group <= len(groups):
            old = groups[group - 1]
            groups[group - 1] = replace(old, criteria=(*old.criteria, YearRow({"new": "1"})))
        return replace(self, groups=tuple(groups))

    def rows(self) -> Iterable[tuple[str, YearRow]]:
        """Every row under the name of its fields: g1 a group, g1-2 its second criterion."""
        for g, group in enumerate(self.groups, start=1):
            yield f"g{g}", group.row
            for c, row in enumerate(group.criteria, start=1):
                yield f"g{g}-{c}", row

    def place_of(self, code: str) -> str:
        """The name of the row with a code; empty when none or several have it."""
        found = [name for name, row in self.rows() if row.code.strip() == code]
        return found[0] if code and len(found) == 1 else ""

    def marked(self, wrong: Mapping[str, str]) -> YearDraft:
        """The same with what is wrong in its place: name of the field (g1-2-points) → sentence."""
        return replace(
            self,
            wrong={name: wrong[name] for name in wrong if not name.startswith("g")},
            groups=tuple(
                YearGroupRows(
                    _marked(group.row, f"g{g}", wrong),
                    tuple(
                        _marked(row, f"g{g}-{c}", wrong)
                        for c, row in enumerate(group.criteria, start=1)
                    ),
                )
                for g, group in enumerate(self.groups, start=1)
            ),
        )

    @property
    def text(self) -> str:
        """The text that is kept and checked, as a rule file writes a value."""
        content = {
            "regime": self.head.get("regime", ""),
            "first_year": number(self.head.get("first_year", "")),
            "last_year": number(self.head.get("last_year", "")),
            "way": self.head.get("way", ""),
            "total": number(self.head.get("total", "")),
            "groups": [_group(group) for group in self.groups],
            "cuts": [
                {"grade": grade, "from_points": number(points)} for grade, points in self.cuts
            ],
        }
        return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=96)


def _marked(row: YearRow, name: str, wrong: Mapping[str, str]) -> YearRow:
    told = {one.rpartition("-")[2]: wrong[one] for one in wrong if one.rpartition("-")[0] == name}
    return replace(row, wrong=told)


def _group(group: YearGroupRows) -> dict[str, Any]:
    plain = {name: _content(name, group.row.typed.get(name, "")) for name in GROUP}
    return {**plain, "criteria": [_criterion(row) for row in group.criteria]}


def _criterion(row: YearRow) -> dict[str, Any]:
    plain = {name: _content(name, row.typed.get(name, "")) for name in CRITERION[:-1]}
    return {**plain, "facts": row.chosen}


def _content(name: str, typed: str) -> str | int | None:
    return number(typed) if name in _NUMBERS else typed.strip()


# --- from the text, and from what a browser sent -----------------------------------------------


def year_rows_of(text: str) -> YearDraft | None:
    """The rows a text stands for; None when it is no sheet that rows can show."""
    try:
        raw = read_yaml(text, file="")
    except RulebookError:
        return None
    if not isinstance(raw, Mapping):
        return None
    groups = raw.get("groups") or []
    if not isinstance(groups, list) or not all(isinstance(one, Mapping) for one in groups):
        return None
    cuts = [one for one in raw.get("cuts") or [] if isinstance(one, Mapping)]
    return YearDraft(
        head={name: said(raw.get(name)) for name in ("regime", "way", *HEAD)},
        groups=tuple(_rows_of_group(group) for group in groups),
        cuts=tuple((said(one.get("grade")), said(one.get("from_points"))) for one in cuts),
    )


def _rows_of_group(group: Mapping[str, Any]) -> YearGroupRows:
    rows = [one for one in group.get("criteria") or [] if isinstance(one, Mapping)]
    return YearGroupRows(
        YearRow({name: said(group.get(name)) for name in GROUP}),
        tuple(
            YearRow(
                {
                    **{name: said(one.get(name)) for name in CRITERION[:-1]},
                    "facts": ",".join(said(fact) for fact in one.get("facts") or []),
                }
            )
            for one in rows
        ),
    )


@dataclass
class _Sent:
    group: dict[str, str] = field(default_factory=dict)
    criteria: dict[int, dict[str, str]] = field(default_factory=dict)


def sent_year_rows(data: Mapping[str, str], kept: YearDraft | None) -> YearDraft:
    """The rows of a form: fields named g<group>-<field> and g<group>-<criterion>-<field>.

    What is not typed (regime, way, which grades have a cut) is that of the draft as kept.
    """
    sent: dict[int, _Sent] = {}
    for name in data:
        found = _NAME.fullmatch(name)
        if found is None:
            continue
        group, criterion, part = found.groups()
        one = sent.setdefault(int(group), _Sent())
        fields = one.group if criterion is None else one.criteria.setdefault(int(criterion), {})
        fields[part] = _clean(data[name])
    before = kept or YearDraft({}, (), ())
    head = {name: _clean(data[name]) for name in HEAD if name in data}
    return YearDraft(
        head={**before.head, **head},
        groups=tuple(
            YearGroupRows(
                YearRow(one.group), tuple(YearRow(one.criteria[m]) for m in sorted(one.criteria))
            )
            for _, one in sorted(sent.items())
        ),
        cuts=tuple((grade, _clean(data.get(f"cut-{grade}", was))) for grade, was in before.cuts),
    )


def _clean(typed: str) -> str:
    """Without line breaks and control characters: a row is one line."""
    kept = ("" if unicodedata.category(one) in {"Cc", "Cs"} else one for one in _spaced(typed))
    return "".join(kept)


def _spaced(typed: str) -> str:
    return re.sub(r"[\r\n\t\v\f]+", " ", typed)
