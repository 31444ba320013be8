"""What the pages of *Số liệu* show: a figure with its rules, and the figure opened for a unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.access.viewer import Viewer
from vungmanh.core.periods import month_slug
from vungmanh.core.text import number_vi
from vungmanh.rulebook import RulebookError, RulebookView, load_rulebook
from vungmanh.rulebook.book import Rule
from vungmanh.rulebook.wording import validity_text, value_lines
from vungmanh.strengthening.figures.catalogue import Figure, Group, figures
from vungmanh.strengthening.figures.months import Share
from vungmanh.strengthening.figures.opened import Counted, Opened, Subject, opened, subject_of
from vungmanh.strengthening.models import Assessment, AssessmentRun
from vungmanh.strengthening.rules import fact_rules, probability_rules
from vungmanh.web.rulebook.topics import USES

GROUP_TITLES = {
    Group.WHOLE: gettext_lazy("Chỉ số, xác suất, thứ hạng"),
    Group.MEETINGS: gettext_lazy("Kỳ họp và báo cáo"),
    Group.WORK: gettext_lazy("Dự họp và việc"),
    Group.SIGNS: gettext_lazy("Dấu hiệu đổi thay và số liệu lạ"),
    Group.PEOPLE: gettext_lazy("Con người và tổ chức"),
}

#: Which figure a reason rests on.
FIGURE_OF_REASON = {
    "meetings_held": "hop-du-ky",
    "meetings_undecided": "can-xau-tot",
    "meetings_excused": "ty-le-mien",
    "silent": "day-du-bao-cao",
    "secretary_vacant": "khuyet-bi-thu",
    "failing_cells": "chi-bo-khong-dat",
    "resolution_carried": "nghi-quyet-keo-dai",
    "no_admission": "ket-nap",
    "few_official_members": "dang-vien-chinh-thuc",
    "meetings_refuted": "he-so-xac-minh",
    "meetings_refuted_few": "he-so-xac-minh",
    "probably_weak": "xac-suat-yeu",
    "months_hidden": "xac-suat-yeu",
}


@dataclass(frozen=True)
class RuleInForce:
    """A rule that a figure rests on, as it stood on the day; `rule` is None where none did yet."""

    key: str
    rule: Rule | None
    lines: list[tuple[str, str]]
    validity: str
    use: Any


@dataclass(frozen=True)
class Line:
    """One line behind an opened figure, as the table shows it."""

    counted: Counted
    href: str

    @property
    def share(self) -> str:
        """Numerator and denominator as they count; a dash where the line counts in neither."""
        return share_words(self.counted.share)


@dataclass(frozen=True)
class UnitFigure:
    """One figure of one unit with the address that opens it."""

    opened: Opened
    href: str


def share_words(share: Share | None) -> str:
    """ "58/94"; a dash where there is nothing to divide."""
    if share is None or share[1] == 0:
        return "–"
    return f"{number_vi(share[0])}/{number_vi(share[1])}"


def by_group(found: Iterable[Figure]) -> list[tuple[Any, list[Figure]]]:
    """The figures under the title of their group, in order."""
    return [
        (GROUP_TITLES[group], list(of_group))
        for group, of_group in groupby(found, key=lambda figure: figure.group)
    ]


def rules_of(figure: Figure, day: dt.date) -> list[RuleInForce]:
    """The rules a figure rests on, as they stood on that day."""
    view = load_rulebook().on(day)
    return [_rule(key, view) for key in figure.rules]


def _rule(key: str, view: RulebookView) -> RuleInForce:
    try:
        rule = view.rule(key)
    except RulebookError:
        return RuleInForce(key, None, [], "", USES[key])
    return RuleInForce(key, rule, value_lines(rule.value), validity_text(rule), USES[key])


def figure_address(code: str, unit_id: UUID | str, month: dt.date) -> str:
    """Where a figure is opened for one unit and one period."""
    query = urlencode({"don-vi": str(unit_id), "ky": month_slug(month)})
    return f"{reverse('figure', args=[code])}?{query}"


def subject(viewer: Viewer, run: AssessmentRun, assessment: Assessment, as_of: dt.date) -> Subject:
    """The records behind the figures of a unit; days are counted no further than today."""
    book = load_rulebook()
    rules = fact_rules(book, as_of), probability_rules(book, as_of)
    return subject_of(viewer, run, assessment, rules, min(as_of, localdate()))


def figures_of_unit(found: Subject) -> list[UnitFigure]:
    """Every figure that the unit has, with the address that opens it."""
    answers = [opened(figure, found) for figure in figures()]
    unit, month = found.assessment.unit_id, found.run.month
    return [UnitFigure(one, figure_address(one.figure.code, unit, month)) for one in answers if one]


def lines_of(one: Opened, found: Subject) -> list[Line]:
    """The lines behind a figure: months that lead to the report, cells that lead to their own."""
    month = found.run.month
    page = f"{reverse('unit', args=[found.assessment.unit_id])}?ky={month_slug(month)}"
    lines = []
    for counted in one.lines:
        if counted.record is not None:
            href = f"{page}#ky-{month_slug(counted.record.month)}"
        else:
            assert counted.cell is not None
            href = figure_address(one.figure.code, counted.cell.unit_id, month)
        lines.append(Line(counted, href))
    return lines


def finding(figure: Figure, assessment: Assessment, one: Opened | None) -> str:
    """The sentence that opens the page of an opened figure."""
    said = {"name": assessment.name, "title": figure.title[:1].lower() + figure.title[1:]}
    if one is None:
        return _("%(name)s: không có số “%(title)s” ở kỳ này.") % said
    if one.sum is not None and one.told.is_known:
        told = one.told.working.partition(" = ")[0].replace(" ÷ ", "/")
        return _("%(name)s: %(title)s %(value)s (%(counted)s).") % {
            **said, "value": one.told.value, "counted": told,
        }  # fmt: skip
    return _("%(name)s: %(title)s %(value)s.") % {**said, "value": one.told.value}
