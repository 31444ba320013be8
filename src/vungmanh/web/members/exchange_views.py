"""Lists of members from Excel and into it: the file beside the register, line by line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vungmanh.core.errors import InputError, NotFound
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.actions.exchange import EXCHANGE, reveal_many
from vungmanh.org.duplicates import named_units
from vungmanh.outputs.members.actions import (
    KEPT_DAYS,
    carry_out,
    choose,
    choose_blanks,
    choose_field,
    prepare_list,
    take_back,
    throw_away,
)
from vungmanh.outputs.members.export import export_full, export_masked
from vungmanh.outputs.members.models import ListState, MemberLineState, MemberList
from vungmanh.outputs.members.reads import (
    fields_differing,
    lines_seen,
    list_of,
    lists_of,
    state_counts,
)
from vungmanh.outputs.workbooks.guard import MAX_BYTES
from vungmanh.web.access import answering, needs
from vungmanh.web.members.exchange_forms import FieldForm, ListForm, PurposeForm
from vungmanh.web.members.exchange_present import TAKE, finding_of, line_rows, totals
from vungmanh.web.members.forms import tried
from vungmanh.web.people.forms import ReasonForm
from vungmanh.web.requests import ViewerRequest

ON_A_PAGE = 50
BY_FIELD = ("take", "leave")  # one field of all rows: accepted, or not
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EXCHANGE)
def exchange(request: ViewerRequest) -> HttpResponse:
    """Bring a list, take one along, and the lists one brought before."""
    viewer = request.viewer
    form = ListForm(request.POST or None, request.FILES or None, today=viewer.on)
    made: list[MemberList] = []
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(form, lambda: made.append(_read(request, form)))
    ):
        return redirect("exchange_list", made[0].pk)
    with answering(request):
        page = Paginator(lists_of(viewer), ON_A_PAGE).get_page(request.GET.get("trang"))
        context = {
            "form": form,
            "purpose": PurposeForm(),
            "page": page,
            "lists": [(one, _(one.get_state_display())) for one in page.object_list],
            "has_names": bool(named_units(viewer, viewer.on)),
            "days": KEPT_DAYS,
        }
        status = 422 if request.method == "POST" else 200
        return render(request, "members/exchange.html", context, status=status)


def _read(request: ViewerRequest, form: ListForm, instead_of: UUID | None = None) -> MemberList:
    """Nothing is read of a file that is too large."""
    said = form.cleaned_data
    file = said["file"]
    if file.size > MAX_BYTES:
        raise InputError(_("Tệp quá nặng, nhiều nhất 50 MB."), field="file")
    return prepare_list(
        data=file.read(), name=file.name or "", from_day=said["from_day"],
        status=MembershipStatus(said["status"]), columns=form.columns(), instead_of=instead_of,
        by=request.viewer, at=timezone.now(),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EXCHANGE)
def exchange_list(request: ViewerRequest, list_id: UUID) -> HttpResponse:
    """One list: what each row would do; accept differences, carry out, take back, throw away."""
    viewer, act = request.viewer, request.POST.get("act", "")
    found = list_of(viewer, list_id)
    form = ListForm(
        request.POST if act == "read" else None, request.FILES if act == "read" else None,
        today=viewer.on, headings=[tuple(one) for one in found.columns],
    )  # fmt: skip
    by_field = FieldForm(
        request.POST if act in BY_FIELD else None,
        differing=fields_differing(found, viewer, viewer.on),
    )
    forms = {
        "read": form,
        **dict.fromkeys(BY_FIELD, by_field),
        "undo": ReasonForm(request.POST if act == "undo" else None),
        "reveal": PurposeForm(request.POST if act == "reveal" else None),
    }
    done: list[HttpResponse] = []
    given = forms.get(act, ReasonForm({"reason": "không cần"}))
    if (
        act
        and given.is_valid()
        and tried(given, lambda: done.append(_act(request, found, act, given)))
        and done[0].status_code == 302
    ):
        return done[0]
    with answering(request):
        in_full = act == "reveal" and bool(done)
        context = _context(request, found, in_full=in_full) | {"forms": forms, "given": given}
        status = 422 if request.method == "POST" and not in_full else 200
        return render(request, "members/exchange_list.html", context, status=status)


def _act(request: ViewerRequest, found: MemberList, act: str, form: Any) -> HttpResponse:
    """Carry one act out; where to go then. A reveal stays on the page."""
    who: dict[str, Any] = {"list_id": found.pk, "by": request.viewer, "at": timezone.now()}
    acts: dict[str, Callable[[], Any]] = {
        "choose": lambda: choose(taken=_taken(request), **who),
        "blanks": lambda: choose_blanks(**who),
        "take": lambda: choose_field(field=form.cleaned_data["field"], is_taken=True, **who),
        "leave": lambda: choose_field(field=form.cleaned_data["field"], is_taken=False, **who),
        "carry": lambda: carry_out(**who),
        "undo": lambda: take_back(reason=form.cleaned_data["reason"], **who),
        "throw": lambda: throw_away(**who),
        "read": lambda: _read(request, form, found.pk),
        "reveal": lambda: _reveal(request, found, form.cleaned_data["purpose"]),
    }
    if act not in acts:
        raise NotFound(_("Không rõ việc cần làm. Tải lại trang rồi bấm lại."))
    result = acts[act]()
    if act == "reveal":
        return HttpResponse()
    messages.success(request, _said(act, result))
    if act in {"throw", "read"}:
        return redirect("exchange") if act == "throw" else redirect("exchange_list", result.pk)
    return redirect(request.get_full_path())


def _said(act: str, result: Any) -> str:
    if act == "carry":
        return _("Đã ghi %(people)s người mới và %(fields)s mục. Lời trong tệp đã xóa hết.") % {
            "people": number_vi(result["people"]), "fields": number_vi(result["fields"]),
        }  # fmt: skip
    if act == "take":
        return _("Đã nhận %s dòng; chưa ghi vào sổ.") % number_vi(result)
    if act == "leave":
        return _("Đã bỏ nhận %s dòng.") % number_vi(result)
    return {
        "choose": _("Đã nhớ lựa chọn; chưa ghi vào sổ."),
        "blanks": _("Đã chọn các mục sổ đang trống; chưa ghi vào sổ."),
        "undo": _("Đã hoàn tác; danh sách và số đảng viên như trước."),
        "throw": _("Đã bỏ bản xem trước cùng mọi lời trong tệp."),
        "read": _("Đã đọc lại tệp."),
    }[act]


def _taken(request: ViewerRequest) -> dict[int, list[str]]:
    """Every line of the page, with the fields that were accepted."""
    lines = [one for one in request.POST.getlist("dong") if one.isascii() and one.isdecimal()]
    return {int(one): request.POST.getlist(f"{TAKE}{one}") for one in lines}


def _page_of(request: ViewerRequest, found: MemberList) -> Any:
    state = request.GET.get("dong", "")
    if state not in {"", *(one.value for one in MemberLineState)}:
        raise NotFound(_("Không có loại dòng này."))
    lines = lines_seen(found, request.viewer, request.viewer.on, state)
    return Paginator(lines, ON_A_PAGE).get_page(request.GET.get("trang"))


def _reveal(request: ViewerRequest, found: MemberList, purpose: str) -> None:
    """What differs on this page of lines is shown in full, this once."""
    lines = _page_of(request, found).object_list
    fields = {line.person_id: line.differs for line in lines if line.person_id and line.differs}
    reveal_many(
        fields_of=fields, purpose=purpose, why=f"member_list:{found.pk}", by=request.viewer,
        at=timezone.now(),
    )  # fmt: skip


def _context(request: ViewerRequest, found: MemberList, *, in_full: bool) -> dict[str, Any]:
    viewer, counts, page = request.viewer, state_counts(found), _page_of(request, found)
    state = request.GET.get("dong", "")
    tabs = [("", _("Tất cả"), sum(counts.values()))]
    tabs += [(one.value, _(one.label), counts.get(one.value, 0)) for one in MemberLineState]
    is_open = found.state == ListState.PREVIEW
    rows = line_rows(viewer, list(page.object_list), in_full=in_full)
    return {
        "list": found,
        "state_label": _(found.get_state_display()),
        "finding": finding_of(found, counts),
        "tabs": [
            (f"{label} {number_vi(number)}", f"?{urlencode({'dong': code})}", code == state)
            for code, label, number in tabs
        ],
        "page": page,
        "rows": rows,
        "in_full": in_full,
        "may_choose": is_open and not found.problem,
        "has_new": bool(counts.get(MemberLineState.NEW)),
        "differs": bool(counts.get(MemberLineState.DIFFERENT))
        and state in {"", MemberLineState.DIFFERENT},
        "may_tick": any(row["fields"] for row in rows),
        "totals": totals(viewer, found) if is_open else [],
        "is_done": found.state == ListState.DONE,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EXCHANGE)
def member_export(request: ViewerRequest) -> HttpResponse:
    """The list as a file: masked, or in full by telling what for."""
    viewer = request.viewer
    name = f"dang-vien-{viewer.on:%Y%m%d}.xlsx"
    if request.method != "POST":
        return _file(name, export_masked(viewer, viewer.on))
    form = PurposeForm(request.POST)
    made: list[bytes] = []
    if form.is_valid() and tried(
        form,
        lambda: made.append(
            export_full(purpose=form.cleaned_data["purpose"], by=viewer, at=timezone.now())
        ),
    ):  # fmt: skip
        return _file(name, made[0])
    messages.error(request, _("Ghi rõ cần đủ các mục để làm gì."))
    return redirect("exchange")


def _file(name: str, data: bytes) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(data, content_type=_XLSX, headers=headers)
