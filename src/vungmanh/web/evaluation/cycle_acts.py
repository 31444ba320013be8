"""Acts on a whole cycle: deciding what is proposed, telling it, deadlines, who is in it, closing.

Both pages are for the committee of the cycle; the actions ask that again.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vungmanh.access.viewer import Viewer
from vungmanh.access.wall import lowered
from vungmanh.core.errors import Conflict, InputError, NotFound, NotNow, RuleBroken
from vungmanh.core.text import name_key, number_vi
from vungmanh.core.vocabulary import CycleState, DossierState
from vungmanh.evaluation.actions import cycles
from vungmanh.evaluation.actions.deciding import notify_cycle
from vungmanh.evaluation.models import Cycle, GradeDecision
from vungmanh.evaluation.models.dossiers import UNDECIDED
from vungmanh.outputs.gradings.issuing import deciding
from vungmanh.strengthening.actions.deciding import checked_cycle, decide_all_under_cap
from vungmanh.strengthening.year_deciding import CyclePlan, Planned, cycle_plan
from vungmanh.web.access import answering, needs
from vungmanh.web.evaluation import cycle_forms
from vungmanh.web.evaluation.cycle_forms import (
    AddForm,
    DecideAllForm,
    ProtectForm,
    RemoveForm,
    numbers_of,
)
from vungmanh.web.evaluation.dossier import by_rules
from vungmanh.web.evaluation.opening import OpeningForm
from vungmanh.web.evaluation.words import grade_labels
from vungmanh.web.requests import ViewerRequest

DECIDE = "evaluation.dossier.decide"


# --- deciding everything proposed ----------------------------------------------------------------


@dataclass(frozen=True)
class PlanRow:
    """One dossier in words. `is_apart`: it gets another grade than was proposed."""

    planned: Planned
    name: str
    proposed: str
    by_rules: str
    grade: str
    is_above: bool  # the grade would be better than criteria and conditions support

    @property
    def is_apart(self) -> bool:
        return self.grade != self.proposed


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DECIDE)
def cycle_decide(request: ViewerRequest, cycle_id: UUID) -> HttpResponse:
    """Everything proposed in a cycle, decided at once: looked through, confirmed, then written."""
    viewer, now = request.viewer, timezone.now()
    cycle = checked_cycle(cycle_id, viewer)
    form = DecideAllForm(numbers_of(cycle), request.POST if request.method == "POST" else None)
    mark = request.POST.get("mark", "")
    if form.is_valid() and mark:
        try:
            made = _decided(cycle, form, mark, viewer, now)
        except (InputError, NotNow, Conflict, RuleBroken) as error:
            field = getattr(error, "field", None)
            form.add_error(field if field in form.fields else None, error.message)
        else:
            said = _("Đã ghi %s quyết định, cùng số liệu và quy định đã dùng.")
            messages.success(request, said % number_vi(len(made)))
            return redirect("cycle", cycle.pk)
    with answering(request):
        override = form.override() if form.is_bound and form.is_valid() else ""
        plan = cycle_plan(cycle, viewer, at=now, override_reason=override)
        if form.is_bound and not form.errors and plan.wrong:
            form.add_error(None, _refused(plan))
        context = _deciding(cycle, plan, form)
        status = 422 if form.errors else 200
        return render(request, "evaluation/cycle_decide.html", context, status=status)


def _decided(
    cycle: Cycle, form: DecideAllForm, mark: str, by: Viewer, at: dt.datetime
) -> list[GradeDecision]:
    """With a number of the register where one was asked for, all or nothing."""
    return deciding(
        cycle,
        form.cleaned_data["numbered"],
        form.paper(),
        lambda paper: decide_all_under_cap(
            cycle_id=cycle.pk, paper=paper, override_reason=form.override(), mark=mark, by=by, at=at
        ),
        by=by, at=at, today=timezone.localdate(at),
    )  # fmt: skip


def _deciding(cycle: Cycle, plan: CyclePlan, form: DecideAllForm) -> dict[str, Any]:
    labels = grade_labels(cycle.year)
    rows = [_plan_row(one, labels) for one in plan.rows]
    counts = Counter(row.grade for row in rows)
    return {
        "cycle": cycle,
        "plan": plan,
        "form": form,
        "finding": _finding(plan, cycle.year),
        "rows": rows,
        "counts": [(name, counts[name]) for name in labels.values() if counts[name]],
        "above": sum(row.is_above for row in rows),
        "held": sum(bool(row.planned.held_back) for row in rows),
        "is_confirming": form.is_bound and not form.errors and bool(rows),
    }


def _plan_row(one: Planned, labels: dict[str, str]) -> PlanRow:
    said = by_rules(one.finding, labels)
    return PlanRow(
        planned=one,
        name=cycle_forms.name_of(one.dossier),
        proposed=labels.get(one.dossier.proposed_grade, ""),
        by_rules=said.words if said else _("Năm này chưa có bộ tiêu chí."),
        grade=labels.get(one.grade, one.grade),
        is_above=_is_above(one, list(labels)),
    )


def _is_above(one: Planned, order: list[str]) -> bool:
    """Whether the grade is better than any that the answers support or leave possible."""
    finding = one.finding.finding
    if finding is None or one.grade not in order:
        return False
    open_to = [finding.grade] if finding.grade else list(finding.possible)
    places = [order.index(grade) for grade in open_to if grade in order]
    return bool(places) and order.index(one.grade) < min(places)


def _finding(plan: CyclePlan, year: int) -> str:
    total = len(plan.rows)
    if not total:
        return _("Năm %s chưa có hồ sơ nào đã đề xuất đang chờ quyết định.") % year
    if plan.wrong:
        return _("%(all)s hồ sơ năm %(year)s chờ quyết định; %(wrong)s hồ sơ còn thiếu.") % {
            "all": number_vi(total), "year": year, "wrong": number_vi(len(plan.wrong)),
        }  # fmt: skip
    return _("%(all)s hồ sơ năm %(year)s đủ để quyết định.") % {
        "all": number_vi(total), "year": year,
    }  # fmt: skip


def _refused(plan: CyclePlan) -> str:
    said = _("Chưa quyết định được: %s hồ sơ còn thiếu. Sửa từng chỗ nêu ở bảng rồi làm lại.")
    return said % number_vi(len(plan.wrong))


# --- the cycle itself ----------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@needs(cycles.OPEN)
def cycle_manage(request: ViewerRequest, cycle_id: UUID) -> HttpResponse:
    """Tell the results, change deadlines and who is in the cycle, close it."""
    cycle = checked_cycle(cycle_id, request.viewer)
    act = request.POST.get("act", "")
    sent = _forms(cycle, act, request.POST)
    if request.method == "POST":
        form = sent.get(act, forms.Form(request.POST))
        if act in ACTS and form.is_valid() and _went_through(request, cycle, act, form):
            return redirect("cycle_manage", cycle.pk)
        return _managing(request, cycle, {**sent, act: form}, act, status=422)
    return _managing(request, cycle, sent, act)


def _forms(cycle: Cycle, act: str, posted: Any) -> dict[str, forms.Form]:
    """The forms of the page, the one that was sent with what was typed into it."""

    def data(name: str) -> Any:
        return posted if act == name else None

    kept = cycle.dossiers.filter(removed_at=None).order_by("pk")
    dossiers = sorted(kept, key=lambda one: name_key(one.name))
    days = {name: dt.date.fromisoformat(said) for name, said in cycle.deadlines.items()}
    return {
        "deadlines": OpeningForm(data("deadlines"), deadlines=days),
        "add": AddForm(cycle_forms.addable(cycle), data("add")),
        "remove": RemoveForm(cycle_forms.undecided(dossiers), data("remove")),
        "protect": ProtectForm(cycle_forms.countable(dossiers), data("protect")),
    }


Does = Callable[[Cycle, Any, Mapping[str, Any]], Any]


def _set_protected(_cycle: Cycle, form: Any, who: Mapping[str, Any]) -> Any:
    dossier_id, protected = form.which()
    reason = form.cleaned_data["reason"]
    return cycles.set_protected(dossier_id=dossier_id, protected=protected, reason=reason, **who)


def _add(cycle: Cycle, form: Any, who: Mapping[str, Any]) -> Any:
    unit_id, subject = form.which()
    reason = form.cleaned_data["reason"]
    return cycles.add_dossier(
        cycle_id=cycle.pk, unit_id=unit_id, subject=subject, reason=reason, **who
    )


def _remove(_cycle: Cycle, form: Any, who: Mapping[str, Any]) -> Any:
    said = form.cleaned_data
    return cycles.remove_dossier(dossier_id=UUID(said["chosen"]), reason=said["reason"], **who)


def _set_deadlines(cycle: Cycle, form: Any, who: Mapping[str, Any]) -> Any:
    return cycles.set_deadlines(cycle_id=cycle.pk, deadlines=form.deadlines(), **who)


ACTS: dict[str, Does] = {
    "notify": lambda cycle, _form, who: notify_cycle(cycle_id=cycle.pk, **who),
    "deadlines": _set_deadlines,
    "add": _add,
    "remove": _remove,
    "protect": _set_protected,
    "close": lambda cycle, _form, who: cycles.close_cycle(cycle_id=cycle.pk, **who),
}


def _went_through(request: ViewerRequest, cycle: Cycle, act: str, form: forms.Form) -> bool:
    try:
        ACTS[act](cycle, form, {"by": request.viewer, "at": timezone.now()})
    except (InputError, NotNow, Conflict, NotFound) as error:
        field = getattr(error, "field", None)
        form.add_error(field if field in form.fields else None, error.message)
        return False
    messages.success(request, _told(act))
    return True


def _told(act: str) -> str:
    return {
        "notify": _("Đã thông báo kết quả; tổ chức thấy mức của mình ngay."),
        "deadlines": _("Đã ghi hạn các bước."),
        "add": _("Đã thêm hồ sơ vào kỳ."),
        "remove": _("Đã đưa hồ sơ ra khỏi kỳ; điều đã ghi còn giữ."),
        "protect": _("Đã ghi cách tính hồ sơ này vào tỷ lệ."),
        "close": _("Đã đóng kỳ xếp loại."),
    }[act]


def _managing(
    request: ViewerRequest, cycle: Cycle, found: dict[str, forms.Form], act: str, *,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    with answering(request):
        with lowered():  # a unit that has gone over to another committee is still on the list
            rows = cycle.dossiers.filter(removed_at=None)
            states = Counter(rows.values_list("state", flat=True))
        left = sum(states[state.value] for state in UNDECIDED)
        waiting = states[DossierState.DECIDED.value]
        context = {
            "cycle": cycle,
            "forms": found,
            "sent": found.get(act),
            "act": act,
            "is_open": cycle.state == CycleState.OPEN,
            "left": left,
            "waiting": waiting,
            "finding": _state_of(cycle, left, waiting),
            "removed": sorted(
                cycle.dossiers.exclude(removed_at=None), key=lambda one: name_key(one.name)
            ),
        }
        return render(request, "evaluation/cycle_manage.html", context, status=status)


def _state_of(cycle: Cycle, left: int, waiting: int) -> str:
    if cycle.state != CycleState.OPEN:
        return _("Kỳ xếp loại năm %s đã đóng.") % cycle.year
    return _("Kỳ năm %(year)s: %(left)s hồ sơ chưa quyết định, %(waiting)s chờ thông báo.") % {
        "year": cycle.year, "left": number_vi(left), "waiting": number_vi(waiting),
    }  # fmt: skip
