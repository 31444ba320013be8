"""What the pages of visits say: findings with their counts, rows, changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from vungmanh.core.text import date_vi, number_vi
from vungmanh.meetings.models import Visit, VisitChange
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.book import Rule
from vungmanh.rulebook.values.programmes import OversightAttendance
from vungmanh.strengthening.overseeing import OverseerYear
from vungmanh.strengthening.visiting import VisitedSoFar
from vungmanh.web.phone.queue_words import label_of, value_words

NOTES = ("found", "agreed", "put_right")


def finding_of_year(one: OverseerYear, year: int, *, own: bool) -> str:
    """What one overseer attended of what was owed."""
    who = {"year": year, "name": one.name, "done": number_vi(one.attended)}
    if one.quota is None:
        words = _("Năm %(year)s, đồng chí đã dự %(done)s buổi.") if own else _(
            "Năm %(year)s, %(name)s đã dự %(done)s buổi."
        )  # fmt: skip
        return words % who
    who |= {"quota": number_vi(one.quota)}
    words = _("Năm %(year)s, đồng chí đã dự %(done)s buổi; định mức %(quota)s buổi.") if own else _(
        "Năm %(year)s, %(name)s đã dự %(done)s buổi; định mức %(quota)s buổi."
    )  # fmt: skip
    return words % who


def finding_of_committee(count: int, visits: int, year: int) -> str:
    """What a committee's page opens with: how much was done, by nobody in particular."""
    if not count:
        return _("Chưa ai được phân công phụ trách đơn vị nào trong phạm vi này.")
    return _("Năm %(year)s, %(count)s người phụ trách; đã ghi %(visits)s lần đi cơ sở.") % {
        "year": year, "count": number_vi(count), "visits": number_vi(visits),
    }  # fmt: skip


def finding_of_unit(name: str, visits: int, last: Visit | None) -> str:
    if last is None:
        return _("%(name)s chưa có lần đi cơ sở nào được ghi.") % {"name": name}
    return _("%(name)s: %(count)s lần đi cơ sở đã ghi, gần nhất ngày %(day)s.") % {
        "name": name, "count": number_vi(visits), "day": date_vi(last.on),
    }  # fmt: skip


def finding_of_plan(lines: list[VisitedSoFar], year: int) -> str:
    wanted, left = sum(one.wanted for one in lines), sum(one.left for one in lines)
    drawn = sum(one.drawn for one in lines)
    return _(
        "Năm %(year)s phải đi %(wanted)s lần ở %(cells)s chi bộ, %(drawn)s chi bộ do bốc thăm; còn"
        " %(left)s lần."
    ) % {
        "year": year, "wanted": number_vi(wanted), "cells": number_vi(len(lines)),
        "drawn": number_vi(drawn), "left": number_vi(left),
    }  # fmt: skip


def quota_rule(on: Any) -> Rule | None:
    """The rule of attendances of a day; None where there is none."""
    view = load_rulebook().on(on)
    return view.rule(OversightAttendance.key) if view.has(OversightAttendance.key) else None


@dataclass(frozen=True)
class ChangeRow:
    """One change of a visit, in words."""

    change: VisitChange
    values: list[tuple[str, str, str]]


def change_rows(changes: Iterable[VisitChange]) -> list[ChangeRow]:
    """What was changed after the first record, the latest first."""
    return [
        ChangeRow(
            one,
            [
                (label_of(name), value_words(name, was), value_words(name, now))
                for name, (was, now) in sorted(one.fields.items())
                if name != "meeting"
            ],
        )
        for one in changes
        if one.revision > 1
    ]


def note_rows(visit: Visit) -> list[tuple[str, str]]:
    """What was noted, with its label; nothing where nothing was."""
    return [(label_of(name), getattr(visit, name)) for name in NOTES if getattr(visit, name)]


def clash_words(fields: Mapping[str, tuple[Any, Any, Any]]) -> list[str]:
    """What somebody else wrote meanwhile, beside what was sent."""
    return [
        _("%(label)s: nơi khác ghi “%(theirs)s”, đồng chí ghi “%(mine)s”") % {
            "label": label_of(name), "theirs": value_words(name, theirs),
            "mine": value_words(name, mine),
        }
        for name, (theirs, mine, _was) in fields.items()
    ]  # fmt: skip
