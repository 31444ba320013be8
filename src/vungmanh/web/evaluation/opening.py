"""Opening the cycle of a year: the last day of each step, from the rule where it has one."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotNow
from vungmanh.core.vocabulary import DossierSubject, UnitKind
from vungmanh.evaluation.actions.cycles import OPEN, open_cycle
from vungmanh.evaluation.board import TIMED
from vungmanh.evaluation.models import Cycle
from vungmanh.evaluation.procedure import YearRules, rules_of_year
from vungmanh.org.models import UnitVersion
from vungmanh.org.queries import visible_unit
from vungmanh.rulebook import load_rulebook
from vungmanh.web.access import answering, needs
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.tasks.forms import day

FIRST_YEAR = 2014


class OpeningForm(forms.Form):
    """The last day of each step. A day left empty: no deadline for that step."""

    def __init__(self, data: Any = None, *, deadlines: dict[str, dt.date]) -> None:
        super().__init__(data, initial=deadlines, label_suffix="")
        for act in TIMED:
            self.fields[act.value] = day(_(act.label), required=False)

    def deadlines(self) -> dict[str, dt.date]:
        return {name: said for name, said in self.cleaned_data.items() if said}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(OPEN)
def cycle_new(request: ViewerRequest) -> HttpResponse:
    """Open the rating of one year by the committee in which one holds the role."""
    viewer, now = request.viewer, timezone.now()
    today = timezone.localdate(now)
    assert viewer.unit_id is not None, "whoever opens cycles holds a role in a unit"
    years = _years(today)
    year = _asked(request, years)
    rules = rules_of_year(year, min(dt.date(year, 12, 31), today))
    form = OpeningForm(request.POST or None, deadlines=dict(rules.deadlines))
    if request.method == "POST" and form.is_valid():
        try:
            made = open_cycle(
                unit_id=viewer.unit_id, year=year, deadlines=form.deadlines(), by=viewer, at=now
            )
        except (InputError, NotNow, NotAllowed, Conflict) as error:
            name = getattr(error, "field", None)
            form.add_error(name if name in form.fields else None, error.message)
        else:
            messages.success(request, _("Đã mở kỳ xếp loại; các tổ chức thấy hồ sơ của mình ngay."))
            return redirect("cycle", made.pk)
    with answering(request):
        kinds = _kinds_below(viewer.unit_id, year, today)
        context = {
            "form": form,
            "year": year,
            "years": years,
            "version": visible_unit(viewer, viewer.unit_id, today),
            "rules": _rules_in_words(rules),
            "bodies": rules.bodies_for(set(kinds)),
            **_who(rules, kinds),
            "has_deadlines": bool(rules.deadlines),
            "known": Cycle.objects.filter(unit_id=viewer.unit_id, year=year).first(),
        }
        status = 422 if form.errors else 200
        return render(request, "evaluation/cycle_new.html", context, status=status)


def _years(today: dt.date) -> list[int]:
    """The years that have a scale of grades, the latest first."""
    scales = load_rulebook().history("grade_scale")
    years = range(today.year, FIRST_YEAR - 1, -1)
    return [year for year in years if any(rule.value.covers(year) for rule in scales)]  # type: ignore[attr-defined]


def _asked(request: ViewerRequest, years: list[int]) -> int:
    said = request.POST.get("year") or request.GET.get("nam", "")
    return next((year for year in years if str(year) == said), years[0])


def _kinds_below(unit_id: UUID, year: int, today: dt.date) -> list[UnitKind]:
    """The kind of each unit that stands below on the day of the cycle: who is rated and asked."""
    on = min(dt.date(year, 12, 31), today)
    below = UnitVersion.objects.filter(
        valid__contains=on,
        unit__above__ancestor_id=unit_id,
        unit__above__depth=1,
        unit__above__valid__contains=on,
    )
    return [UnitKind(kind) for kind in below.values_list("kind", flat=True)]


def _who(rules: YearRules, kinds: list[UnitKind]) -> dict[str, int]:
    """How many dossiers the cycle would have: of organisations, and of those who lead them."""
    subjects = [subject for kind in kinds for subject in rules.subjects_of(kind)]
    leading = subjects.count(DossierSubject.LEADERSHIP)
    return {"organisations": len(subjects) - leading, "collectives": leading}


def _rules_in_words(rules: YearRules) -> list[tuple[str, str, str]]:
    """The rules that will hold: id, title, and how far the text may be trusted."""
    by_id = {rule.id: rule for rule in load_rulebook().rules}
    known = [by_id[one] for _key, one in sorted(rules.ids.items()) if one in by_id]
    return [(rule.id, rule.title, rule.caution) for rule in known]
