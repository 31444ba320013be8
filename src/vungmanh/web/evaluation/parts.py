"""A dossier in parts that open one at a time: how much of each is said, and what is left to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import DossierState
from vungmanh.evaluation.models import Dossier
from vungmanh.rulebook.values.bounds import plain
from vungmanh.rulebook.values.words import CriterionLevel
from vungmanh.strengthening.year_grading import DossierFinding
from vungmanh.web.evaluation.criteria import ConditionRow, CriterionRow, FactRow
from vungmanh.web.evaluation.words import due_of, due_words

_SHORT_OF = 80  # days before a deadline within which they are counted


@dataclass(frozen=True)
class Part:
    """One group of criteria, or the conditions of one grade. `asked`: how many somebody answers."""

    title: str
    rows: tuple[Any, ...]
    asked: int
    done: int
    words: str  # what it comes to so far
    is_open: bool

    @property
    def left(self) -> int:
        return self.asked - self.done

    @property
    def facts(self) -> list[FactRow]:
        """What stands beside its rows, each once."""
        found = {(one.label, one.words): one for row in self.rows for one in row.facts}
        return list(found.values())


def criterion_parts(
    rows: Sequence[CriterionRow], found: DossierFinding, *, is_open: bool
) -> list[Part]:
    """The groups of the sheet. Where one writes, the first that is not done stands open, and any
    with something wrong; `is_open`: all of them, to be read."""
    sums = {f"{one.code}. {one.title}": one for one in found.points.groups} if found.points else {}
    parts: list[Part] = []
    for title, group in _grouped(rows):
        done = sum(bool(row.value) for row in group)
        one = sums.get(title)
        words = ""
        if one is not None and one.points is not None and one.most is not None:
            words = _("%(points)s/%(most)s điểm") % {
                "points": plain(one.points), "most": plain(one.most),
            }  # fmt: skip
        wrong = any(row.error or row.theirs for row in group)
        is_first = done < len(group) and not any(part.left for part in parts)
        parts.append(Part(title, group, len(group), done, words, is_open or wrong or is_first))
    return parts


def condition_parts(
    rows: Sequence[ConditionRow], *, is_open: bool, waits: bool = False
) -> list[Part]:
    """The conditions of each grade. Where one writes, those with a contradiction stand open, and
    the first that still asks; `waits`: not before the criteria are done."""
    parts: list[Part] = []
    for title, group in _grouped(rows):
        asked = [row for row in group if row.choices]
        done = sum(row.is_said for row in asked)
        counts = [(_("đạt"), "ok"), (_("không đạt"), "broken"), (_("chưa rõ"), "unknown")]
        if all(row.finding.knock_out for row in group):
            counts[:2] = [(_("không vướng"), "ok"), (_("vướng"), "broken")]
        found = ((words, sum(row.kind == kind for row in group)) for words, kind in counts)
        words = ", ".join(f"{number_vi(n)} {words}" for words, n in found if n)
        wrong = any(row.finding.contradiction for row in group)
        is_first = done < len(asked) and not waits and not any(part.left for part in parts)
        unfolded = is_open or wrong or is_first
        parts.append(Part(title, group, len(asked), done, words, unfolded))
    return parts


def _grouped(rows: Sequence[Any]) -> list[tuple[str, tuple[Any, ...]]]:
    """The rows under their headings, each of which stands on the first of its rows."""
    found: list[tuple[str, list[Any]]] = []
    for row in rows:
        if row.heading or not found:
            found.append((row.heading, []))
        found[-1][1].append(row)
    return [(title, tuple(group)) for title, group in found]


@dataclass(frozen=True)
class ToDo:
    """What the unit does before it hands in: in order, how much is left, by which day."""

    due: str
    is_over: bool
    criteria: int
    criteria_left: int
    conditions: int
    conditions_left: int

    @property
    def asked(self) -> int:
        return self.criteria + self.conditions

    @property
    def left(self) -> int:
        return self.criteria_left + self.conditions_left

    @property
    def done(self) -> int:
        return self.asked - self.left

    @property
    def is_ready(self) -> bool:
        return not self.left


def to_do(
    dossier: Dossier, criteria: Sequence[Part], conditions: Sequence[Part], today: dt.date
) -> ToDo:
    due = due_of(dossier.cycle, DossierState(dossier.state))
    words = due_words(due, today)
    if due is not None and 0 <= (due - today).days <= _SHORT_OF:
        days = (due - today).days
        words += _(", còn %s ngày") % number_vi(days) if days else _(", là hôm nay")
    return ToDo(
        words,
        bool(due and due < today),
        sum(part.asked for part in criteria),
        sum(part.left for part in criteria),
        sum(part.asked for part in conditions),
        sum(part.left for part in conditions),
    )


def names_of(found: DossierFinding) -> dict[str, str]:
    """How each answer of the dossier is called in its history."""
    lines = found.points.lines if found.points else ()
    names = {line.code: _("Tiêu chí %s") % line.code for line in lines}
    for one in found.finding.conditions if found.finding else ():
        names[one.key] = _("Điều kiện “%s”") % one.text
    return names


def level_words(value: Any) -> str:
    """The level a criterion was given, "" where it is none."""
    levels: Mapping[str, CriterionLevel] = {level.value: level for level in CriterionLevel}
    return _(levels[value].label) if isinstance(value, str) and value in levels else ""
