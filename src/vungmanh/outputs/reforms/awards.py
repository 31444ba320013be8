"""What a reform means for grades of the year and for the years counted towards awards."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext as _

from vungmanh.evaluation.awards import award_runs
from vungmanh.evaluation.models import YearGrade
from vungmanh.org.reform.consequences import Consequences, Ended, Place
from vungmanh.org.reform.steps import REF
from vungmanh.outputs.reforms.sections import Cell, Section
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.yearly import ANY, EVERY, AwardCounters


def awards_section(told: Consequences) -> Section:
    """Of units that end and of those that go on in their stead: the grade of the year, the years
    running, and what the rule of the day says becomes of the count."""
    year = told.on.year
    places = _places(told)
    units = [UUID(one.id) for one in places if not one.id.startswith(REF)]
    runs = award_runs(units, year - 1) if units else {}
    said = YearGrade.objects.filter(unit_id__in=units, year__in=(year - 1, year)).order_by("year")
    grades = {unit: (of, grade) for unit, of, grade in said.values_list("unit_id", "year", "grade")}
    rows = []
    for place in places:
        unit = None if place.id.startswith(REF) else UUID(place.id)
        run = runs.get(unit) if unit else None
        if unit is None or (unit not in grades and not (run and run.length)):
            continue
        known = unit in grades
        grade = f"{_grade(*grades[unit])} ({grades[unit][0]})" if known else _("chưa có")
        rows.append((Cell(place.name, place.id), Cell(grade), Cell(run.length if run else 0)))
    return Section(
        "xep-loai-khen-thuong",
        _("Xếp loại và số năm liền để xét khen"),
        _rule_words(told.on),
        (_("Đơn vị"), _("Mức gần nhất"), _("Số năm liền ở mức cao nhất")),
        tuple(rows),
    )


def _places(told: Consequences) -> list[Place]:
    """Each unit that ends, then its heirs, once."""
    found: dict[str, Place] = {}
    for one in told.ended:
        found.setdefault(one.unit.id, one.unit)
        for heir in _heirs(one):
            found.setdefault(heir.id, heir)
    return list(found.values())


def _heirs(ended: Ended) -> list[Place]:
    return [heir.unit for heir in ended.heirs]


def _grade(year: int, code: str) -> str:
    scale = load_rulebook().grade_scale(year).grades
    return next((_(one.label) for one in scale if one.code == code), code)


def _rule_words(on: dt.date) -> str:
    view = load_rulebook().on(on)
    if not view.has(AwardCounters.key):
        return _("Chưa có quy định nói số năm liền tính thế nào khi nhập tổ chức.")
    after = view.of(AwardCounters).after_merger
    if after == EVERY:
        words = _("Số năm liền tính tiếp chỉ khi mọi đơn vị nhập vào đều ở mức cao nhất năm ấy.")
    elif after == ANY:
        words = _("Số năm liền tính tiếp khi có một đơn vị nhập vào ở mức cao nhất năm ấy.")
    else:
        words = _("Số năm liền tính lại từ đầu sau khi nhập tổ chức.")
    rule = view.rule(AwardCounters.key)
    caution = f" ({rule.caution})" if rule.caution else ""
    return f"{words} {rule.document.name}{caution}."
