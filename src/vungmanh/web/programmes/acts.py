"""Drafting a programme, putting it forward, approving, sending back, summing up; reporting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.programme_words import ProgrammeState
from vungmanh.strengthening import programme_reads as reads
from vungmanh.strengthening.actions import programmes as actions
from vungmanh.strengthening.actions.programme_hand import APPROVE, DRAFT
from vungmanh.strengthening.models import Programme
from vungmanh.web.access import answering, needs
from vungmanh.web.programmes import forms as sheets
from vungmanh.web.programmes.views import context_of
from vungmanh.web.requests import ViewerRequest

REFUSED = (InputError, NotNow, NotAllowed, Conflict)


def refused(form: forms.Form, error: Any) -> None:
    """Put the refusal of an action at its field, or above the form."""
    field = getattr(error, "field", "")
    form.add_error(field if field in form.fields else None, error.message)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DRAFT)
def programme_new(request: ViewerRequest) -> HttpResponse:
    """Begin a programme of the committee in which one holds the role."""
    viewer, now = request.viewer, timezone.now()
    unit_id = viewer.unit_id
    assert unit_id is not None, "whoever drafts programmes holds a role in a unit"
    form = sheets.ProgrammeForm(request.POST or None, on=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.draft_programme(unit_id=unit_id, said=form.said(), by=viewer, at=now)
        except REFUSED as error:
            refused(form, error)
        else:
            messages.success(request, _("Đã lập bản thảo với các mốc của mẫu. Ghi chỉ tiêu tiếp."))
            return redirect("programme_edit", made.pk)
    with answering(request):
        status = 422 if form.errors else 200
        return render(request, "programmes/edit.html", {"form": form, "one": None}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DRAFT)
def programme_edit(request: ViewerRequest, programme_id: UUID) -> HttpResponse:
    """Write a draft anew, and its targets as lines; each part is kept by itself."""
    with answering(request):
        one = reads.programme_visible(request.viewer, programme_id)
    today, act = timezone.localdate(), request.POST.get("act", "")
    form, rows = sheets.ProgrammeForm(known=one, on=today), sheets.rows_of(one.targets.all())
    if act == "more":
        rows = sheets.more_rows(request.POST)
    elif act == "targets":
        rows = sheets.TargetRows(request.POST)
        if rows.is_valid() and _targets_kept(request, one, rows):
            return redirect("programme", one.pk)
    elif request.method == "POST":
        form = sheets.ProgrammeForm(request.POST, known=one, on=today)
        if form.is_valid() and _rewritten(request, one, form):
            return redirect("programme_edit", one.pk)
    with answering(request):
        is_open = one.state == ProgrammeState.DRAFT
        context = {**context_of(one, request), "form": form, "rows": rows, "is_open": is_open}
        # What was sent and refused still rests on the version that its page showed.
        context["read"] = request.POST.get("revision") or one.revision
        wrong = request.method == "POST" and act != "more"
        return render(request, "programmes/edit.html", context, status=422 if wrong else 200)


def _revision(request: ViewerRequest) -> int:
    """Which version the page showed that was sent."""
    said = request.POST.get("revision", "")
    return int(said) if said.isdecimal() and len(said) < 10 else 0


def _rewritten(request: ViewerRequest, one: Programme, form: sheets.ProgrammeForm) -> bool:
    try:
        actions.rewrite_programme(
            programme_id=one.pk, revision=_revision(request), said=form.said(),
            by=request.viewer, at=timezone.now(),
        )  # fmt: skip
    except REFUSED as error:
        refused(form, error)
        return False
    messages.success(request, _("Đã ghi bản thảo."))
    return True


def _targets_kept(request: ViewerRequest, one: Programme, rows: Any) -> bool:
    """Keep the targets; what is refused of a line stands at its field."""
    said = sheets.targets_of(rows)
    try:
        actions.set_targets(
            programme_id=one.pk, revision=_revision(request), by=request.viewer,
            targets=[each for _place, each in said], at=timezone.now(),
        )  # fmt: skip
    except REFUSED as error:
        refused_line(rows, [place for place, _each in said], error)
        return False
    messages.success(request, _("Đã ghi chỉ tiêu."))
    return True


def refused_line(rows: Any, places: Sequence[int], error: Any) -> None:
    """Put the refusal of "targets[2].text" at that field of the second line that was sent; of
    anything else above the first line. `places`: where on the page each sent line stands."""
    _list, _bracket, rest = getattr(error, "field", "").partition("[")
    number, _dot, field = rest.partition("].")
    line = int(number) if number.isdecimal() else 0
    row = rows[places[line - 1]] if 0 < line <= len(places) else rows[0]
    row.add_error(field if field in row.fields else None, error.message)


# --- acts with a confirmation --------------------------------------------------------------------


@dataclass(frozen=True)
class Doing:
    """One act: who may, when, what it asks for, what is said."""

    permission: str
    state: ProgrammeState
    form: Callable[[Any], forms.Form]
    action: Callable[..., Programme]
    title: Any
    lead: Any
    button: Any
    told: Any


def _doings() -> dict[str, Doing]:
    """By the word of the address, in the words of whoever reads."""
    draft, asked = ProgrammeState.DRAFT, ProgrammeState.SUBMITTED
    return {
        "trinh": Doing(
            DRAFT, draft, forms.Form, actions.submit_programme, _("Trình duyệt đề án"),
            _("Trình rồi thì không sửa được cho đến khi được trả lại. Người trình không duyệt."),
            _("Trình duyệt"), _("Đã trình; chờ thường vụ cấp ủy duyệt."),
        ),
        "duyet": Doing(
            APPROVE, asked, sheets.ApproveForm, actions.approve_programme,
            _("Duyệt đề án"),
            _("Duyệt rồi đề án bắt đầu thực hiện: các cấp lựa chọn và báo cáo theo mốc."),
            _("Duyệt, ghi quyết định"), _("Đã duyệt; đề án đang thực hiện."),
        ),
        "tra-lai": Doing(
            APPROVE, asked, sheets.ReasonForm, actions.return_programme,
            _("Trả lại đề án"), _("Đề án trở lại bản thảo để sửa; lý do giữ trong lịch sử."),
            _("Trả lại"), _("Đã trả lại để sửa."),
        ),
        "tong-ket": Doing(
            APPROVE, ProgrammeState.RUNNING, sheets.CloseForm, actions.close_programme,
            _("Tổng kết đề án"),
            _("Từ đó không lựa chọn thêm; hồ sơ đang mở vẫn theo dõi đến khi xong."),
            _("Ghi tổng kết"), _("Đã ghi tổng kết đề án."),
        ),
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@needs(reads.VIEW)
def programme_act(request: ViewerRequest, programme_id: UUID, doing: str) -> HttpResponse:
    """One act on a programme, looked at and confirmed."""
    what = _doings().get(doing)
    if what is None:
        raise NotFound(_("Không có trang này."))
    with answering(request):
        one = reads.programme_visible(request.viewer, programme_id)
    check_can(request.viewer, what.permission)
    form = what.form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            what.action(
                programme_id=one.pk, by=request.viewer, at=timezone.now(), **form.cleaned_data
            )
        except REFUSED as error:
            refused(form, error)
        else:
            messages.success(request, what.told)
            return redirect("programme", one.pk)
    with answering(request):
        context = {**context_of(one, request), "form": form, "doing": what}
        context["barred"] = _barred(request, one, what)
        status = 422 if form.errors else 200
        return render(request, "programmes/act.html", context, status=status)


def _barred(request: ViewerRequest, one: Programme, what: Doing) -> str:
    """Why nothing can be done here now; "" where it can."""
    if not reads.is_of_committee(request.viewer, one.unit_id):
        return _("Chỉ người của chính cấp ủy có đề án làm được việc này.")
    if one.state != what.state:
        return _("Đề án %(state)s; không làm được việc này lúc này.") % {
            "state": _(ProgrammeState(one.state).label).lower()
        }
    return ""
