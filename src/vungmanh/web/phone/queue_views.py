"""Hàng chờ: what came from phones and waits for a person; the phones; a saved copy brought in."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from vungmanh.core.errors import Conflict, InputError, NotFound, NotNow
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import PhoneItemState
from vungmanh.meetings.actions.phone_import import import_copy, preview_copy
from vungmanh.meetings.actions.settling import (
    SETTLE,
    current_values,
    reject_item,
    release_all,
    release_item,
    revoke_phone,
    settle_conflict,
)
from vungmanh.meetings.models import PhoneItem
from vungmanh.meetings.phone_files import SavedCopy, read_copy
from vungmanh.meetings.phones import (
    SCORE,
    WAITING,
    item_visible,
    items_visible,
    phones_visible,
    score_items,
)
from vungmanh.web.access import answering, needs
from vungmanh.web.phone.queue_forms import ChoiceForm, CopyForm, ReasonForm
from vungmanh.web.phone.queue_words import KINDS, finding, item_rows, unit_names
from vungmanh.web.requests import ViewerRequest

S = PhoneItemState
ON_A_PAGE = 50
PHONES = "dien-thoai"
SALT, KEPT_SECONDS = "phone-copy", 3600
TABS = {
    "chon": (S.CONFLICT, gettext_lazy("Cần chọn")),
    "cho-ghi": (S.QUARANTINED, gettext_lazy("Chờ cho ghi")),
    "dang-giu": (S.HELD, gettext_lazy("Đang giữ")),
    "khong-ghi": (S.REFUSED, gettext_lazy("Không ghi được")),
}


@require_safe
@needs(SETTLE)
def phone_queue(request: ViewerRequest) -> HttpResponse:
    """What waits for a person, by what must be done; and the phones."""
    viewer, today = request.viewer, timezone.localdate()
    seen, scores = items_visible(viewer, today), score_items(viewer, today)
    counts = {state: seen.filter(state=state).count() for state, _label in TABS.values()}
    for one in scores:
        counts[S(one.state)] += 1
    asked = request.GET.get("loai", "")
    tab = asked if asked in {*TABS, PHONES} else _first_with_work(counts)
    context: dict[str, Any] = {"finding": finding(counts), "tab": tab}
    phones = phones_visible(viewer, today)
    if tab == PHONES:
        page = Paginator(phones, ON_A_PAGE).get_page(request.GET.get("trang"))
        names = unit_names({one.unit_id for one in page})
        context |= {"page": page, "phones": [(one, names.get(one.unit_id, "")) for one in page]}
    else:
        state = TABS[tab][0]
        newest = state is S.REFUSED
        found = seen.filter(state=state)
        found = found.order_by("-received_at", "id") if newest else found
        listed = [*(one for one in scores if one.state == state), *found[:1000]]
        some = Paginator(listed, ON_A_PAGE).get_page(request.GET.get("trang"))
        context |= {"page": some, "rows": item_rows(some)}
    context["tabs"] = [
        *[
            (f"{label} {number_vi(counts[state])}", f"?loai={code}", code == tab)
            for code, (state, label) in TABS.items()
        ],
        (f"{_('Điện thoại')} {number_vi(phones.count())}", f"?loai={PHONES}", tab == PHONES),
    ]
    return render(request, "phone_queue/queue.html", context)


def _first_with_work(counts: dict[PhoneItemState, int]) -> str:
    return next((code for code, (state, _label) in TABS.items() if counts[state]), "chon")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SETTLE)
def phone_item(request: ViewerRequest, item_id: UUID) -> HttpResponse:
    """One item: both values of a conflict, or what is kept; and what can be done with it."""
    viewer, now = request.viewer, timezone.now()
    item = item_visible(viewer, item_id, timezone.localdate(now))
    given: dict[str, Any] = {"item_id": item.pk, "by": viewer, "at": now}
    act = request.POST.get("act", "") if request.method == "POST" else ""
    choice, reason, refusal = _choice_form(item), ReasonForm(), ""
    if act == "settle" and choice is not None:
        choice = _choice_form(item, request.POST)
        assert choice is not None
        if choice.is_valid():
            chosen: dict[str, Any] = {"chosen": choice.chosen, "seen": choice.as_seen}
            why = choice.cleaned_data["reason"]
            if _done(choice, lambda: settle_conflict(**given, **chosen, reason=why)):
                return _back(request, _("Đã ghi giá trị đồng chí chọn."))
    elif act == "reject":
        reason = ReasonForm(request.POST)
        if reason.is_valid() and _done(reason, lambda: reject_item(**given, **reason.cleaned_data)):
            return _back(request, _("Đã từ chối; người gửi đọc được lý do trên điện thoại."))
    elif act == "release-all":
        done = release_all(device_id=item.device_id, by=viewer, at=now)
        return _back(request, _("Đã xử lý %s mục của điện thoại này.") % number_vi(len(done)))
    elif act == "release":
        try:
            released = release_item(**given)
            return _back(request, released.answer.get("message") or _("Đã ghi vào sổ."))
        except NotNow as error:
            refusal = error.message
    with answering(request):
        [row] = item_rows([item])
        context = {
            "row": row, "item": item, "choice": choice, "reason": reason, "refusal": refusal,
            "is_score": item.kind == SCORE, "is_open": item.state in WAITING[1:],
            "others": _kept_beside(request, item),
        }  # fmt: skip
        return render(request, "phone_queue/item.html", context, status=422 if act else 200)


def _kept_beside(request: ViewerRequest, item: PhoneItem) -> int:
    """How many items of the same phone wait to be released, this one among them."""
    seen = items_visible(request.viewer, timezone.localdate())
    return seen.filter(device=item.device_id, state=S.QUARANTINED).count()


def _choice_form(item: PhoneItem, data: Any = None) -> ChoiceForm | None:
    if item.kind == SCORE or item.state != S.CONFLICT:
        return None
    return ChoiceForm(item.answer["conflict"], current_values(item), data)


def _back(request: ViewerRequest, told: str) -> HttpResponse:
    messages.success(request, told)
    return redirect("phone_queue")


def _done(form: forms.Form, act: Callable[[], Any]) -> bool:
    """Whether the act went through; its refusal is put into the form."""
    try:
        act()
    except InputError as error:
        name = error.field if error.field in form.fields else f"other-{error.field}"
        form.add_error(name if name in form.fields else None, error.message)
    except (NotNow, Conflict) as error:
        form.add_error(None, error.message)
    return not form.errors


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SETTLE)
def phone_revoke(request: ViewerRequest, device_id: UUID) -> HttpResponse:
    """Stop taking anything from a phone that was lost, with a reason."""
    viewer, now = request.viewer, timezone.now()
    device = phones_visible(viewer, timezone.localdate(now)).filter(pk=device_id).first()
    if device is None:
        raise NotFound(_("Không tìm thấy điện thoại này trong phạm vi của đồng chí."))
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _done(
        form, lambda: revoke_phone(device_id=device.pk, by=viewer, at=now, **form.cleaned_data)
    ):
        return _back(request, _("Đã ngừng nhận từ điện thoại này; phần đã gửi vẫn còn."))
    with answering(request):
        name = unit_names({device.unit_id}).get(device.unit_id, "")
        context = {"form": form, "device": device, "name": name}
        status = 422 if form.errors else 200
        return render(request, "phone_queue/revoke.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SETTLE)
def phone_import(request: ViewerRequest) -> HttpResponse:
    """Bring the saved copy of a phone in: look first, then write once."""
    form = CopyForm()
    context: dict[str, Any] = {}
    if request.POST.get("act") == "commit":
        return _import_committed(request)
    if request.method == "POST":
        form = CopyForm(request.POST, request.FILES)
        if form.is_valid():
            context = _previewed(request, form)
    status = 422 if form.errors else 200
    with answering(request):
        page = {"form": form, **context}
        return render(request, "phone_queue/import.html", page, status=status)


def _previewed(request: ViewerRequest, form: CopyForm) -> dict[str, Any]:
    """What the file would do, and the file itself, signed; or the form says what is wrong."""
    try:
        copy = read_copy(form.cleaned_data["file"].read(), form.cleaned_data["password"])
        preview = preview_copy(copy=copy, by=request.viewer)
    except (InputError, NotFound) as error:
        name = getattr(error, "field", "") or "file"
        form.add_error(name, error.message)
        return {}
    said = {**vars(copy), "device": str(copy.device), "items": []}
    return {
        "preview": preview,
        "kinds": [(KINDS.get(one, one), count) for one, count in preview.kinds.items()],
        "kept": signing.dumps(said, salt=SALT, compress=True),
    }


def _import_committed(request: ViewerRequest) -> HttpResponse:
    """Write what was looked at a moment ago, as it was read then."""
    try:
        said = signing.loads(request.POST.get("kept", ""), salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        raise NotFound(_("Bản xem trước đã quá một giờ. Nạp lại tệp.")) from None
    said |= {"device": UUID(said["device"]), "items": json.loads(said["text"])}
    answers = import_copy(copy=SavedCopy(**said), by=request.viewer, at=timezone.now())
    written = sum(one["answer"] == "accepted" for one in answers)
    known = sum(one["answer"] == "known" for one in answers)
    told = _("Đã nạp %(all)s mục: %(written)s mục ghi vào sổ, %(known)s mục đã có từ trước.")
    counts = {
        "all": number_vi(len(answers)), "written": number_vi(written), "known": number_vi(known),
    }  # fmt: skip
    messages.success(request, told % counts)
    return redirect("phone_queue")
