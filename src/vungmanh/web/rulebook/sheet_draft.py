"""A draft of a scoring sheet as rows of a form: what was typed, right or wrong, and its text.

The text is what is kept. Rows stand for it as far as they can: a text that cannot be read as rows
is edited as a text. Nothing typed is lost on the way, so what is wrong is told in its place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from vungmanh.rulebook import RulebookError
from vungmanh.rulebook.strict_yaml import read_yaml
from vungmanh.rulebook.values.sheet_language import LABELS, VIETNAMESE, in_file_names
from vungmanh.rulebook.values.sheets import MEASURED
from vungmanh.rulebook.values.words import CriterionMeasure
from vungmanh.web.rulebook.sheet_lines import is_line, level_line, number, read_level, said

GROUP = ("code", "title", "points")
CRITERION = (
    "code", "text", "points", "measure", "levels", "applies", "members", "otherwise", "source",
    "forgiven", "bonus", "network",
)  # fmt: skip
_BASE = {"applies": "always", "otherwise": "lost", "source": "observed", "forgiven": "0"}
_CHOSEN = frozenset({"measure", "applies", "otherwise", "source"})
_MAY_BE_EMPTY = frozenset({"points", "measure", "code", "text"})


@dataclass(frozen=True)
class Row:
    """One group or criterion: every field as typed."""

    typed: Mapping[str, str]

    def __getattr__(self, name: str) -> str:  # {{ row.points }} in a template
        if name.startswith("__"):
            raise AttributeError(name)
        return self.typed.get(name, "")

    @property
    def height(self) -> int:
        """Lines of the field of its levels."""
        return min(max(len(_lines(self.levels)), 1), 8)

    @property
    def has_levels(self) -> bool:
        """Whether its levels are to be seen at once: it has some, or is measured."""
        return bool(self.levels) or self.measure in {*MEASURED, CriterionMeasure.LEVELS}

    @property
    def has_more(self) -> bool:
        """Whether something stands in the fields that are folded away."""
        plain = all(self.typed.get(name, base) in {base, ""} for name, base in _BASE.items())
        return not plain or bool(self.bonus or self.network or self.members)


@dataclass(frozen=True)
class GroupRows:
    row: Row
    criteria: tuple[Row, ...] = ()


@dataclass(frozen=True)
class SheetDraft:
    """A sheet as typed. `rest`: the lines of the text that have no rows."""

    total: str
    rescale: str
    groups: tuple[GroupRows, ...]
    rest: str = ""

    def without(self, group: int, criterion: int | None = None) -> SheetDraft:
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

    def with_group(self) -> SheetDraft:
        """The same with an empty group at the end."""
        return replace(self, groups=(*self.groups, GroupRows(Row({"new": "1"}))))

    def with_criterion(self, group: int) -> SheetDraft:
        """The same with an empty criterion at the end of a group, numbered from 1."""
        groups = list(self.groups)
        if 1 <= group <= len(groups):
            old = groups[group - 1]
            groups[group - 1] = replace(old, criteria=(*old.criteria, _empty_criterion()))
        return replace(self, groups=tuple(groups))

    @property
    def text(self) -> str:
        """The text that is kept and checked."""
        content = {
            VIETNAMESE["total"]: number(self.total),
            VIETNAMESE["rescale"]: LABELS.get(self.rescale, self.rescale),
            VIETNAMESE["groups"]: [_group(group) for group in self.groups],
        }
        rest = self.rest.strip()
        return _dump(content) + (f"{rest}\n" if rest else "")

    def slip(self) -> tuple[str, int, str] | None:
        """The first line of levels nobody can read: code of its criterion, its number, itself."""
        for group in self.groups:
            for row in group.criteria:
                for n, line in enumerate(_lines(row.levels), start=1):
                    if isinstance(read_level(line), str):
                        return row.code or row.text, n, line
        return None


def _empty_criterion() -> Row:
    return Row({**_BASE, "measure": "judged", "new": "1"})


# --- to and from the text ----------------------------------------------------------------------

_TOP = ("total", "rescale", "groups")


def rows_of(text: str) -> SheetDraft | None:
    """The rows a text stands for; None when it cannot be read as rows."""
    try:
        raw = in_file_names(read_yaml(text, file=""))
    except RulebookError:
        return None
    if not isinstance(raw, Mapping) or not isinstance(raw.get("groups") or [], list):
        return None
    groups = raw.get("groups") or []
    if not all(_is_group(group) for group in groups):
        return None
    rest = {name: content for name, content in raw.items() if name not in _TOP}
    return SheetDraft(
        total=said(raw.get("total")),
        rescale=said(raw.get("rescale")),
        groups=tuple(_rows_of_group(group) for group in groups),
        rest=_dump(_in_vietnamese(rest)) if rest else "",
    )


def _is_group(group: object) -> bool:
    """Whether rows can show all of it: no part that no field stands for."""
    if not isinstance(group, Mapping) or not set(group) <= {*GROUP, "criteria"}:
        return False
    criteria = group.get("criteria") or []
    return isinstance(criteria, list) and all(
        isinstance(one, Mapping)
        and set(one) <= set(CRITERION)
        and isinstance(one.get("levels") or [], list)
        and all(is_line(level) for level in one.get("levels") or [])
        for one in criteria
    )


def _rows_of_group(group: Mapping[str, Any]) -> GroupRows:
    return GroupRows(
        Row({name: said(group.get(name)) for name in GROUP}),
        tuple(_row_of_criterion(one) for one in group.get("criteria") or []),
    )


def _row_of_criterion(raw: Mapping[str, Any]) -> Row:
    typed = {**_BASE, **{name: said(raw[name]) for name in CRITERION if name in raw}}
    typed["levels"] = "\n".join(level_line(level) for level in raw.get("levels") or [])
    return Row(typed)


def _group(group: GroupRows) -> dict[str, Any]:
    typed = group.row.typed
    plain: dict[str, Any] = {
        VIETNAMESE[name]: _content(name, typed.get(name, "")) for name in GROUP
    }
    if group.criteria:
        plain[VIETNAMESE["criteria"]] = [_criterion(row) for row in group.criteria]
    return plain


def _criterion(row: Row) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for name in CRITERION:
        typed = row.typed.get(name, "").strip()
        if name == "levels":
            if lines := _lines(typed):
                plain[VIETNAMESE[name]] = [read_level(line) for line in lines]
        elif typed != _BASE.get(name, "") or name in _MAY_BE_EMPTY:
            plain[VIETNAMESE[name]] = _content(name, typed)
    return plain


def _content(name: str, typed: str) -> str | int | None:
    if name in {"points", "members", "forgiven"}:
        return number(typed)
    return LABELS.get(typed, typed) if name in _CHOSEN else typed


def _lines(typed: str) -> list[str]:
    return [line for line in typed.splitlines() if line.strip()]


def _in_vietnamese(content: Any) -> Any:
    if isinstance(content, Mapping):
        return {VIETNAMESE.get(k, k): _in_vietnamese(v) for k, v in content.items()}
    if isinstance(content, list):
        return [_in_vietnamese(one) for one in content]
    if isinstance(content, bool):
        return "có" if content else "không"
    return LABELS.get(content, content) if isinstance(content, str) else content


def _dump(content: object) -> str:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=96)


# --- from what a browser sent ------------------------------------------------------------------


@dataclass
class _Sent:
    group: dict[str, str] = field(default_factory=dict)
    criteria: dict[int, dict[str, str]] = field(default_factory=dict)


_NAME = re.compile(r"g(\d{1,3})(?:-(\d{1,3}))?-([a-z]+)")


def sent_rows(data: Mapping[str, str]) -> SheetDraft:
    """The rows of a form: fields named g<group>-<field> and g<group>-<criterion>-<field>."""
    sent: dict[int, _Sent] = {}
    for name in data:
        found = _NAME.fullmatch(name)
        if found is None:
            continue
        group, criterion, part = found.groups()
        one = sent.setdefault(int(group), _Sent())
        if criterion is None:
            one.group[part] = data[name]
        else:
            one.criteria.setdefault(int(criterion), {})[part] = data[name]
    return SheetDraft(
        total=data.get("total", ""),
        rescale=data.get("rescale", ""),
        groups=tuple(
            GroupRows(Row(one.group), tuple(Row(one.criteria[m]) for m in sorted(one.criteria)))
            for _, one in sorted(sent.items())
        ),
        rest=data.get("rest", ""),
    )
