"""Soạn bảng tiêu chí năm: the sheet of a yearly grade as rows, with the checker at its fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from vungmanh.access.permissions import check_can
from vungmanh.org.models import OwnRule
from vungmanh.rulebook import Rule, RulebookError, load_rulebook
from vungmanh.rulebook.values.words import SheetPart
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.rulebook.forms import SheetForm
from vungmanh.web.rulebook.sheet_acts import changed, is_saved
from vungmanh.web.rulebook.year_draft import YearDraft, sent_year_rows, year_rows_of
from vungmanh.web.rulebook.year_sheets import Checked, checked_year, rules_beside

COMPLETE = "evaluation.sheet.complete"


def edit_year(request: ViewerRequest, draft: OwnRule) -> HttpResponse:
    """A draft of a year's sheet; saving keeps it even while it has faults."""
    check_can(request.viewer, COMPLETE)
    if request.method != "POST":
        kept = {"title": draft.title, "text": draft.text, "seen": draft.changed_at.isoformat()}
        return _page(request, draft, SheetForm(initial=kept), draft.text)
    act = request.POST.get("act", "")
    rows = changed(_sent(request.POST, draft), act)
    values = {**{name: request.POST.get(name, "") for name in ("title", "seen")}, "text": rows.text}
    if act:  # rows come or go: nothing is kept yet
        return _page(request, draft, SheetForm(initial=values), rows.text, rows)
    form = SheetForm(values)
    if form.is_valid() and is_saved(request, draft, form):
        return redirect("sheet_edit", draft.pk)
    return _page(request, draft, form, rows.text)


def check_year(request: ViewerRequest, draft: OwnRule) -> HttpResponse:
    """What the checker says of the rows as they are being typed. Stores nothing."""
    check_can(request.viewer, COMPLETE)
    rows = _sent(request.POST, draft)
    checked = checked_year(draft.key, rows.text)
    context = {**_report(rows, checked), "typing": True}
    return render(request, "rulebook/year_report.html", context)


def _sent(data: QueryDict, draft: OwnRule) -> YearDraft:
    """The rows of the form; several facts of a row come under one name."""
    sent: Mapping[str, str] = {
        name: ",".join(data.getlist(name)) if name.endswith("-facts") else data.get(name, "")
        for name in data
    }
    return sent_year_rows(sent, year_rows_of(draft.text))


def _report(rows: YearDraft | None, checked: Checked) -> dict[str, Any]:
    """The report with, beside each finding, the row it is about."""
    found = checked.context.get("findings", [])
    places = [(one, rows.place_of(one.place) if rows else "") for one in found]
    marked = rows.marked(checked.wrong) if rows else None
    return {
        **checked.context,
        "placed": places,
        "sheet": marked,
        "marks": [(name, row.wrong.values()) for name, row in marked.rows()] if marked else [],
    }


def _page(
    request: ViewerRequest,
    draft: OwnRule,
    form: SheetForm,
    text: str,
    rows: YearDraft | None = None,
) -> HttpResponse:
    """`rows` where they say more than the text: which one was added just now."""
    rows = rows or year_rows_of(text)
    context = {
        "draft": draft,
        "form": form,
        "cuts": _cuts(rows),
        "parts": [(one.value, _(one.label)) for one in SheetPart],
        "copied": _copied(draft),
        "beside": rules_beside(text, request.as_of),
        **_report(rows, checked_year(draft.key, text)),
    }
    status = 422 if form.is_bound else 200
    return render(request, "rulebook/year_edit.html", context, status=status)


def _copied(draft: OwnRule) -> Rule | None:
    return next((one for one in load_rulebook().rules if one.id == draft.copied_from), None)


def _cuts(rows: YearDraft | None) -> list[tuple[str, str, str]]:
    """Grade, its label in the scale of the sheet's first year, and its points as typed."""
    if rows is None or not rows.cuts:
        return []
    try:
        scale = load_rulebook().grade_scale(int(rows.head.get("first_year", "")))
    except (ValueError, RulebookError):
        return [(grade, grade, points) for grade, points in rows.cuts]
    labels = {one.code: one.label for one in scale.grades}
    return [(grade, labels.get(grade, grade), points) for grade, points in rows.cuts]
