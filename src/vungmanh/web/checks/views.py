"""Kiểm tra số liệu: what the checks found, how to mend it, and what was let stand, and why."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vungmanh.access.permissions import can, check_can
from vungmanh.core.errors import InputError, NotFound, NotNow
from vungmanh.core.vocabulary import Severity
from vungmanh.org.actions.findings import REFRESH, accept_finding, reopen_finding, run_checks
from vungmanh.org.findings import counts_by_severity, findings_visible, latest_run
from vungmanh.web.access import needs
from vungmanh.web.checks.present import (
    ACCEPTED,
    finding_of_page,
    groups_of,
    reason_form,
    severity_tabs,
)
from vungmanh.web.people.forms import ReasonForm
from vungmanh.web.requests import ViewerRequest

ON_A_PAGE = 25


@require_http_methods(["GET", "HEAD", "POST"])
@needs("org.finding.list")
def findings(request: ViewerRequest) -> HttpResponse:
    """The list by severity; each finding is accepted or taken up again where it stands."""
    act = request.POST.get("act")
    if act == "refresh":
        return _refresh(request)
    if act in {"accept", "reopen"}:
        return _answer(request, act)
    return _page(request)


def _refresh(request: ViewerRequest) -> HttpResponse:
    check_can(request.viewer, REFRESH)
    now = timezone.now()
    run_checks(as_of=timezone.localdate(now), by=request.viewer.user, at=now)
    messages.success(request, _("Đã kiểm tra lại toàn bộ số liệu."))
    return redirect("findings")


def _answer(request: ViewerRequest, act: str) -> HttpResponse:
    finding_id, now = _id(request.POST.get("finding", "")), timezone.now()
    form = reason_form(finding_id, request.POST)
    try:
        if act == "reopen":
            reopen_finding(finding_id=finding_id, by=request.viewer, at=now)
            messages.success(request, _("Đã đưa lại vào danh sách chờ."))
            return redirect(request.get_full_path())
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            accept_finding(finding_id=finding_id, reason=reason, by=request.viewer, at=now)
            messages.success(request, _("Đã ghi lý do chấp nhận; xem lại được ở thẻ Đã chấp nhận."))
            return redirect(request.get_full_path())
    except InputError as error:
        form.add_error(error.field or None, error.message)
    except NotNow as error:
        messages.error(request, error.message)
        return redirect(request.get_full_path())
    return _page(request, form=form, of=finding_id)


def _page(
    request: ViewerRequest, *, form: ReasonForm | None = None, of: UUID | None = None
) -> HttpResponse:
    viewer = request.viewer
    seen = findings_visible(viewer, timezone.localdate())
    counts = counts_by_severity(seen)
    accepted = seen.exclude(accepted_at=None)
    chosen = request.GET.get("muc", "")
    if chosen not in {*Severity, ACCEPTED}:
        chosen = next((one for one in Severity if counts[one]), Severity.SEVERE).value
    listed = accepted if chosen == ACCEPTED else seen.filter(severity=chosen, accepted_at=None)
    page = Paginator(listed.select_related("accepted_by"), ON_A_PAGE).get_page(
        request.GET.get("trang")
    )
    run = latest_run()
    context = {
        "finding": finding_of_page(counts, run),
        "tabs": severity_tabs(counts, accepted.count(), chosen),
        "chosen": chosen,
        "page": page,
        "groups": groups_of(page.object_list, viewer, form=form, of=of),
        "may_refresh": can(viewer, REFRESH),
    }
    return render(request, "checks/findings.html", context, status=422 if form else 200)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound("Phát hiện này không còn. Tải lại danh sách.") from error
