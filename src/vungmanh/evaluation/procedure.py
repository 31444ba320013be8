"""What the rules of a rating year say about its cycle: scale, who is asked, who has a dossier."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from vungmanh.core.errors import InputError, NotNow
from vungmanh.core.vocabulary import DossierSubject, Severity, UnitKind
from vungmanh.evaluation.models import Cycle, Dossier
from vungmanh.org.models import UnitVersion
from vungmanh.rulebook import RulebookError, load_rulebook
from vungmanh.rulebook.checking.year_sheet import check_year_sheet
from vungmanh.rulebook.values import GradeScale
from vungmanh.rulebook.values.cycles import (
    CycleProcedure,
    Decider,
    GradeDeadlines,
    GradeDeciders,
    deciding_level,
)
from vungmanh.rulebook.values.words import RatedLevel
from vungmanh.rulebook.values.year_sheets import YearSheet
from vungmanh.rulebook.values.yearly import CycleOpening

#: Rules of these families are kept with the cycle: its decisions name them.
_FAMILIES = ("grade_", "year_sheet", "award_")


@dataclass(frozen=True)
class YearRules:
    """The rules of one rating year, read on one day. `ids` maps each key to its rule."""

    regime: str
    rulebook: str
    ids: Mapping[str, str]
    opening: CycleOpening
    procedure: CycleProcedure
    deadlines: Mapping[str, dt.date]

    def opens_on(self, year: int) -> dt.date:
        return self.opening.opens_on(year)

    def subjects_of(self, kind: UnitKind) -> tuple[DossierSubject, ...]:
        """What of a unit of this kind is rated: a committee is reviewed beside its organisation.

        A cell of a base committee has a committee of its own only from some size on; its dossier is
        added by hand.
        """
        if kind is UnitKind.CHI_BO:
            return (DossierSubject.ORGANISATION,)
        return self.procedure.subjects

    def bodies_for(self, kinds: Collection[UnitKind]) -> tuple[str, ...]:
        """Who is asked about units of these kinds: whom the procedure names, else the template."""
        levels = {
            RatedLevel.BELOW_BASE if kind is UnitKind.CHI_BO else RatedLevel.BASE for kind in kinds
        }
        named = [
            giver.name for level in RatedLevel for giver in self.procedure.givers(level) or ()
            if level in levels
        ]  # fmt: skip
        return tuple(dict.fromkeys([*(named or self.opening.bodies), self.opening.member]))


def rules_of_year(year: int, on: dt.date) -> YearRules:
    """The rules for rating a year, as they stood on a day. Raises InputError (`year`)."""
    book = load_rulebook()
    view = book.on(on)
    try:
        scale = book.grade_scale_rule(year)
        rated = book.grade_procedure(year, on)
        opening = view.of(CycleOpening)
    except RulebookError:
        raise InputError(
            f"Chưa có quy định xếp loại cho năm {year} trong hệ thống. Chọn năm khác.",
            field="year",
            code="no-regime-for-year",
        ) from None
    assert isinstance(scale.value, GradeScale)
    ids = {rule.key: rule.id for rule in view.rules if rule.key.startswith(_FAMILIES)}
    days = view.of(GradeDeadlines).last_days(year) if view.has(GradeDeadlines.key) else {}
    return YearRules(
        regime=scale.value.regime,
        rulebook=book.version,
        ids={
            **ids,
            GradeScale.key: scale.id,
            CycleProcedure.key: rated.rule.id,
            "grade_deciders": rated.deciders_rule.id,
        },
        opening=opening,
        procedure=rated.procedure,
        deadlines={act.value: day for act, day in days.items()},
    )


def rule_value(rules: Mapping[str, str], key: str) -> object | None:
    """The value of the rule that was in force when the cycle was opened; None: there was none."""
    wanted = rules.get(key)
    return next((rule.value for rule in load_rulebook().rules if rule.id == wanted), None)


def scale_of(cycle: Cycle) -> GradeScale:
    """The grades of the cycle, by the rule kept with it."""
    kept = rule_value(cycle.rules, GradeScale.key)
    return kept if isinstance(kept, GradeScale) else load_rulebook().grade_scale(cycle.year)


def decider_of(dossier: Dossier) -> Decider | None:
    """Who decides the grade of a dossier, by the rule of the cycle; None: no text read says."""
    deciders = rule_value(dossier.cycle.rules, GradeDeciders.key)
    if not isinstance(deciders, GradeDeciders):
        return None
    above = UnitVersion.objects.filter(
        unit_id=dossier.cycle.unit_id, valid__contains=dossier.cycle.on
    )
    kind = above.values_list("kind", flat=True).first()
    return deciding_level(deciders, UnitKind(dossier.tier), UnitKind(kind) if kind else None)


def check_sheets(rules: YearRules, year: int) -> None:
    """Raises NotNow (`sheet-broken`) for a sheet nobody could be rated by: weights that make 99."""
    scale = load_rulebook().grade_scale(year)
    for key in rules.ids:
        sheet = rule_value(rules.ids, key)
        if not isinstance(sheet, YearSheet):
            continue
        found = check_year_sheet(sheet, scale).findings
        wrong = next((one for one in found if one.severity is Severity.SEVERE), None)
        if wrong is not None:
            raise NotNow(
                f"Bảng tiêu chí {rules.ids[key]} chưa dùng được: {wrong.message} {wrong.remedy} "
                "Sửa bảng ở trang quy định rồi mở kỳ.",
                code="sheet-broken",
            )
