"""Congress terms: in which one a day lies, so that the numbers of papers begin again with it.

The rule `congress_terms` proposes; a committee that records the day of its own congress is counted
by that day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotNow
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import UnitKind
from vungmanh.org.models import Unit, UnitVersion
from vungmanh.org.queries import visible_unit
from vungmanh.org.turns import beside_register
from vungmanh.outputs.models import CongressTerm, PaperNumber
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.papers import CongressTerms, PaperFamily, term_years

NUMBER = "outputs.paper.number"
_FORM = "Ghi nhiệm kỳ theo dạng 2025-2030."


@dataclass(frozen=True)
class Term:
    """`is_recorded`: by the day of the unit's own congress, else by the rule."""

    name: str
    began_on: dt.date
    is_recorded: bool

    @property
    def first_year(self) -> int:
        years = term_years(self.name)
        return years[0] if years else self.began_on.year


def terms_of(unit_id: UUID, *, on: dt.date) -> list[Term]:
    """The terms of a unit by the rules of a day, oldest first; a recorded congress goes before the
    proposed beginning of the same term."""
    own = {
        one.name: Term(one.name, one.began_on, True)
        for one in CongressTerm.objects.filter(unit_id=unit_id)
    }
    taken = {term.first_year for term in own.values()}
    proposed = [one for one in _proposed(unit_id, on) if one.first_year not in taken]
    return sorted([*own.values(), *proposed], key=lambda one: one.began_on)


def term_on(unit_id: UUID, on: dt.date) -> Term:
    """The term in which a day lies. Raises InputError (`paper-term`) before the first known."""
    found = [one for one in terms_of(unit_id, on=on) if one.began_on <= on]
    if not found:
        raise InputError(
            f"Chưa biết ngày {date_vi(on)} thuộc nhiệm kỳ nào. Ghi nhiệm kỳ và ngày đại hội ở sổ "
            "văn bản đi trước.",
            field="on",
            code="paper-term",
        )
    return found[-1]


@transaction.atomic
def set_term(
    *, unit_id: UUID, name: str, began_on: dt.date, by: Viewer, at: dt.datetime
) -> CongressTerm:
    """Record (or correct) the day from which a term counts.

    Raises InputError for what is no term or out of order, NotNow (`term-has-numbers`) where papers
    already numbered would come to lie in another term than their numbers say.
    """
    check_can(by, NUMBER)
    beside_register()
    visible_unit(by, unit_id, by.on)
    Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
    name = name.strip().replace(" ", "").replace("–", "-")
    _check_order(unit_id, name, began_on)
    _check_numbers(unit_id, name, began_on)
    term, _ = CongressTerm.objects.update_or_create(
        unit_id=unit_id, name=name, defaults={"began_on": began_on, "by": by.user, "at": at}
    )
    record(
        "congress_term.recorded",
        by=by.user,
        at=at,
        subject=f"congress_term:{term.pk}",
        data={"unit": str(unit_id), "name": name, "began_on": began_on.isoformat()},
    )
    return term


def _proposed(unit_id: UUID, on: dt.date) -> list[Term]:
    view = load_rulebook().on(on)
    if not view.has(CongressTerms.key):
        return []
    rule = view.of(CongressTerms)
    version = UnitVersion.objects.filter(unit_id=unit_id).order_by("valid").last()
    is_cell = version is not None and version.kind == UnitKind.CHI_BO
    planned = rule.cells if is_cell else rule.committees
    return [Term(one.name, one.begins, False) for one in planned]


def _check_order(unit_id: UUID, name: str, began_on: dt.date) -> None:
    years = term_years(name)
    if years is None:
        raise InputError(_FORM, field="name", code="paper-term")
    if began_on.year != years[0]:
        raise InputError(
            f"Đại hội của nhiệm kỳ {name} họp trong năm {years[0]}. Xem lại ngày.",
            field="began_on",
            code="paper-term",
        )
    others = CongressTerm.objects.filter(unit_id=unit_id).exclude(name=name)
    for one in others:
        is_after = (term_years(one.name) or (0, 0))[0] > years[0]
        if one.name[:4] == name[:4] or is_after != (one.began_on > began_on):
            raise InputError(
                f"Nhiệm kỳ {one.name} đã ghi từ ngày {date_vi(one.began_on)}, trái thứ tự với ngày "
                "này. Sửa một trong hai.",
                field="began_on",
                code="paper-term",
            )


def _check_numbers(unit_id: UUID, name: str, began_on: dt.date) -> None:
    """Numbers on and after the day must be of this term or a later one, those before of none."""
    first = name[:4]
    given = PaperNumber.objects.filter(unit_id=unit_id, family=PaperFamily.PARTY)
    misplaced = given.filter(
        Q(on__gte=began_on, term__lt=first) | Q(on__lt=began_on, term__startswith=f"{first}-")
    )
    if n := misplaced.count():
        raise NotNow(
            f"{n} văn bản đã ghi số theo nhiệm kỳ khác với ngày này. Số đã cấp không đổi nhiệm kỳ: "
            "chọn ngày phù hợp với sổ.",
            code="term-has-numbers",
        )
