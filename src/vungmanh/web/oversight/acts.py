"""Making a plan of overseers, changing a line, putting it forward, approving, withdrawing."""

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
from vungmanh.core.errors import NotFound
from vungmanh.core.programme_words import PlanState
from vungmanh.core.vocabulary import Reach
from vungmanh.org.queries import visible_unit
from vungmanh.strengthening.actions import oversight as actions
from vungmanh.strengthening.actions.oversight_hand import walls_now
from vungmanh.strengthening.assigning import given_of, price_of
from vungmanh.strengthening.assigning_reads import READ, plan_visible
from vungmanh.strengthening.assigning_records import candidates_of, cells_standing, most_cells
from vungmanh.strengthening.choosing import named
from vungmanh.strengthening.models import OversightPlan, PlannedOversight
from vungmanh.web.access import answering, needs
from vungmanh.web.oversight import forms as sheets
from vungmanh.web.oversight.views import head_of, names_of, price_words
from vungmanh.web.programmes.acts import REFUSED, refused
from vungmanh.web.programmes.forms import ApproveForm
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.tasks.asking import uuid_of

MOST_TICKS = 300  #: more cells than one can tick are chosen by their kind
NOBODY = "khong"


@require_http_methods(["GET", "HEAD", "POST"])
@needs(actions.PLAN, ahead=True)
def oversight_new(request: ViewerRequest) -> HttpResponse:
    """Make a plan of the committee in which one holds the role; ?chi-bo= for one cell."""
    viewer, now = request.viewer, timezone.now()
    unit_id = next(iter(viewer.units_with(Reach.UNIT_AND_BELOW)), None)
    if unit_id is None:
        raise NotFound(_("Không tìm thấy cấp ủy của đồng chí."))
    with answering(request, ahead=True):
        version = visible_unit(viewer, unit_id, viewer.on)
        form = _plan_form(request, unit_id)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.draft_plan(unit_id=unit_id, asked=form.asked(), by=viewer, at=now)
        except REFUSED as error:
            refused(form, error)
        else:
            messages.success(request, _("Đã lập bản thảo; xem lại từng chi bộ rồi trình."))
            return redirect("oversight_plan", made.pk)
    with answering(request, ahead=True):
        status = 422 if form.errors else 200
        context = {"form": form, "version": version, "most": form.most}
        return render(request, "oversight/new.html", context, status=status)


def _plan_form(request: ViewerRequest, unit_id: UUID) -> sheets.PlanForm:
    """The form with the people and cells of the committee as they stand today."""
    today = timezone.localdate()
    standing = cells_standing(unit_id, today, today)
    names = named(standing, today)
    asked = uuid_of(request.GET.get("chi-bo"))
    ticked = asked if asked in standing else None
    shown = [unit for unit in names if len(names) <= MOST_TICKS or unit == ticked]
    marks = {True: _(" (đang củng cố hoặc cần củng cố)"), False: ""}
    return sheets.PlanForm(
        request.POST if request.method == "POST" else None,
        people=candidates_of(unit_id, today),
        cells=[(str(unit), names[unit] + marks[standing[unit].is_hard]) for unit in shown],
        names=names,
        most=most_cells(today),
        first=today,
        ticked=ticked,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(actions.PLAN, ahead=True)
def oversight_line(request: ViewerRequest, plan_id: UUID, line_id: int) -> HttpResponse:
    """Give one cell to somebody else: choose (?nguoi=), see the price, then say why."""
    with answering(request, ahead=True):
        one = plan_visible(request.viewer, plan_id)
        line = one.lines.select_related("overseer", "planned").filter(pk=line_id).first()
    if line is None:
        raise NotFound(_("Kế hoạch này không có dòng ấy."))
    chosen = request.POST.get("nguoi", request.GET.get("nguoi", ""))
    overseer = None if chosen == NOBODY else uuid_of(chosen)
    form = sheets.LineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_line(
                plan_id=one.pk, revision=_revision(request), unit_id=line.unit_id,
                overseer_id=overseer, reason=form.cleaned_data["reason"], by=request.viewer,
                at=timezone.now(),
            )  # fmt: skip
        except REFUSED as error:
            refused(form, error)
        else:
            messages.success(request, _("Đã đổi; kế hoạch giữ cả đề nghị của máy và lý do."))
            return redirect("oversight_plan", one.pk)
    with answering(request, ahead=True):
        context = {**_line_context(request, one, line, chosen, overseer), "form": form}
        return render(request, "oversight/line.html", context, status=422 if form.errors else 200)


def _line_context(
    request: ViewerRequest, one: OversightPlan, line: PlannedOversight, chosen: str,
    overseer: UUID | None,
) -> dict[str, Any]:  # fmt: skip
    """Who may be chosen, and what the choice costs; what bars it, with the way out."""
    names = names_of(one)
    people = [(each["id"], names.get(each["id"], "")) for each in one.inputs["overseers"]]
    known = {key for key, _name in people}
    is_choice = chosen == NOBODY or (overseer is not None and str(overseer) in known)
    is_other = is_choice and overseer != line.overseer_id
    context: dict[str, Any] = {
        **head_of(one, request.viewer),
        "line": line,
        "cell": names.get(str(line.unit_id), ""),
        "people": [*sorted(people, key=lambda each: each[1]), (NOBODY, _("không ai"))],
        "chosen": chosen,
        "chosen_name": names.get(str(overseer), _("không ai")),
        "is_open": one.state == PlanState.DRAFT,
        "is_other": is_other,
    }
    if is_other and context["is_open"]:
        walls = walls_now(one, timezone.now())
        context["barred"] = walls.why_not(line.unit_id, overseer)
        price = price_of(one, given_of(one) | {line.unit_id: overseer})
        context |= price_words(price, names)
    return context


def _revision(request: ViewerRequest) -> int:
    said = request.POST.get("revision", "")
    return int(said) if said.isdecimal() and len(said) < 9 else 0


# --- acts with a confirmation --------------------------------------------------------------------


@dataclass(frozen=True)
class Doing:
    """One act: who may, when, what it asks for, what is said."""

    permission: str
    states: tuple[PlanState, ...]
    form: Callable[[Any], forms.Form]
    action: Callable[..., OversightPlan]
    title: Any
    lead: Any
    button: Any
    told: Any


def _doings(one: OversightPlan) -> dict[str, Doing]:
    """By the word of the address, in the words of whoever reads."""
    draft, asked, held = PlanState.DRAFT, PlanState.SUBMITTED, PlanState.APPROVED
    is_held = one.state == held
    return {
        "trinh": Doing(
            actions.PLAN, (draft,), forms.Form, actions.submit_plan, _("Trình kế hoạch phân công"),
            _("Trình rồi thì không đổi được cho đến khi được trả lại. Người trình không duyệt."),
            _("Trình duyệt"), _("Đã trình; chờ ban thường vụ duyệt."),
        ),
        "duyet": Doing(
            actions.APPROVE, (asked,), ApproveForm, actions.approve_plan,
            _("Duyệt kế hoạch phân công"),
            _("Từ ngày đầu của kế hoạch, người cũ thôi phụ trách và người mới bắt đầu; dòng giữ "
              "nguyên thì đi tiếp, không bắt đầu lại."),
            _("Duyệt, ghi quyết định"), _("Đã duyệt; phân công có hiệu lực theo ngày đã ghi."),
        ),
        "tra-lai": Doing(
            actions.APPROVE, (asked,), sheets.LineForm, actions.return_plan,
            _("Trả lại kế hoạch phân công"), _("Kế hoạch trở lại bản thảo để sửa, kèm lý do."),
            _("Trả lại"), _("Đã trả lại để sửa."),
        ),
        "rut": Doing(
            actions.APPROVE if is_held else actions.PLAN, (draft, asked, held),
            lambda data: sheets.WithdrawForm(data, is_approved=is_held), actions.withdraw_plan,
            _("Rút kế hoạch phân công"),
            _("Người mới được giao thôi phụ trách từ ngày đã chọn; ai giữ chi bộ từ trước vẫn giữ, "
              "người đã thôi không tự trở lại.")
            if is_held else _("Kế hoạch không dùng nữa nhưng vẫn đọc được, kèm lý do."),
            _("Rút kế hoạch"), _("Đã rút kế hoạch."),
        ),
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@needs(READ, ahead=True)
def oversight_act(request: ViewerRequest, plan_id: UUID, doing: str) -> HttpResponse:
    """One act on a plan, looked at and confirmed."""
    with answering(request, ahead=True):
        one = plan_visible(request.viewer, plan_id)
    what = _doings(one).get(doing)
    if what is None:
        raise NotFound(_("Không có trang này."))
    check_can(request.viewer, what.permission)
    form = what.form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said: dict[str, Any] = {"by": request.viewer, "at": timezone.now(), **form.cleaned_data}
        try:
            what.action(plan_id=one.pk, revision=_revision(request), **said)
        except REFUSED as error:
            refused(form, error)
        else:
            messages.success(request, what.told)
            return redirect("oversight_plan", one.pk)
    with answering(request, ahead=True):
        head = head_of(one, request.viewer)
        may = any(href.endswith(f"/viec/{doing}/") for _words, href, _main in head["acts"])
        context = {**head, "form": form, "doing": what, "may": may}
        status = 422 if form.errors else 200
        return render(request, "oversight/act.html", context, status=status)
