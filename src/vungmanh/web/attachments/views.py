"""Adding files to a record, downloading one, taking one out."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from vungmanh.core.errors import InputError
from vungmanh.core.periods import month_label, month_slug
from vungmanh.meetings.actions.attachments import remove_attachment
from vungmanh.meetings.attaching import (
    attachment_visible,
    check_may_attach,
    content_of,
    record_visible,
    why_not_attach,
)
from vungmanh.meetings.models import Attachment, AttachmentSubject, Meeting
from vungmanh.org.models import UnitVersion
from vungmanh.outputs.attachments.attach import attach_file
from vungmanh.web.access import answering, needs
from vungmanh.web.attachments.present import ADDRESSES, files_of, finding
from vungmanh.web.meetings.links import address
from vungmanh.web.requests import ViewerRequest

MOST_AT_ONCE = 10


class RemoveForm(forms.Form):
    """Why a file is taken out."""

    reason = forms.CharField(
        label=gettext_lazy("Vì sao bỏ tệp này"),
        max_length=300,
        help_text=gettext_lazy("Ví dụ: chụp nhầm trang, ảnh mờ không đọc được."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("meetings.meeting.view")
def attachment_add(request: ViewerRequest, meeting_id: UUID) -> HttpResponse:
    """The files of a meeting; add some."""
    return _files_page(request, AttachmentSubject.MEETING, meeting_id)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("meetings.task.view")
def task_attachments(request: ViewerRequest, task_id: UUID) -> HttpResponse:
    """The files of a task; add some."""
    return _files_page(request, AttachmentSubject.TASK, task_id)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("meetings.inspection.view")
def inspection_attachments(request: ViewerRequest, inspection_id: UUID) -> HttpResponse:
    """The files of an inspection; add some."""
    return _files_page(request, AttachmentSubject.INSPECTION, inspection_id)


def _files_page(request: ViewerRequest, subject: str, subject_id: UUID) -> HttpResponse:
    problem = ""
    if request.method == "POST":
        try:
            _add_all(request, subject, subject_id)
        except InputError as error:
            problem = error.message
        if not problem and not request.htmx:
            messages.success(request, _("Đã đính kèm. Bỏ ra được ở danh sách này, có lý do."))
            return redirect(request.path)
    with answering(request):
        on, chosen = request.viewer.on, request.POST.get("kind", "")
        files = files_of(request.viewer, subject, subject_id, on, problem=problem, chosen=chosen)
        context: dict[str, object] = {"files": files}
        template = "attachments/list.html"
        if not request.htmx:
            template = "attachments/page.html"
            context |= _place(request, subject, subject_id) | {"finding": finding(files)}
        return render(request, template, context, status=422 if problem else 200)


def _add_all(request: ViewerRequest, subject: str, subject_id: UUID) -> None:
    """Keep every file sent. Raises InputError for the first that cannot be kept, by name."""
    check_may_attach(request.viewer, subject, subject_id, request.viewer.on)
    sent: list[UploadedFile] = request.FILES.getlist("file")
    if not sent:
        raise InputError(_("Chưa chọn tệp nào. Chụp ảnh hoặc chọn tệp rồi bấm lại."))
    if len(sent) > MOST_AT_ONCE:
        raise InputError(_("Mỗi lần gửi nhiều nhất %s tệp. Chọn ít hơn.") % MOST_AT_ONCE)
    for file in sent:
        try:
            attach_file(
                subject=subject,
                subject_id=subject_id,
                kind=request.POST.get("kind", ""),
                name=file.name or "tep",
                size=file.size or 0,
                read=file.read,
                by=request.viewer,
                at=timezone.now(),
            )
        except InputError as error:
            if len(sent) == 1:
                raise
            raise InputError(f"“{file.name}”: {error.message}") from None


def _place(request: ViewerRequest, subject: str, subject_id: UUID) -> dict[str, object]:
    """Where the page stands: the unit as it was called and the month, with the way back."""
    record = record_visible(request.viewer, subject, subject_id, request.viewer.on)
    versions = UnitVersion.objects.filter(unit_id=record.unit_id).order_by("valid")
    version = versions.filter(valid__contains=record.month).first() or versions.last()
    name = version.name if version else ""
    if subject != AttachmentSubject.MEETING:
        back, place = address(subject, subject_id), name
    else:
        kind = Meeting.objects.values_list("kind", flat=True).get(pk=subject_id)
        back = address("meeting", record.unit_id, kind, month_slug(record.month))
        place = f"{name}, {month_label(record.month)}"
    return {"place": place, "back": back or reverse("unit", args=[record.unit_id])}


@require_safe
@needs("meetings.meeting.view")
def attachment(request: ViewerRequest, attachment_id: UUID) -> HttpResponse:
    """Download one file. It is ours, made anew; still it opens nowhere in our pages."""
    found = attachment_visible(request.viewer, attachment_id, request.viewer.on)
    return HttpResponse(
        content_of(found),
        content_type=found.media_type,
        headers={
            "Content-Disposition": content_disposition_header(True, found.name) or "attachment",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "private, no-store",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("meetings.meeting.view")
def attachment_remove(request: ViewerRequest, attachment_id: UUID) -> HttpResponse:
    """Take a file out, with a reason. Who may not is told why."""
    viewer = request.viewer
    found = attachment_visible(viewer, attachment_id, viewer.on)
    why_not = why_not_attach(viewer, found.subject, found.subject_id, viewer.on)
    form = RemoveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        remove_attachment(
            attachment_id=attachment_id,
            reason=form.cleaned_data["reason"],
            by=viewer,
            at=timezone.now(),
        )
        messages.success(request, _("Đã bỏ tệp “%s”; danh sách giữ lại tên và lý do.") % found.name)
        return redirect(_address(found))
    with answering(request):
        context = {
            "form": form if why_not is None else None,
            "why_not": why_not or _("Vai trò của đồng chí chỉ xem tệp, không bỏ được."),
            "file": found,
            "back": _address(found),
        }
        status = 422 if request.method == "POST" else 200
        return render(request, "attachments/remove.html", context, status=status)


def _address(found: Attachment) -> str:
    name, parameter = ADDRESSES[AttachmentSubject(found.subject)]
    return reverse(name, kwargs={parameter: found.subject_id})
