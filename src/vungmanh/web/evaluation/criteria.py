"""Criteria and conditions of a dossier as its page shows them, and what is sent of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from vungmanh.core.errors import InputError
from vungmanh.evaluation.models import Dossier
from vungmanh.rulebook.grading.conditions import ConditionFinding
from vungmanh.rulebook.grading.facts import Fact, FactName
from vungmanh.rulebook.grading.points import YearLine, points_of
from vungmanh.rulebook.values.bounds import plain
from vungmanh.rulebook.values.words import CriterionLevel, SheetWay
from vungmanh.rulebook.values.year_sheets import YearSheet
from vungmanh.strengthening.year_addresses import address_of
from vungmanh.strengthening.year_grading import DossierFinding

MOST_RECORDS = 12
ANSWER, WAS, SAID, SAID_WAS = "c-", "cu-", "k-", "ku-"
_MEETINGS = {"meetings_held", "meetings_due", "thematic_held", "attendance"}
_TASKS = {"tasks_due", "tasks_done", "tasks_on_time", "tasks_late", "tasks_beyond"}
_BELOW = {"subordinates_rated", "subordinates_good", "subordinates_completed"}


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class FactRow:
    """One fact beside a criterion: in words, where it comes from, where its records are opened."""

    label: str
    words: str
    source: str
    href: str
    known: bool
    records: tuple[str, ...] = ()  # where each of the first few records is opened


@dataclass(frozen=True)
class CriterionRow:
    code: str
    text: str
    heading: str
    most: str
    value: str  # as typed or kept; "" is blank
    words: str  # as it reads
    choices: tuple[Choice, ...]
    facts: tuple[FactRow, ...]
    was: str = ""
    error: str = ""
    theirs: str = ""

    @property
    def name(self) -> str:
        return f"{ANSWER}{self.code}"

    @property
    def known_facts(self) -> list[FactRow]:
        return [one for one in self.facts if one.known]


@dataclass(frozen=True)
class ConditionRow:
    """One condition: met, broken or unknown, by whom it was answered, and the records."""

    finding: ConditionFinding
    heading: str  # its grade, on the first
    outcome: str
    kind: str  # ok, broken, unknown: how it is drawn
    by: str
    facts: tuple[FactRow, ...]
    choices: tuple[Choice, ...]
    was: str

    @property
    def name(self) -> str:
        return f"{SAID}{self.finding.key}"

    @property
    def is_said(self) -> bool:
        """Whether somebody has answered what is asked."""
        return any(one.is_chosen and one.value for one in self.choices)

    @property
    def known_facts(self) -> list[FactRow]:
        return [one for one in self.facts if one.known]


@dataclass(frozen=True)
class Sent:
    """What was sent of the form and what was wrong with it."""

    values: Mapping[str, str] = field(default_factory=dict)
    was: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    theirs: Mapping[str, str] = field(default_factory=dict)


def fact_row(fact: Fact, unit_id: UUID) -> FactRow:
    """A fact in words. Not known is said so, and is never zero."""
    if fact.value is None:
        words = _("chưa biết")
    elif isinstance(fact.value, bool):
        words = _("có") if fact.value else _("không")
    else:
        words = plain(fact.value) if fact.of is None else f"{plain(fact.value)}/{fact.of}"
    href = _href(fact.name, unit_id)
    records = () if href else tuple(_opened(one) for one in fact.records[:MOST_RECORDS])
    return FactRow(_(fact.name.label), words, fact.source, href, fact.known, records)


def _opened(record: str) -> str:
    """The address at which a record is opened, in the month it is of."""
    found = address_of(record)
    path = reverse(found.page, kwargs=found.ids)
    return f"{path}?ky={found.period:%Y-%m}" if found.period else path


def _href(name: FactName, unit_id: UUID) -> str:
    if name in _MEETINGS:
        return reverse("unit_ledger", args=[unit_id])
    if name in _TASKS:
        return f"{reverse('tasks')}?don-vi={unit_id}"
    if name in _BELOW:
        return reverse("units", args=[unit_id])
    return ""


def criterion_rows(found: DossierFinding, dossier: Dossier, sent: Sent) -> list[CriterionRow]:
    """The rows of the sheet in its order, each with its facts; blanks stay blank."""
    if found.sheet is None or found.points is None:
        return []
    titles = {group.code: group.title for group in found.sheet.groups}
    rows, last = [], ""
    for line in found.points.lines:
        heading = f"{line.group}. {titles[line.group]}" if line.group != last else ""
        last = line.group
        rows.append(_row(line, heading, found, dossier, sent))
    return rows


def _row(
    line: YearLine, heading: str, found: DossierFinding, dossier: Dossier, sent: Sent
) -> CriterionRow:
    kept = dossier.answers.get(line.code)
    kept = "" if kept is None else str(kept)
    value = sent.values.get(line.code, kept)
    choices: tuple[Choice, ...] = ()
    if found.sheet is not None and found.sheet.way is SheetWay.LEVELS:
        levels = [(level.value, _(level.label)) for level in CriterionLevel]
        levels.append(("", _("Để trống")))
        choices = tuple(Choice(code, label, code == value) for code, label in levels)
    words = _(line.level.label) if line.level else "" if line.points is None else plain(line.points)
    facts = [found.facts[name] for name in line.facts if name in found.facts]
    return CriterionRow(
        line.code,
        line.text,
        heading,
        "" if line.most is None else plain(line.most),
        value,
        words,
        choices,
        tuple(fact_row(fact, dossier.unit_id) for fact in facts),
        sent.was.get(line.code, kept),
        sent.errors.get(line.code, ""),
        sent.theirs.get(line.code, ""),
    )


def condition_rows(
    found: DossierFinding, dossier: Dossier, grades: Mapping[str, str], sent: Sent
) -> list[ConditionRow]:
    """The conditions by grade, knock-outs with theirs."""
    rows, last = [], ""
    for one in found.finding.conditions if found.finding else ():
        kept = _bool_text(dossier.condition_answers.get(one.key))
        value = sent.values.get(one.key, kept)
        struck = one.knock_out
        yes, no = (_("Có vướng"), _("Không vướng")) if struck else (_("Đạt"), _("Không đạt"))
        choices = (
            Choice("1", yes, value == "1"),
            Choice("0", no, value == "0"),
            Choice("", _("Chưa rõ"), value == ""),
        )
        good = one.outcome == ("broken" if struck else "met")
        kind = "unknown" if one.outcome == "unknown" else "ok" if good else "broken"
        rows.append(
            ConditionRow(
                one,
                grades.get(one.grade, one.grade) if one.grade != last else "",
                _(one.outcome_label),
                kind,
                _(one.by.label),
                tuple(fact_row(fact, dossier.unit_id) for fact in one.facts),
                choices if one.asks_person else (),
                sent.was.get(one.key, kept),
            )
        )
        last = one.grade
    return rows


def _bool_text(value: Any) -> str:
    return "1" if value is True else "0" if value is False else ""


# --- what is sent --------------------------------------------------------------------------------


def answers_sent(data: Any, before: str, before_was: str) -> tuple[dict[str, str], dict[str, str]]:
    """What was typed, and what the page had shown, by code."""
    said = {name[len(before) :]: data[name].strip() for name in data if name.startswith(before)}
    was = {name[len(before_was) :]: data[name] for name in data if name.startswith(before_was)}
    return said, was


def check_answers(sheet: YearSheet, said: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the answers, by criterion; each is read by itself."""
    errors = {}
    for code, value in said.items():
        try:
            points_of(sheet, {code: value})
        except InputError as error:
            errors[code] = error.message
    return errors


def or_none(said: Mapping[str, str]) -> dict[str, Any]:
    """Blank is not said."""
    return {code: value or None for code, value in said.items()}


def as_bools(said: Mapping[str, str]) -> dict[str, bool | None]:
    return {key: {"1": True, "0": False}.get(value) for key, value in said.items()}
