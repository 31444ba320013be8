"""Pages of Sắp xếp tổ chức: the list, a new one, one reform from draft to undo, its files."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vungmanh.access.permissions import can, check_can
from vungmanh.core.errors import InputError, NotFound, NotNow
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import ReformState
from vungmanh.org.actions.reforms import discard_reform, draft_reform
from vungmanh.org.arranging import moved_since_drafted
from vungmanh.org.models import ArrangingDraft, Reform
from vungmanh.org.reform.queries import reform_visible, reforms_visible
from vungmanh.org.reform.steps import End, Merge, Split, steps_from_json
from vungmanh.org.reform.undo import blockers_of_undo
from vungmanh.outputs.reforms.actions import commit_reform_and_follow, undo_reform_and_follow
from vungmanh.outputs.reforms.consequences import consequences_workbook
from vungmanh.outputs.reforms.dry_run import consequences_of
from vungmanh.outputs.reforms.prepare import draft_from_workbook, template_for
from vungmanh.outputs.reforms.units import index_of
from vungmanh.outputs.reforms.write import write_reform_workbook
from vungmanh.strengthening.lineage_of_files import files_in_the_way
from vungmanh.web.access import answering, needs
from vungmanh.web.reforms import present
from vungmanh.web.reforms.forms import DecisionForm, UndoForm
from vungmanh.web.reforms.picks import picks_for
from vungmanh.web.requests import ViewerRequest

ON_A_PAGE = 25
PROBLEMS_SHOWN = 200
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs("org.reform.view", ahead=True)
@require_safe
def reforms(request: ViewerRequest) -> HttpResponse:
    """The reforms that touch what one sees, the latest first."""
    page = Paginator(reforms_visible(request.viewer), ON_A_PAGE).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "rows": page.object_list,
        "finding": present.list_finding(page.paginator.count),
        "may_draft": can(request.viewer, "org.reform.draft"),
    }
    return render(request, "reforms/reforms.html", context)


@needs("org.reform.draft", ahead=True)
@require_http_methods(["GET", "HEAD", "POST"])
def reform_new(request: ViewerRequest) -> HttpResponse:
    """A reform from a workbook, or an empty one to be drafted step by step."""
    if request.method == "POST" and "file" in request.FILES:
        return _from_workbook(request)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reform = draft_reform(steps=(), by=request.viewer, at=timezone.now(), **form.cleaned_data)
        return redirect("reform", reform.pk)
    return _new_page(request, form)


def _from_workbook(request: ViewerRequest, replaces: Reform | None = None) -> HttpResponse:
    file = request.FILES["file"]
    try:
        dropped = draft_from_workbook(
            data=file.read(),
            name=file.name or "sap-xep.xlsx",
            by=request.viewer,
            at=timezone.now(),
            replaces=replaces,
        )
    except InputError as error:
        return _new_page(request, DecisionForm(), refusal=error.message)
    if dropped.reform is None:
        return _new_page(request, DecisionForm(), problems=dropped.problems, rows=dropped.rows)
    return redirect("reform", dropped.reform.pk)


def _new_page(request: ViewerRequest, form: DecisionForm, **told: Any) -> HttpResponse:
    problems = told.pop("problems", ())
    context = {
        "form": form,
        "problems": problems[:PROBLEMS_SHOWN],
        "problem_count": len(problems),
        **told,
    }
    status = 422 if form.is_bound or problems or told.get("refusal") else 200
    with answering(request, ahead=True):
        return render(request, "reforms/new.html", context, status=status)


@needs("org.reform.draft", ahead=True)
@require_safe
def reform_template(request: ViewerRequest) -> HttpResponse:
    """The workbook filled in with the units as they are in the month looked at."""
    data = template_for(request.viewer, request.as_of)
    return _download(f"sap-xep-mau-{request.as_of:%Y-%m-%d}.xlsx", data)


@needs("org.reform.draft", ahead=True)
@require_safe
def reform_units(request: ViewerRequest) -> HttpResponse:
    """The units to choose from while a name is being typed."""
    besides = _uuid(request.GET.get("khong", ""))
    on = _day(request.GET.get("effective_on", "")) or timezone.localdate()
    draft = _uuid(request.GET.get("vao", ""))
    new_units = []
    if draft:
        reform = reform_visible(request.viewer, draft)
        on, new_units = reform.effective_on, present.new_units(steps_from_json(reform.steps))
    words = request.GET.get("target_words", "")[:200]
    picks = picks_for(request.viewer, words, on, besides=besides, new_units=new_units)
    return render(request, "reforms/unit_choices.html", {"picks": picks})


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


@needs("org.reform.view", ahead=True)
@require_http_methods(["GET", "HEAD", "POST"])
def reform(request: ViewerRequest, reform_id: UUID) -> HttpResponse:
    """One reform: what it would do or did; carry it out, take it back, throw it away."""
    one = reform_visible(request.viewer, reform_id)
    if request.method == "POST":
        act = _ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise InputError(_("Không rõ việc cần làm. Tải lại trang rồi bấm lại."))
        return act(request, one)
    return reform_page(request, one, UndoForm())


def reform_page(
    request: ViewerRequest, one: Reform, form: UndoForm, *, status: int = 200
) -> HttpResponse:
    """The page of a reform, whatever its state; the same when it answers what was posted."""
    with answering(request, ahead=True):
        steps = steps_from_json(one.steps)
        run = consequences_of(request.viewer, one)
        basis = ArrangingDraft.objects.filter(reform=one).first()
        moved = ""
        if basis is not None and present.is_open(one):
            moved = moved_since_drafted(request.viewer, basis, request.viewer.on)
        context = {
            "reform": one,
            "moved": moved,
            "form": form,
            "may_draft": can(request.viewer, "org.reform.draft"),
            "may_commit": can(request.viewer, "org.reform.commit"),
            "blockers": _blockers(request, one),
            "ends_units": any(isinstance(step, Merge | Split | End) for step in steps),
            "basis_of": basis,
            **present.page_of(request, one, steps, run),
        }
        return render(request, "reforms/reform.html", context, status=status)


def _blockers(request: ViewerRequest, one: Reform) -> list[str]:
    """What keeps a reform from being undone; it names people, and is for whoever may undo."""
    if one.state != ReformState.COMMITTED or not can(request.viewer, "org.reform.commit"):
        return []
    return [*blockers_of_undo(one), *files_in_the_way(one)]


def _commit(request: ViewerRequest, one: Reform) -> HttpResponse:
    followed = commit_reform_and_follow(
        reform_id=one.pk,
        basis=request.POST.get("basis", ""),
        by=request.viewer,
        at=timezone.now(),
    )
    messages.success(
        request,
        _("Đã thực hiện. Sổ nghĩa vụ và %s kỳ nhận diện đã được tính lại.")
        % number_vi(len(followed.assessed)),
    )
    return redirect("reform", one.pk)


def _undo(request: ViewerRequest, one: Reform) -> HttpResponse:
    check_can(request.viewer, "org.reform.commit")
    if present.is_open(one):
        raise NotNow(_("Việc sắp xếp chưa thực hiện, không có gì để hoàn tác."))
    form = UndoForm(request.POST)
    if not form.is_valid():
        return reform_page(request, one, form, status=422)
    undo_reform_and_follow(
        reform_id=one.pk, reason=form.cleaned_data["reason"], by=request.viewer, at=timezone.now()
    )
    messages.success(request, _("Đã hoàn tác: cơ cấu trở lại đúng như trước khi thực hiện."))
    return redirect("reform", one.pk)


def _discard(request: ViewerRequest, one: Reform) -> HttpResponse:
    discard_reform(reform_id=one.pk, by=request.viewer, at=timezone.now())
    messages.success(request, _("Đã bỏ dự thảo, chưa ghi gì vào sổ."))
    return redirect("reforms")


def _replace(request: ViewerRequest, one: Reform) -> HttpResponse:
    if "file" not in request.FILES:
        raise InputError(_("Chọn tệp rồi bấm lại."))
    return _from_workbook(request, replaces=one)


_ACTS = {"commit": _commit, "undo": _undo, "discard": _discard, "replace": _replace}


@needs("org.reform.view", ahead=True)
@require_safe
def reform_export(request: ViewerRequest, reform_id: UUID) -> HttpResponse:
    """The list of consequences as a workbook."""
    one = reform_visible(request.viewer, reform_id)
    run = consequences_of(request.viewer, one)
    if run is None:
        raise NotFound(_("Việc này có sẵn khi nạp sổ ban đầu nên không có danh mục hệ quả."))
    data = consequences_workbook(one, steps_from_json(one.steps), run)
    return _download(f"he-qua-sap-xep-{one.effective_on:%Y-%m-%d}.xlsx", data)


@needs("org.reform.view", ahead=True)
@require_safe
def reform_workbook(request: ViewerRequest, reform_id: UUID) -> HttpResponse:
    """The steps as the workbook that can be changed and dropped in again."""
    one = reform_visible(request.viewer, reform_id)
    before = one.effective_on - dt.timedelta(days=1)
    data = write_reform_workbook(
        title=one.title,
        document=one.document,
        signed_on=one.signed_on,
        effective_on=one.effective_on,
        steps=steps_from_json(one.steps),
        index=index_of(request.viewer, before),
    )
    return _download(f"sap-xep-{one.effective_on:%Y-%m-%d}.xlsx", data)


def _download(name: str, data: bytes) -> HttpResponse:
    return HttpResponse(
        data, content_type=_XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
