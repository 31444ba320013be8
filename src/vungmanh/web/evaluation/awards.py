"""Years running at the best grade in words: which years counted, by whom, why no further."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from vungmanh.access.wall import lowered
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import DossierSubject
from vungmanh.evaluation.awards import (
    NOT_BEST,
    NOT_KNOWN,
    OTHER_SCALE,
    OTHER_UNITS,
    AwardRun,
    AwardYear,
    award_runs,
)
from vungmanh.evaluation.models import Cycle, Dossier
from vungmanh.org.models import UnitVersion
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.book import Rule
from vungmanh.rulebook.values.yearly import AwardCounters

#: A run of one year is the year itself, which the grade says already.
SHORTEST = 2


@dataclass(frozen=True)
class Award:
    """The run of one unit: the sentence, each year that counted, where it ends, what it is for."""

    words: str
    years: tuple[str, ...]
    ends: str
    reached: str
    rule: Rule


def award_of(dossier: Dossier) -> Award | None:
    """The run of the organisation; None for a leading collective, or where no rule counts."""
    rule = _rule(dossier.cycle.year)
    if dossier.subject != DossierSubject.ORGANISATION or rule is None:
        return None
    run = award_runs([dossier.unit_id], dossier.cycle.year, is_open=True)[dossier.unit_id]
    others = {one for year in run.years if year.is_inherited for one in year.units}
    others |= set(run.held_up) - {dossier.unit_id}
    names = _names(others) if others else {}
    return Award(
        _words(run),
        tuple(_year(one, dossier.unit_id, names) for one in run.years),
        _ends(run, names),
        _reached(run),
        rule,
    )


def running_words(cycle: Cycle, unit_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """ "3 năm liền" of those on a board who have had the best grade two years running or more."""
    if not unit_ids or _rule(cycle.year) is None:
        return {}
    runs = award_runs(unit_ids, cycle.year, is_open=True)
    return {unit: _short(run, cycle) for unit, run in runs.items() if run.length >= SHORTEST}


def _short(run: AwardRun, cycle: Cycle) -> str:
    said = _("%s năm liền xuất sắc") % number_vi(run.length)
    return said if run.until == cycle.year else _("%s, đến %d") % (said, run.until)


def _rule(year: int) -> Rule | None:
    view = load_rulebook().on(dt.date(year, 12, 31))
    return view.rule(AwardCounters.key) if view.has(AwardCounters.key) else None


def _names(units: Collection[UUID]) -> dict[UUID, str]:
    """The last name of each, of those merged too: past the wall, as the run itself."""
    with lowered():
        rows = UnitVersion.objects.filter(unit_id__in=units).order_by("valid")
        return dict(rows.values_list("unit_id", "name"))


def _words(run: AwardRun) -> str:
    if not run.length:
        return _("Chưa có năm nào để đếm, đến %s.") % run.until
    first, last = run.years[-1].year, run.years[0].year
    if first == last:
        return _("1 năm ở mức cao nhất: %s.") % last
    return _("%(n)s năm liền ở mức cao nhất: %(first)s đến %(last)s.") % {
        "n": number_vi(run.length), "first": first, "last": last,
    }  # fmt: skip


def _year(one: AwardYear, unit: UUID, names: Mapping[UUID, str]) -> str:
    if not one.is_inherited:
        said = _("%s: chính tổ chức này.") % one.year
    else:
        before = "; ".join(sorted(names.get(each, "–") for each in one.units if each != unit))
        said = _("%(year)s: trước sáp nhập, tính theo %(names)s.") % {
            "year": one.year, "names": before,
        }  # fmt: skip
        if unit in one.units:
            said = _("%(year)s: chính tổ chức này và nơi nhập vào: %(names)s.") % {
                "year": one.year, "names": before,
            }  # fmt: skip
    if one.after_break:
        said += " " + _("Năm sau xếp theo thang khác; quy tắc cho đếm tiếp.")
    return said


def _ends(run: AwardRun, names: Mapping[UUID, str]) -> str:
    """Why the year before does not count; of a year before a merger also for want of whom."""
    year, why = run.stopped
    before = sorted(names[one] for one in run.held_up if one != run.unit_id and one in names)
    if why in {NOT_BEST, NOT_KNOWN} and before:
        words = (
            _("Năm %(year)s có nơi cũ không ở mức cao nhất: %(names)s; quy tắc đếm đến đó.")
            if why == NOT_BEST
            else _("Năm %(year)s có nơi cũ chưa có mức trong hệ thống: %(names)s; đếm đến đó.")
        )
        return words % {"year": year, "names": "; ".join(before)}
    words = {
        NOT_BEST: _("Năm %s không ở mức cao nhất nên không tính."),
        NOT_KNOWN: _("Năm %s chưa có mức trong hệ thống nên không tính."),
        OTHER_SCALE: _("Năm %s xếp theo thang khác; quy tắc không đếm qua hai thang."),
        OTHER_UNITS: _("Năm %s là của tổ chức cũ; quy tắc đếm lại từ khi sáp nhập."),
    }[why]
    return words % year


def _reached(run: AwardRun) -> str:
    said = []
    if run.reached:
        counts = ", ".join(number_vi(one) for one in run.reached)
        said.append(_("Đủ số năm để xét: %s.") % counts)
    if run.next is not None and run.length:
        said.append(
            _("Còn %(left)s năm nữa thì đủ %(next)s năm.")
            % {"left": number_vi(run.next - run.length), "next": number_vi(run.next)}
        )
    return " ".join(said)
