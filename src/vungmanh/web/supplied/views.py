"""Pages of Mẫu biểu Excel: the list, one form with its map and a look before filling, the file."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vungmanh.core.errors import Conflict, InputError, NotFound
from vungmanh.evaluation.models import Cycle
from vungmanh.evaluation.reads import cycle_visible, cycles_visible
from vungmanh.evaluation.sides import decides
from vungmanh.org.queries import visible_unit
from vungmanh.outputs.forms.book import Book
from vungmanh.outputs.forms.preview import book_of
from vungmanh.outputs.supplied import actions
from vungmanh.outputs.supplied.filling import MOST_BYTES, filled, rows_of
from vungmanh.outputs.supplied.models import FormPurpose, SuppliedForm
from vungmanh.outputs.supplied.periods import period_figures
from vungmanh.outputs.supplied.reads import FILL, form_visible, forms_visible, keeps
from vungmanh.outputs.supplied.values import Figures, cycle_figures, unit_figures
from vungmanh.web.access import answering, needs
from vungmanh.web.evaluation.quota_views import check_committee
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.statistics.asked import asked as period_asked
from vungmanh.web.statistics.views import choices_of
from vungmanh.web.supplied.forms import KeepForm, MapForm, RemoveForm, ReplaceForm

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OF_CYCLE = "xep-loai"  # ?xep-loai= names the cycle whose figures are filled in


@require_http_methods(["GET", "HEAD", "POST"])
@needs(FILL)
def supplied_forms(request: ViewerRequest) -> HttpResponse:
    """The forms one may fill; take another."""
    return _listed(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(FILL)
def cycle_forms(request: ViewerRequest, cycle_id: UUID) -> HttpResponse:
    """The forms that are filled from this cycle, for who decides in it."""
    cycle = cycle_visible(request.viewer, cycle_id)
    check_committee(request.viewer, cycle)
    return _listed(request, cycle)


def _listed(request: ViewerRequest, cycle: Cycle | None) -> HttpResponse:
    form = KeepForm(request.POST or None, request.FILES or None)
    if cycle is not None:
        form.fields["purpose"].widget = forms.HiddenInput()
        form.initial["purpose"] = FormPurpose.CYCLE.value
    query = f"?{urlencode({OF_CYCLE: str(cycle.pk)})}" if cycle else ""
    if request.method == "POST" and form.is_valid():
        kept = _sent(form, lambda: _keep(request, form))
        if kept is not None:
            messages.success(request, _("Đã nhận mẫu. Khai từng ô ở dưới rồi xem trước."))
            return redirect(reverse("supplied_form", args=[kept.pk]) + query)
    with answering(request):
        found = forms_visible(request.viewer, FormPurpose.CYCLE if cycle else None)
        context = {
            "cycle": cycle,
            "query": query,
            "rows": [(one, keeps(request.viewer, one)) for one in found],
            "form": form,
        }
        status = 422 if request.method == "POST" else 200
        return render(request, "supplied/forms.html", context, status=status)


def _keep(request: ViewerRequest, form: KeepForm) -> SuppliedForm:
    said = form.cleaned_data
    return actions.keep_form(
        name=said["name"], purpose=FormPurpose(said["purpose"]), **_file_of(said["file"]),
        by=request.viewer, at=timezone.now(),
    )  # fmt: skip


def _file_of(file: Any) -> dict[str, Any]:
    """Nothing is read of a file that is too large."""
    content = file.read() if file.size <= MOST_BYTES else b"\0" * (MOST_BYTES + 1)
    return {"file_name": file.name or "", "content": content}


def _sent(form: forms.Form, action: Any) -> SuppliedForm | None:
    """What the action made; its refusal stands at its field, or above the form."""
    try:
        made: SuppliedForm = action()
    except (InputError, Conflict) as error:
        field = getattr(error, "field", None)
        form.add_error(field if field in form.fields else None, error.message)
        return None
    return made


# --- one form ------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@needs(FILL)
def supplied_form(request: ViewerRequest, form_id: UUID) -> HttpResponse:
    """The map of a form and what it would fill; map a cell, replace the file, take it out."""
    one = form_visible(request.viewer, form_id)
    book = book_of(bytes(one.content))
    act = request.POST.get("act", "")
    found = _forms(one, book, act, request)
    if request.method == "POST":
        if act not in _ACTS:
            raise InputError(_("Không rõ việc cần làm. Tải lại trang rồi bấm lại."))
        form = found[act]
        if form.is_valid() and _sent(form, lambda: _ACTS[act](request, one, form)):
            messages.success(request, _told(act))
            back = reverse("supplied_forms" if act == "remove" else "supplied_form",
                           args=[] if act == "remove" else [one.pk])  # fmt: skip
            return redirect(back + _query(request))
    with answering(request):
        return _page(request, one, found, act)


def _page(
    request: ViewerRequest, one: SuppliedForm, found: dict[str, forms.Form], act: str
) -> HttpResponse:
    cycle, figures = _source(request, one)
    rows = rows_of(one, figures)
    wrong = sum(bool(row.problem) for row in rows)
    context = {
        "one": one,
        "purpose": FormPurpose(one.purpose),
        "may_change": keeps(request.viewer, one),
        "forms": found,
        "act": act,
        "cycle": cycle,
        "cycles": _cycles(request, one),
        "rows": rows,
        "wrong": wrong,
        "is_ready": bool(rows) and not wrong and figures is not None,
        "query": _query(request),
        "finding": _finding(one, len(rows), wrong, figures is not None),
    }
    if one.purpose == FormPurpose.PERIOD:
        context |= choices_of(period_asked(request)) | {"unit_name": (figures or {}).get("ten")}
    status = 422 if request.method == "POST" else 200
    return render(request, "supplied/form.html", context, status=status)


def _forms(
    one: SuppliedForm, book: Book, act: str, request: ViewerRequest
) -> dict[str, forms.Form]:
    def data(name: str) -> Any:
        return request.POST if act == name else None

    files = request.FILES if act == "replace" else None
    return {
        "map": MapForm(FormPurpose(one.purpose), book.sheets, data("map")),
        "drop": forms.Form(data("drop")),
        "replace": ReplaceForm(data("replace"), files),
        "remove": RemoveForm(data("remove")),
    }


def _who(request: ViewerRequest, one: SuppliedForm) -> dict[str, Any]:
    said = request.POST.get("version", "")
    version = int(said) if said.isascii() and said.isdecimal() and len(said) < 9 else 0
    return {"form_id": one.pk, "version": version, "by": request.viewer, "at": timezone.now()}


def _drop(request: ViewerRequest, one: SuppliedForm, _form: forms.Form) -> SuppliedForm:
    said = request.POST.get("number", "")
    number = int(said) if said.isascii() and said.isdecimal() and len(said) < 5 else -1
    return actions.drop_cell(number=number, **_who(request, one))


_ACTS: dict[str, Any] = {
    "map": lambda request, one, form: actions.map_cell(**form.cleaned_data, **_who(request, one)),
    "drop": _drop,
    "replace": lambda request, one, form: actions.replace_file(
        **_file_of(form.cleaned_data["file"]), **_who(request, one)
    ),
    "remove": lambda request, one, form: actions.remove_form(
        **form.cleaned_data, **_who(request, one)
    ),
}


def _told(act: str) -> str:
    return {
        "map": _("Đã khai ô; xem trước ở bảng."),
        "drop": _("Đã bỏ ô khỏi bản khai."),
        "replace": _("Đã thay tệp; bản khai giữ nguyên, xem ô nào không còn hợp ở bảng."),
        "remove": _("Đã bỏ mẫu khỏi danh sách."),
    }[act]


def _finding(one: SuppliedForm, rows: int, wrong: int, has_figures: bool) -> str:
    if not rows:
        return _("Mẫu “%s” chưa khai ô nào.") % one.name
    if wrong:
        return _("Mẫu “%(name)s”: %(wrong)s trong %(all)s ô chưa điền được.") % {
            "name": one.name, "wrong": wrong, "all": rows,
        }  # fmt: skip
    if not has_figures:
        return _("Mẫu “%(name)s” đã khai %(all)s ô; chọn kỳ để xem trước.") % {
            "name": one.name, "all": rows,
        }  # fmt: skip
    return _("Mẫu “%(name)s”: điền được cả %(all)s ô.") % {"name": one.name, "all": rows}


# --- where the figures come from -----------------------------------------------------------------


def _query(request: ViewerRequest) -> str:
    names = (OF_CYCLE, "don-vi", "nam", "loai-ky", "tu", "den", "biet")
    kept = {name: said for name in names if (said := request.GET.get(name))}
    return f"?{urlencode(kept)}" if kept else ""


def _cycles(request: ViewerRequest, one: SuppliedForm) -> list[tuple[str, str]]:
    """The cycles in which the viewer's own committee decides."""
    if one.purpose != FormPurpose.CYCLE:
        return []
    own = [found for found in cycles_visible(request.viewer) if decides(request.viewer, found)]
    return [(str(found.pk), f"{found.year}, {found.name}") for found in own]


def _source(request: ViewerRequest, one: SuppliedForm) -> tuple[Cycle | None, Figures | None]:
    """The figures asked for; none for a form of a cycle while none is chosen."""
    viewer = request.viewer
    if one.purpose == FormPurpose.CYCLE:
        asked = request.GET.get(OF_CYCLE, "")
        if not asked:
            return None, None
        cycle = cycle_visible(viewer, _uuid(asked))
        check_committee(viewer, cycle)
        return cycle, cycle_figures(cycle, viewer, on=timezone.localdate())
    assert viewer.unit_id is not None, "whoever fills forms holds a role in a unit"
    if one.purpose == FormPurpose.PERIOD:
        question = period_asked(request)
        return None, period_figures(
            viewer, question.unit_id, question.period,
            known_at=question.known_at, now=question.now,
        )  # fmt: skip
    year = _year(request.GET.get("nam", ""), timezone.localdate())
    unit_id = _uuid(request.GET.get("don-vi", "") or str(viewer.unit_id))
    version = visible_unit(viewer, unit_id, min(dt.date(year, 12, 31), viewer.on))
    return None, unit_figures(version, viewer, year=year)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(_("Không tìm thấy nơi ấy trong phạm vi của đồng chí.")) from None


def _year(text: str, today: dt.date) -> int:
    said = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else today.year
    return said if 2014 <= said <= today.year else today.year


@require_safe
@needs(FILL)
def supplied_form_filled(request: ViewerRequest, form_id: UUID) -> HttpResponse:
    """The form with its figures, otherwise as it was supplied; ?mau=1 for the form itself."""
    one = form_visible(request.viewer, form_id)
    if request.GET.get("mau"):
        return _download(bytes(one.content), one.file_name)
    _cycle, figures = _source(request, one)
    if figures is None:
        raise InputError(_("Chọn kỳ xếp loại ở trang của mẫu rồi tải."))
    return _download(filled(one, figures), f"{one.file_name.removesuffix('.xlsx')}-da-dien.xlsx")


def _download(data: bytes, name: str) -> HttpResponse:
    disposition = content_disposition_header(True, name) or "attachment"
    headers = {"Content-Disposition": disposition}
    return HttpResponse(data, content_type=_XLSX, headers=headers)
