"""Việc: what is to be done now, one task with its history, giving one, and the list as a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.core.vocabulary import Role, TaskState
from vungmanh.meetings.actions.tasks import (
    GIVE,
    REPORT,
    TaskConflict,
    close_task,
    drop_task,
    give_task,
    reopen_task,
    report_task,
)
from vungmanh.meetings.inspections import inspection_visible
from vungmanh.meetings.models import Task
from vungmanh.meetings.reads import meeting_visible
from vungmanh.meetings.resolutions import waiting_receipts
from vungmanh.meetings.task_listing import (
    TaskFilter,
    TaskStage,
    at_stage,
    listed_tasks,
    stage_counts,
)
from vungmanh.meetings.task_rules import Share
from vungmanh.meetings.tasks import answers_for, reports_for, reviewed_share, task_visible
from vungmanh.org.queries import units_visible, visible_unit
from vungmanh.outputs.task_export import tasks_workbook
from vungmanh.web.access import answering, needs
from vungmanh.web.attachments.present import files_of
from vungmanh.web.people.forms import ReasonForm
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.tasks import present
from vungmanh.web.tasks import resolution_present as told_of
from vungmanh.web.tasks.asking import VIEW, done, uuid_of
from vungmanh.web.tasks.forms import CloseForm, ReportForm, TaskForm, report_form

ON_A_PAGE, MOST_EXPORTED = 50, 20_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@needs(VIEW)
def tasks(request: ViewerRequest) -> HttpResponse:
    """What must be done now: what waits to be received, then the tasks by how pressing they are."""
    viewer, today = request.viewer, timezone.localdate()
    chosen, kept = _filter(request)
    found = listed_tasks(viewer, chosen, today)
    counts = stage_counts(found, today)
    stage = _stage(request, counts)
    page = Paginator(_staged(found, stage, today), ON_A_PAGE).get_page(request.GET.get("trang"))
    waiting = told_of.waiting_rows(waiting_receipts(viewer, today)) if not kept else []
    context = {
        "finding": present.finding_of_list(counts, len(waiting)),
        "reviewed": present.reviewed_words(_reviewed(viewer, today)),
        "waiting": waiting if can(viewer, REPORT) else [],
        "tabs": present.stage_tabs(counts, stage, kept),
        "stage": stage,
        "chosen": chosen,
        "below": visible_unit(viewer, chosen.below, today) if chosen.below else None,
        "kept": kept,
        "page": page,
        "rows": present.task_rows(page.object_list, today),
        "many_units": units_visible(viewer, today)[:2].count() > 1,
        "may_give": can(viewer, GIVE),
        "query": request.GET.urlencode(),
    }
    return render(request, "tasks/list.html", context)


def _reviewed(viewer: Viewer, on: dt.date) -> Share | None:
    """What a meeting held today would find done, for whoever leads one cell."""
    if viewer.role is not Role.CELL_SECRETARY or viewer.unit_id is None:
        return None
    return reviewed_share(viewer.unit_id, on)


def _filter(request: ViewerRequest) -> tuple[TaskFilter, list[tuple[str, str]]]:
    """The filter of the address, and the parameters that keep it."""
    asked = request.GET
    chosen = TaskFilter(
        words=asked.get("q", "")[:100],
        below=uuid_of(asked.get("don-vi")),
        own=asked.get("pham-vi") == "minh",
        resolution=uuid_of(asked.get("nq")),
        origin=uuid_of(asked.get("tu")),
    )
    names = ("q", "don-vi", "pham-vi", "nq", "tu")
    return chosen, [(name, asked[name]) for name in names if asked.get(name)]


def _stage(request: ViewerRequest, counts: dict[TaskStage, int]) -> TaskStage:
    asked = request.GET.get("gd", "")
    if asked in set(TaskStage):
        return TaskStage(asked)
    return next((stage for stage in TaskStage if counts[stage]), TaskStage.THIS_MONTH)


def _staged(found: QuerySet[Task], stage: TaskStage, on: dt.date) -> QuerySet[Task]:
    return at_stage(found, stage, on).select_related("resolution")


@require_safe
@needs(VIEW)
def tasks_export(request: ViewerRequest) -> HttpResponse:
    """The list as it is filtered, every stage, as a workbook."""
    viewer, today = request.viewer, timezone.localdate()
    chosen, _kept = _filter(request)
    found = listed_tasks(viewer, chosen, today).select_related("resolution")
    counts = stage_counts(found, today)
    rows = present.task_rows(found.order_by("due_on", "id")[:MOST_EXPORTED], today)
    content = tasks_workbook(rows, finding=present.finding_of_list(counts, 0), on=today)
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="viec-{today:%Y-%m-%d}.xlsx"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@needs(GIVE)
def task_give(request: ViewerRequest) -> HttpResponse:
    """Give one task: to the own unit, to one below (`don-vi`), at a meeting (`buoi`), or for what
    an inspection found (`kiem-tra`)."""
    viewer, now = request.viewer, timezone.now()
    today = timezone.localdate(now)
    asked = uuid_of(request.GET.get("buoi"))
    meeting = meeting_visible(viewer, asked, today) if asked else None
    found = uuid_of(request.GET.get("kiem-tra"))
    seen = inspection_visible(viewer, found, today) if found else None
    source = meeting or seen
    unit_id = source.unit_id if source else uuid_of(request.GET.get("don-vi")) or viewer.unit_id
    assert unit_id is not None, "whoever gives tasks holds a role in a unit"
    version = visible_unit(viewer, unit_id, today)
    form = TaskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = done(
            form,
            lambda: give_task(
                unit_id=unit_id,
                wish=form.wish(),
                meeting_id=meeting.pk if meeting else None,
                inspection_id=seen.pk if seen else None,
                by=viewer,
                at=now,
            ),
        )
        if made is not None:
            messages.success(request, _("Đã giao việc; đơn vị thấy ngay."))
            return redirect("task", made.pk)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "version": version}
    with answering(request):
        return render(request, "tasks/give.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(VIEW)
def task(request: ViewerRequest, task_id: UUID) -> HttpResponse:
    """One task: how it stands, its history, and the forms for whoever answers for it."""
    viewer, now = request.viewer, timezone.now()
    one = task_visible(viewer, task_id, timezone.localdate(now))
    act = request.POST.get("act", "") if request.method == "POST" else ""
    if act not in _ACTS:
        return _task_page(request, one, {}, status=422 if act else 200)
    make, does, told = _ACTS[act]
    form = make(request.POST)
    clashes: list[str] = []
    if form.is_valid():
        try:
            if done(form, lambda: does(one.pk, form, viewer, now)) is not None:
                messages.success(request, told())
                return redirect("task", one.pk)
        except TaskConflict as error:
            clashes = present.conflict_words(error.fields)
            form.add_error(None, error.message)
            form = _knowing(request, error) if act == "report" else form
    return _task_page(request, one, {act: form}, clashes=clashes, status=422)


def _knowing(request: ViewerRequest, error: TaskConflict) -> forms.Form:
    """The form as it was sent, now knowing what the other one wrote: sent again, it stands."""
    data = request.POST.copy()
    for name, (theirs, _mine, _was) in error.fields.items():
        data[f"was_{name}"] = "" if theirs is None else str(theirs)
    form = ReportForm(data)
    form.is_valid()
    return form


def _task_page(
    request: ViewerRequest,
    one: Task,
    sent: dict[str, forms.Form],
    *,
    clashes: list[str] | None = None,
    status: int,
) -> HttpResponse:
    viewer, today = request.viewer, timezone.localdate()
    with answering(request):
        one.refresh_from_db()
        [row] = present.task_rows([one], today)
        is_open = one.state == TaskState.OPEN
        reports = can(viewer, REPORT) and reports_for(viewer, one.unit_id, today)
        giver = one.origin.unit_id if one.origin else one.unit_id
        drops = can(viewer, GIVE) and answers_for(viewer, giver, today)
        context: dict[str, Any] = {
            "row": row,
            "task": one,
            "finding": present.finding_of_task(row),
            "clashes": clashes or [],
            "problem": next(iter(sent.values()), None),
            "report": sent.get("report") or report_form(one) if reports and is_open else None,
            "close": sent.get("close") or CloseForm() if reports and is_open else None,
            "drop": sent.get("drop") or ReasonForm() if drops and is_open else None,
            "reopen": sent.get("reopen") or ReasonForm() if reports and not is_open else None,
            "steps": present.step_rows(one.steps.select_related("by").order_by("-revision")),
            "giver": present.names_of([giver]).get(giver, "") if one.origin else "",
            **_local(one, viewer, today),
            "files": files_of(viewer, "task", one.pk, today),
        }
        return render(request, "tasks/task.html", context, status=status)


def _local(one: Task, viewer: Viewer, on: dt.date) -> dict[str, Any]:
    """How the tasks stand that others were given from this one."""
    counts = stage_counts(listed_tasks(viewer, TaskFilter(origin=one.pk), on), on)
    total = sum(counts.values())
    return {"local_total": total, "local": present.share_words(counts[TaskStage.DONE], total)}


def _report(task_id: UUID, form: Any, by: Any, at: dt.datetime) -> Task:
    return report_task(task_id=task_id, set=form.said(), was=form.was(), by=by, at=at)


def _close(task_id: UUID, form: Any, by: Any, at: dt.datetime) -> Task:
    return close_task(task_id=task_id, by=by, at=at, **form.cleaned_data)


def _drop(task_id: UUID, form: Any, by: Any, at: dt.datetime) -> Task:
    return drop_task(task_id=task_id, by=by, at=at, **form.cleaned_data)


def _reopen(task_id: UUID, form: Any, by: Any, at: dt.datetime) -> Task:
    return reopen_task(task_id=task_id, by=by, at=at, **form.cleaned_data)


#: What a task's page does: the form, the action, and what is said when it is done.
_ACTS: dict[str, tuple[Callable[[Any], forms.Form], Callable[..., Task], Callable[[], str]]] = {
    "report": (ReportForm, _report, lambda: _("Đã ghi tiến độ.")),
    "close": (CloseForm, _close, lambda: _("Đã ghi là xong. Nhầm thì mở lại được, có lý do.")),
    "drop": (ReasonForm, _drop, lambda: _("Đã bỏ việc này. Mở lại được, có lý do.")),
    "reopen": (ReasonForm, _reopen, lambda: _("Đã mở lại; hạn giữ như cũ.")),
}
