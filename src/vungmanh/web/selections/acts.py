"""Acts on a selection: run, put forward, take back, decide, decide otherwise, appeal and answer."""

from __future__ import annotations

from collections.abc import Callable
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

from vungmanh.access.permissions import check_can
from vungmanh.analysis.choosing import Why
from vungmanh.core.errors import NotFound
from vungmanh.core.periods import last_day
from vungmanh.core.programme_words import ProgrammeState, SelectionState
from vungmanh.org.queries import visible_unit
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.programme_wording import selection_lines
from vungmanh.rulebook.values.programmes import SelectionRule
from vungmanh.strengthening import selection_reads as reads
from vungmanh.strengthening.actions.choosing import (
    DECIDE,
    RUN,
    return_selection,
    run_selection,
    submit_selection,
    withdraw_selection,
)
from vungmanh.strengthening.actions.choosing_appeals import APPEAL, answer_appeal, appeal
from vungmanh.strengthening.actions.choosing_checks import check_day
from vungmanh.strengthening.actions.choosing_hand import planned_of
from vungmanh.strengthening.actions.deciding_selection import decide_and_open
from vungmanh.strengthening.choosing import named
from vungmanh.strengthening.models import AssessmentRun, Programme, Selection
from vungmanh.strengthening.programme_reads import is_of_committee, programme_visible
from vungmanh.web.access import answering, needs
from vungmanh.web.programmes.acts import REFUSED, refused
from vungmanh.web.programmes.forms import ApproveForm
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.selections import forms as sheets
from vungmanh.web.selections import table, told
from vungmanh.web.selections.views import read_table

MONTHS_OFFERED = 36


@require_http_methods(["GET", "HEAD", "POST"])
@needs(RUN)
def selection_new(request: ViewerRequest, programme_id: UUID) -> HttpResponse:
    """Compute who would be chosen: places, overseers, least numbers, the grey zone."""
    viewer, now = request.viewer, timezone.now()
    unit_id = viewer.unit_id
    assert unit_id is not None, "whoever runs selections holds a role in a unit"
    with answering(request):
        one = programme_visible(viewer, programme_id)
        rule = load_rulebook().on(viewer.on).rule(SelectionRule.key)
        name = named([unit_id], viewer.on).get(unit_id, "")
        planned = planned_of(one, visible_unit(viewer, unit_id, viewer.on).kind)
    said = load_rulebook().on(viewer.on).of(SelectionRule)
    form = _new_form(request, one, said, planned)
    if request.method == "POST" and form.is_valid():
        try:
            made = run_selection(
                programme_id=one.pk, unit_id=unit_id, year=form.cleaned_data["year"],
                month=form.cleaned_data["month"], asked=form.asked(), grounds=form.grounds(),
                by=viewer, at=now,
            )  # fmt: skip
        except REFUSED as error:
            refused(form, error)
        else:
            messages.success(request, _("Đã lập danh sách đề nghị. Xem từng nơi rồi trình."))
            return redirect("selection", made.pk)
    with answering(request):
        context = {
            "one": one,
            "form": form,
            "name": name,
            "rule": rule,
            "lines": selection_lines(said),
            "is_running": one.state == ProgrammeState.RUNNING,
            "months": form.fields["month"].choices,  # type: ignore[attr-defined]
        }
        status = 422 if form.errors else 200
        return render(request, "selections/new.html", context, status=status)


def _new_form(
    request: ViewerRequest, one: Programme, rule: SelectionRule, planned: int | None
) -> sheets.SelectionForm:
    runs = AssessmentRun.objects.order_by("-month").values_list("month", flat=True)
    this = request.viewer.on.year
    years = [year for year in (this, this + 1) if one.first_year <= year <= one.last_year]
    return sheets.SelectionForm(
        request.POST if request.method == "POST" else None,
        years=sorted(years, key=lambda year: (year != this, year)),
        months=list(runs[:MONTHS_OFFERED]),
        grey=rule.grey,
        planned=planned,
    )


# --- acts with a confirmation --------------------------------------------------------------------


@dataclass(frozen=True)
class Doing:
    """One act: who may, when, what it asks for, what is said."""

    permission: str
    states: frozenset[SelectionState]
    form: Callable[[Any], forms.Form]
    action: Callable[..., Selection]
    title: str
    lead: str
    button: str
    told: str


def _doings() -> dict[str, Doing]:
    """By the word of the address, in the words of whoever reads."""
    draft, asked = SelectionState.DRAFT, SelectionState.SUBMITTED
    return {
        "trinh": Doing(
            RUN, frozenset({draft}), forms.Form, submit_selection, _("Trình danh sách"),
            _("Trình cả bảng, các nơi hết chỗ và vùng sát ngưỡng. Người trình không quyết định."),
            _("Trình danh sách"), _("Đã trình; chờ thường vụ cấp ủy quyết định."),
        ),
        "quyet-dinh": Doing(
            DECIDE, frozenset({asked}), ApproveForm, decide_and_open, _("Quyết định lựa chọn"),
            _("Ghi quyết định thì mỗi nơi được chọn có ngay một hồ sơ củng cố, điều kiện ra khỏi "
              "diện giữ cố định từ ngày ấy."),
            _("Quyết định, lập hồ sơ"), _("Đã quyết định; hồ sơ củng cố của từng nơi đã lập."),
        ),
        "rut": Doing(
            RUN, frozenset({draft, asked}), sheets.ReasonForm, withdraw_selection,
            _("Rút danh sách"), _("Danh sách đã rút vẫn đọc được, cùng số gốc bốc thăm của nó."),
            _("Rút lại"), _("Đã rút danh sách."),
        ),
        "tra-lai": Doing(
            DECIDE, frozenset({asked}), sheets.ReturnForm, return_selection,
            _("Trả lại danh sách"),
            _("Danh sách về lại người trình, kèm lý do; sửa xong thì trình lại. Quyết định khác đã "
              "ghi vẫn giữ."),
            _("Trả lại"), _("Đã trả lại danh sách cho người trình."),
        ),
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@needs(reads.VIEW)
def selection_act(request: ViewerRequest, selection_id: UUID, doing: str) -> HttpResponse:
    """One act on a selection, with the list it is about, confirmed."""
    what = _doings().get(doing)
    if what is None:
        raise NotFound(_("Không có trang này."))
    with answering(request):
        one = reads.selection_visible(request.viewer, selection_id)
    check_can(request.viewer, what.permission)
    form = what.form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        _check_day(form, one)
    if request.method == "POST" and form.is_valid():
        try:
            what.action(
                selection_id=one.pk, by=request.viewer, at=timezone.now(), **form.cleaned_data
            )
        except REFUSED as error:
            refused(form, error)
        else:
            messages.success(request, what.told)
            return redirect("selection", one.pk)
    with answering(request):
        inputs, rows = read_table(one)
        is_anew, moved = told.moved(one, rows)
        context = {
            "one": one,
            "form": form,
            "doing": what,
            "is_anew": is_anew,
            "moved": moved,
            "beside": told.beside(request.viewer, rows),
            "barred": barred(request, one, what.states),
            "rows": [row for row in rows if row.is_in],
            "to_verify": [row for row in rows if row.why is Why.VERIFY and not row.is_in],
            "verify_days": inputs.rule.get("verify_days", 0),
        }
        status = 422 if form.errors else 200
        return render(request, "selections/act.html", context, status=status)


def _check_day(form: forms.Form, one: Selection) -> None:
    """Tell of a day that cannot be, together with what else is wrong on the form."""
    if form.errors and "decided_on" in form.cleaned_data and one.submitted_at:
        try:
            check_day(one, form.cleaned_data["decided_on"], timezone.localdate())
        except REFUSED as error:
            refused(form, error)


def barred(request: ViewerRequest, one: Selection, states: frozenset[SelectionState]) -> str:
    """Why nothing can be done here now; "" where it can."""
    if not is_of_committee(request.viewer, one.unit_id):
        return _("Chỉ người của chính cấp ủy lập danh sách làm được việc này.")
    if one.state not in states:
        return _("Danh sách %(state)s; không làm được việc này lúc này.") % {
            "state": _(SelectionState(one.state).label).lower()
        }
    return ""


# --- appeals -------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@needs(APPEAL)
def choice(request: ViewerRequest, choice_id: int) -> HttpResponse:
    """What a chosen unit may read of being chosen, and its appeal."""
    viewer = request.viewer
    with answering(request):
        seen = reads.choice_visible(viewer, choice_id)
        name = named([seen.choice.unit_id], viewer.on).get(seen.choice.unit_id, "")
    is_own = seen.choice.unit_id in {grant.unit_id for grant in viewer.grants}
    waits = any(one.answered_at is None for one in seen.appeals)
    may = is_own and not waits and seen.choice.withdrawn_at is None and viewer.on <= seen.until
    form = sheets.AppealForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            appeal(
                selection_id=seen.choice.selection_id, unit_id=seen.choice.unit_id,
                text=form.cleaned_data["text"], by=viewer, at=timezone.now(),
            )  # fmt: skip
        except REFUSED as error:
            refused(form, error)
        else:
            messages.success(request, _("Đã gửi kiến nghị; nơi quyết định sẽ trả lời ở đây."))
            return redirect("choice", seen.choice.pk)
    with answering(request):
        context = {
            "seen": seen,
            "name": name,
            "sentence": table.own_sentence(seen.row, seen.rule, seen.choice.way)
            if seen.row
            else "",
            "facts": table.facts(seen.row) if seen.row else "",
            "form": form if may else None,
            "is_own": is_own,
        }
        status = 422 if form.errors else 200
        return render(request, "selections/choice.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DECIDE)
def appeal_answer(request: ViewerRequest, appeal_id: UUID) -> HttpResponse:
    """Answer what a chosen unit said; where it is granted the choice is withdrawn."""
    with answering(request):
        asked = reads.appeal_visible(request.viewer, appeal_id)
        day = last_day(asked.selection.month)
        name = named([asked.unit_id], day).get(asked.unit_id, "")
    was_chosen = asked.selection.choices.filter(unit_id=asked.unit_id).exists()
    form = sheets.AnswerForm(
        request.POST if request.method == "POST" else None, was_chosen=was_chosen
    )
    if request.method == "POST" and form.is_valid():
        try:
            answer_appeal(
                appeal_id=asked.pk, is_granted=form.cleaned_data["granted"] == sheets.YES,
                answer=form.cleaned_data["answer"], by=request.viewer, at=timezone.now(),
            )  # fmt: skip
        except REFUSED as error:
            refused(form, error)
        else:
            messages.success(request, _("Đã trả lời kiến nghị."))
            return redirect("selection", asked.selection_id)
    with answering(request):
        may = asked.answered_at is None and is_of_committee(request.viewer, asked.selection.unit_id)
        context = {"asked": asked, "name": name, "form": form if may else None}
        status = 422 if form.errors else 200
        return render(request, "selections/answer.html", context, status=status)
