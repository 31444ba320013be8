"""Two days of the rulebook beside each other, rule by rule, in words."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

from vungmanh.rulebook.book import Rule, RulebookView
from vungmanh.rulebook.wording import value_lines


@dataclass(frozen=True)
class FieldChange:
    """One line of a value as it was and as it is; empty where the rule has no such line."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """What became of one key; `fields` is empty when only the document is new."""

    key: str
    title: str
    before: Rule | None
    after: Rule | None
    fields: tuple[FieldChange, ...]

    @property
    def sentence(self) -> str:
        """What happened, in one sentence."""
        if self.before is None:
            return "Quy định mới."
        if self.after is None:
            return "Không còn quy định."
        if not self.fields:
            return f"Nội dung giữ nguyên, theo văn bản khác: {self.after.document.name}."
        return f"Đổi {len(self.fields)} điểm, theo {self.after.document.name}."


def compare(before: RulebookView, after: RulebookView) -> list[Difference]:
    """The keys that are not ruled by the same rule in both, in the order of their names."""
    old = {rule.key: rule for rule in before.rules}
    new = {rule.key: rule for rule in after.rules}
    return [
        _difference(key, old.get(key), new.get(key))
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    ]


def _difference(key: str, before: Rule | None, after: Rule | None) -> Difference:
    rule = after or before
    assert rule is not None
    return Difference(key, rule.title, before, after, tuple(_fields(before, after)))


def _fields(before: Rule | None, after: Rule | None) -> list[FieldChange]:
    old, new = _lines(before), _lines(after)
    labels = [*new, *(label for label in old if label not in new)]
    return [
        FieldChange(label, one, other)
        for label in labels
        for one, other in zip_longest(old.get(label, []), new.get(label, []), fillvalue="")
        if one != other
    ]


def _lines(rule: Rule | None) -> dict[str, list[str]]:
    """The lines of a value by label; a label may come twice."""
    found: dict[str, list[str]] = {}
    for label, text in value_lines(rule.value) if rule is not None else []:
        found.setdefault(label, []).append(text)
    return found
