"""Drafting a programme, putting it forward, approving, sending back, summing up; reporting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vungmanh.access.permissions import check_can
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.programme_words import ProgrammeState
from vungmanh.strengthening import programme_reads as reads
from vungmanh.strengthening.actions import programme_endings as endings
from vungmanh.strengthening.actions import programmes as actions
from vungmanh.strengthening.actions.programme_hand import APPROVE, DRAFT
from vungmanh.strengthening.kinds_standing import kinds_standing
from vungmanh.strengthening.models import Programme
from vungmanh.web.access import answering, needs
from vungmanh.web.programmes import forms as sheets
from vungmanh.web.programmes import present
from vungmanh.web.programmes.left_open import gates_gone_by, left_rows
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
    today = timezone.localdate(now)
    there = kinds_standing(unit_id, today)
    form = sheets.ProgrammeForm(request.POST or None, on=today, there=there)
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
    """Write a draft anew and its targets as lines, all that was typed together."""
    with answering(request):
        one = reads.programme_visible(request.viewer, programme_id)
    today, act, data = timezone.localdate(), request.POST.get("act", ""), request.POST
    there = kinds_standing(one.unit_id, today)
    form = sheets.ProgrammeForm(data if "title" in data else None, known=one, on=today, there=there)
    rows = sheets.rows_of(one.targets.all())
    if act == "more":
        rows = sheets.more_rows(data)
    elif request.method == "POST":
        if "form-TOTAL_FORMS" in data:
            rows = sheets.TargetRows(data)
        fine = [part.is_valid() for part in (form, rows) if part.is_bound]
        if fine and all(fine) and _kept(request, one, form, rows):
            return redirect("programme", one.pk)
    with answering(request):
        is_open = one.state == ProgrammeState.DRAFT
        context = {**context_of(one, request), "form": form, "rows": rows, "is_open": is_open}
        # What was sent and refused still rests on the version that its page showed.
        context["read"] = request.POST.get("revision") or one.revision
        wrong = request.method == "POST" and act != "more"
        return render(request, "programmes/edit.html", context, status=422 if wrong else 200)


def _kept(request: ViewerRequest, one: Programme, form: sheets.ProgrammeForm, rows: Any) -> bool:
    """Keep what was sent, or nothing of it: the refusal stands at its field."""
    said = request.POST.get("revision", "")
    this: dict[str, Any] = {"programme_id": one.pk, "by": request.viewer, "at": timezone.now()}
    revision = int(said) if said.isdecimal() and len(said) < 10 else 0
    lines = sheets.targets_of(rows) if rows.is_bound else []
    told = []
    try:
        with transaction.atomic():
            if form.is_bound:
                found = actions.rewrite_programme(revision=revision, said=form.said(), **this)
                revision, told = found.revision, [_("Đã ghi bản thảo.")]
            if rows.is_bound:
                targets = [each for _place, each in lines]
                made = actions.set_targets(revision=revision, targets=targets, **this)
                told += [_("Đã ghi chỉ tiêu."), *present.starts_words(targets, made)]
    except REFUSED as error:
        if "[" in getattr(error, "field", "") or not form.is_bound:
            refused_line(rows, [place for place, _each in lines], error)
        else:
            refused(form, error)
        return False
    for words in told:
        messages.success(request, words)
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
    action: Callable[..., Programme | None]
    title: Any
    lead: Any
    button: Any
    told: Any
    leads_to: str = "programme"


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
            APPROVE, ProgrammeState.RUNNING, sheets.CloseForm, endings.close_programme,
            _("Tổng kết đề án"),
            _("Từ đó không lựa chọn thêm; hồ sơ đang mở vẫn theo dõi đến khi xong."),
            _("Ghi tổng kết"), _("Đã ghi tổng kết đề án."),
        ),
        "mo-lai": Doing(
            APPROVE, ProgrammeState.CLOSED, sheets.ReasonForm, endings.reopen_programme,
            _("Mở lại đề án"),
            _("Đề án trở lại đang thực hiện: lựa chọn và báo cáo tiếp; lý do giữ trong lịch sử."),
            _("Mở lại"), _("Đã mở lại đề án."),
        ),
        "xoa": Doing(
            DRAFT, draft, sheets.ReasonForm, endings.delete_draft, _("Xóa bản thảo"),
            _("Bản thảo mất cùng chỉ tiêu và mốc của nó; ai xóa và vì sao giữ trong nhật ký."),
            _("Xóa bản thảo"), _("Đã xóa bản thảo."), "strengthening",
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
                programme_id=programme_id, by=request.viewer, at=timezone.now(), **form.cleaned_data
            )
        except REFUSED as error:
            refused(form, error)
        else:
            messages.success(request, what.told)
            back = [one.pk] if what.leads_to == "programme" else []
            return redirect(what.leads_to, *back)
    with answering(request):
        context = {**context_of(one, request), "form": form, "doing": what}
        if doing == "tong-ket":
            context["left"] = left_rows(request.viewer, one, form, timezone.localdate())
        if doing in ("trinh", "duyet"):
            context["gone_by"] = gates_gone_by(one, timezone.localdate())
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
