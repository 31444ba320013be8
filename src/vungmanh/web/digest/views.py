"""Việc của đồng chí hôm nay: what waits, told once a day on the page where a role starts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.core.text import date_vi, number_vi
from vungmanh.core.vocabulary import CycleState, DossierState
from vungmanh.evaluation.reads import dossiers_visible
from vungmanh.meetings.actions.digests import mute_digests, see_digest
from vungmanh.meetings.digest import digest_of, is_put_away
from vungmanh.meetings.models import Digest
from vungmanh.strengthening.decisions_waiting import LIVE, live_waiting
from vungmanh.web.access import answering, needs
from vungmanh.web.evaluation.words import due_of, due_words
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.tasks.asking import done

RATE = "evaluation.dossier.rate"

#: By key: the words, and the page where it is done (url name, query).
KINDS: dict[str, tuple[Any, str, str]] = {
    "months_missing": (gettext_lazy("%(n)s kỳ quá hạn chưa nộp"), "meetings", ""),
    "months_returned": (gettext_lazy("%(n)s bản ghi bị trả lại, chờ sửa"), "meetings", ""),
    "to_confirm": (gettext_lazy("%(n)s bản ghi chờ xác nhận"), "meetings", "?xem=waiting"),
    "excuses_to_decide": (gettext_lazy("%(n)s lời xin miễn, hoãn chờ trả lời"),
                          "excuse_requests", ""),
    "phone_items": (gettext_lazy("%(n)s mục gửi từ điện thoại chờ chọn hoặc cho ghi"),
                    "phone_queue", ""),
    "tasks_overdue": (gettext_lazy("%(n)s việc quá hạn"), "tasks", "?gd=overdue&pham-vi=minh"),
    "tasks_this_month": (gettext_lazy("%(n)s việc đến hạn trong tháng"),
                         "tasks", "?gd=this_month&pham-vi=minh"),
    "receipts": (gettext_lazy("%(n)s văn bản cấp trên gửi, chờ nhận"), "tasks", ""),
    "scores": (gettext_lazy("%(n)s buổi họp chờ chấm điểm"), "meetings", ""),
    "files_waiting": (gettext_lazy("%(n)s hồ sơ củng cố chờ đồng chí làm"),
                      "support_files", "?xem=files_waiting"),
    "files_my_review": (gettext_lazy("%(n)s hồ sơ củng cố đồng chí được cử kiểm điểm"),
                        "support_files", "?xem=files_my_review"),
    "files_slow": (gettext_lazy("%(n)s đơn vị dưới lộ trình, chưa cử người kiểm điểm"),
                   "support_files", "?xem=files_slow"),
    "files_review": (gettext_lazy("%(n)s hồ sơ củng cố đến kỳ kiểm điểm trong tháng"),
                     "support_files", "?xem=files_review"),
    "files_late": (gettext_lazy("%(n)s hồ sơ củng cố có biện pháp quá hạn"),
                   "support_files", "?xem=files_late"),
    "files_missed": (gettext_lazy("%(n)s đơn vị đang củng cố họp mà người phụ trách không dự"),
                     "support_files", "?xem=files_missed"),
    "attendance_missed": (
        gettext_lazy("%(n)s buổi họp tháng gần nhất của chi bộ đang củng cố mà đồng chí không dự"),
        "visits", ""),
    "files_exit": (gettext_lazy("%(n)s đơn vị đủ điều kiện ra khỏi diện"),
                   "support_files", "?xem=files_exit"),
    "files_relapsed": (gettext_lazy("%(n)s đơn vị mới tái yếu"),
                       "support_files", "?xem=files_relapsed"),
    "programmes_to_decide": (gettext_lazy("%(n)s đề án củng cố chờ đồng chí duyệt"),
                             "strengthening", ""),
    "programmes_returned": (gettext_lazy("%(n)s đề án củng cố được trả lại để sửa"),
                            "strengthening", ""),
    "selections_to_decide": (gettext_lazy("%(n)s danh sách lựa chọn chờ đồng chí quyết định"),
                             "strengthening", ""),
    "selections_returned": (gettext_lazy("%(n)s danh sách lựa chọn được trả lại để sửa"),
                            "strengthening", ""),
    "oversight_to_decide": (gettext_lazy("%(n)s kế hoạch phân công phụ trách chờ đồng chí duyệt"),
                            "oversight", ""),
    "oversight_returned": (gettext_lazy("%(n)s kế hoạch phân công phụ trách được trả lại để sửa"),
                           "oversight", ""),
    "charges_new": (gettext_lazy("%(n)s chi bộ mới giao đồng chí phụ trách"), "oversight", ""),
    "files_ended": (gettext_lazy("%(n)s hồ sơ củng cố của đơn vị đã kết thúc, chờ xử lý"),
                    "support_files", "?xem=files_ended"),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One kind of thing that waits."""

    words: str
    since: str
    href: str


def lines_of(digest: Digest) -> list[Line]:
    """The digest in words; a kind that is no longer known is left out."""
    return _lines(one for one in digest.items if one["key"] not in LIVE)


def lines_now(viewer: Viewer) -> list[Line]:
    """What waits at this moment, of the kinds that nobody should learn of a day late."""
    return _lines(one.as_json() for one in live_waiting(viewer, viewer.on))


def _lines(items: Iterable[dict[str, Any]]) -> list[Line]:
    found = []
    for item in items:
        if item["key"] in KINDS:
            words, name, query = KINDS[item["key"]]
            since = dt.date.fromisoformat(item["since"]) if item["since"] else None
            told = _("cũ nhất từ %(day)s") % {"day": date_vi(since)} if since else ""
            words = words % {"n": number_vi(item["count"])}
            found.append(Line(str(words), told, reverse(name) + query))
    return found


def rating_lines(viewer: Viewer) -> list[Line]:
    """The own self-ratings that are still to be handed in, each with its last day."""
    if not can(viewer, RATE):
        return []
    own = dossiers_visible(viewer).filter(
        unit_id__in={grant.unit_id for grant in viewer.grants},
        state__in=(DossierState.WAITING, DossierState.RETURNED),
        cycle__state=CycleState.OPEN,
    )
    return [
        Line(
            _("Nộp bản tự xếp loại năm %s") % one.cycle.year,
            due_words(due_of(one.cycle, DossierState(one.state)), viewer.on)
            if one.version == 1
            else "",
            reverse("dossier", args=[one.pk]),
        )
        for one in own.select_related("cycle").order_by("cycle__year", "subject", "pk")
    ]


class MuteForm(forms.Form):
    """Until which day nothing is told."""

    until = forms.DateField(
        label=gettext_lazy("Không nhắc đến ngày"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("meetings.meeting.view")
def digest(request: ViewerRequest) -> HttpResponse:
    """What waited this morning; put away until tomorrow, or not told until a day."""
    viewer, now = request.viewer, timezone.now()
    form = MuteForm(request.POST if request.POST.get("act") == "mute" else None)
    if request.method == "POST" and request.POST.get("act") == "seen":
        see_digest(by=viewer, day=viewer.on, at=now)
        return redirect("home")
    if form.is_bound and form.is_valid():
        until = form.cleaned_data["until"]
        if done(form, lambda: mute_digests(until=until, by=viewer, at=now) or True):
            return redirect("home")
    with answering(request):
        found = digest_of(viewer, viewer.on)
        is_away = is_put_away(viewer, viewer.on)
        rating = [] if is_away else rating_lines(viewer)
        now_waits = [] if is_away and request.htmx else lines_now(viewer)
        context = {
            "digest": found,
            "lines": [*now_waits, *(lines_of(found) if found else []), *rating],
            "form": form,
            "is_part": bool(request.htmx),
        }
        name = "digest/part.html" if request.htmx else "digest/digest.html"
        status = 422 if request.method == "POST" else 200
        return render(request, name, context, status=status)
