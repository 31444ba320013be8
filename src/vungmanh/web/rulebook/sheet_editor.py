"""Soạn bảng điểm: a draft as rows or as a text, with the checker beside it while it is typed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vungmanh.org.actions.own_rules import ADOPT
from vungmanh.org.models import OwnRule
from vungmanh.rulebook.values.words import (
    AbsentCriterion,
    CriterionMeasure,
    CriterionSource,
    CriterionWhen,
    SheetRescale,
)
from vungmanh.web.access import needs
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.rulebook.forms import SheetForm
from vungmanh.web.rulebook.sheet_acts import changed, is_saved
from vungmanh.web.rulebook.sheet_draft import SheetDraft, rows_of, sent_rows
from vungmanh.web.rulebook.sheets import checked_text, draft_of
from vungmanh.web.rulebook.year_editor import check_year, edit_year
from vungmanh.web.rulebook.year_sheets import YEAR_KEYS

#: What each drop-down of a row offers.
CHOICES = {
    "measures": CriterionMeasure,
    "whens": CriterionWhen,
    "absents": AbsentCriterion,
    "sources": CriterionSource,
    "rescales": SheetRescale,
}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(ADOPT)
def sheet_edit(request: ViewerRequest, draft_id: UUID) -> HttpResponse:
    """A draft with the checker beside it; saving keeps it even while it has faults."""
    draft = draft_of(draft_id)
    if draft.key.startswith(YEAR_KEYS):
        return edit_year(request, draft)
    if request.method != "POST":
        form = SheetForm(initial=_kept(draft))
        rows = None if request.GET.get("cach") == "chu" else rows_of(draft.text)
        return _page(request, draft, form, draft.text, rows)
    text, rows = _sent(request.POST, request.POST.get("act", ""))
    values = {**{name: request.POST.get(name, "") for name in ("title", "seen")}, "text": text}
    if request.POST.get("act"):  # rows come or go, or the other way to write: nothing is kept yet
        return _page(request, draft, SheetForm(initial=values), text, rows)
    form = SheetForm(values)
    if form.is_valid() and is_saved(request, draft, form):
        page = redirect("sheet_edit", draft.pk)
        if rows is None:
            page["Location"] += "?cach=chu"
        return page
    return _page(request, draft, form, text, rows)


@require_POST
@needs(ADOPT)
def sheet_check(request: ViewerRequest, draft_id: UUID) -> HttpResponse:
    """What the checker says of the sheet as it is being typed. Stores nothing."""
    draft = draft_of(draft_id)
    if draft.key.startswith(YEAR_KEYS):
        return check_year(request, draft)
    context = _checked(draft, *_sent(request.POST))
    return render(request, "rulebook/sheet_report.html", context)


def _kept(draft: OwnRule) -> dict[str, str]:
    return {"title": draft.title, "text": draft.text, "seen": draft.changed_at.isoformat()}


def _sent(data: QueryDict, act: str = "") -> tuple[str, SheetDraft | None]:
    """The text of what was typed, and its rows when it is edited in rows."""
    if data.get("way") != "rows":
        text = data.get("text", "")
        return text, rows_of(text) if act == "as_rows" else None
    rows = changed(sent_rows({name: data.get(name, "") for name in data}), act)
    return rows.text, None if act == "as_text" else rows


def _checked(draft: OwnRule, text: str, rows: SheetDraft | None) -> dict[str, Any]:
    slip = rows.slip() if rows is not None else None
    if slip is None:
        return checked_text(draft.key, text)
    code, number, line = slip
    said = _("tiêu chí %(code)s, mức thứ %(n)s: chưa hiểu “%(line)s”. Ghi như “5: từ 90%%”.")
    return {"unreadable": said % {"code": code, "n": number, "line": line}}


def _page(
    request: ViewerRequest, draft: OwnRule, form: SheetForm, text: str, rows: SheetDraft | None
) -> HttpResponse:
    act = request.POST.get("act", "")
    context = {
        "draft": draft,
        "form": form,
        "sheet": rows,
        "no_rows": act == "as_rows" and rows is None,
        **{name: [(one.value, _(one.label)) for one in kind] for name, kind in CHOICES.items()},
        **_checked(draft, text, rows),
    }
    status = 422 if form.is_bound else 200
    return render(request, "rulebook/sheet_edit.html", context, status=status)
