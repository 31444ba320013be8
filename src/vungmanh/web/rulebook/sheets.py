"""Bảng điểm: sheets of meetings and of years, each with what the checker says; own drafts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vungmanh.access.permissions import can
from vungmanh.core.errors import NotFound
from vungmanh.core.vocabulary import OwnRuleState, Severity
from vungmanh.org.actions.own_rules import ADOPT, adopt_rule, draft_rule
from vungmanh.org.actions.own_sheets import report_of
from vungmanh.org.models import OwnRule
from vungmanh.org.own_rules import own_rule, own_rules, read_value, text_of
from vungmanh.rulebook import Rule, RulebookError, load_rulebook
from vungmanh.rulebook.values import Value
from vungmanh.rulebook.values.sheets import MeetingFrame, MeetingSheet, RegularMeetingSheet
from vungmanh.rulebook.values.year_sheets import YearSheet
from vungmanh.web.access import needs
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.rulebook import sheet_words as words
from vungmanh.web.rulebook.forms import AcceptForm, PaperForm
from vungmanh.web.rulebook.own import tried_action
from vungmanh.web.rulebook.year_sheets import YEAR_KEYS, checked_year, year_report

VIEW = "rulebook.rule.view"
SHEET_KEYS = ("meeting_sheet", YEAR_KEYS)


@require_safe
@needs(VIEW)
def sheets(request: ViewerRequest) -> HttpResponse:
    """Every sheet the rulebook knows, and the drafts of the province."""
    found = [
        (rule, report)
        for rule in load_rulebook().rules
        if (report := report_of(rule.value)) is not None
    ]
    rows = [(rule, words.report_finding(report)) for rule, report in found]
    drafts = []
    if can(request.viewer, ADOPT):
        drafts = [
            one
            for one in own_rules().filter(state=OwnRuleState.DRAFT)
            if one.key.startswith(SHEET_KEYS)
        ]
    context = {
        "count": len(rows),
        "kinds": [
            (_("Sinh hoạt chi bộ"), [one for one in rows if not _is_year(one[0])]),
            (_("Xếp loại năm"), [one for one in rows if _is_year(one[0])]),
        ],
        "drafts": drafts,
        "faulty": sum(not report.is_sound for _rule, report in found),
    }
    return render(request, "rulebook/sheets.html", context)


@require_safe
@needs(VIEW)
def sheet(request: ViewerRequest, sheet_id: str) -> HttpResponse:
    """One sheet of the rulebook with the checker beside it."""
    rule = _sheet_rule(sheet_id)
    context = {
        "rule": rule,
        "may_copy": can(request.viewer, ADOPT),
        **_report(rule.value),
    }
    return render(request, "rulebook/sheet.html", context)


@require_POST
@needs(ADOPT)
def sheet_copy(request: ViewerRequest, sheet_id: str) -> HttpResponse:
    """A draft of the province's own, the same to the letter."""
    rule = _sheet_rule(sheet_id)
    key = RegularMeetingSheet.key if rule.key == MeetingFrame.key else rule.key
    draft = draft_rule(
        key=key,
        title=_("Bản của tỉnh: %s") % rule.title,
        text=text_of(rule),
        copied_from=rule.id,
        by=request.viewer,
        at=timezone.now(),
    )
    messages.success(request, _("Đã sao chép. Sửa ở đây; chưa ai bị xét theo bản này."))
    return redirect("sheet_edit", draft.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(ADOPT)
def sheet_adopt(request: ViewerRequest, draft_id: UUID) -> HttpResponse:
    """The document with which a draft is put in force; faults are told before it is sent."""
    draft = draft_of(draft_id)
    checked = checked_text(draft.key, draft.text)
    report = checked.get("report")
    form_class = AcceptForm if report and report.of(Severity.WARNING) else PaperForm
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        adopted = tried_action(
            form,
            lambda: adopt_rule(
                own_rule_id=draft.pk,
                paper=form.paper(),
                because=form.cleaned_data.get("because", ""),
                by=request.viewer,
                at=timezone.now(),
            ),
        )
        if adopted is not None:
            messages.success(request, _("Đã đưa bảng điểm vào dùng."))
            return redirect("own_rule", adopted.pk)
    context = {"draft": draft, "form": form, **checked}
    status = 422 if form.is_bound else 200
    return render(request, "rulebook/sheet_adopt.html", context, status=status)


# --- reading and checking ----------------------------------------------------------------------


def _sheet_rule(rule_id: str) -> Rule:
    for rule in load_rulebook().rules:
        if rule.id == rule_id and isinstance(rule.value, MeetingSheet | YearSheet):
            return rule
    raise NotFound(_("Không có bảng điểm này trong phần Căn cứ."), code="sheet-not-found")


def draft_of(draft_id: UUID) -> OwnRule:
    rule = own_rule(draft_id)
    if rule.state != OwnRuleState.DRAFT or not rule.key.startswith(SHEET_KEYS):
        raise NotFound(
            _("Không có bản nháp này. Mở lại danh sách bảng điểm."), code="draft-not-found"
        )
    return rule


def _is_year(rule: Rule) -> bool:
    return isinstance(rule.value, YearSheet)


def checked_text(key: str, text: str) -> dict[str, Any]:
    """The report of a text, or why it cannot be read."""
    if key.startswith(YEAR_KEYS):
        return dict(checked_year(key, text).context)
    try:
        value = read_value(key, text)
    except RulebookError as error:
        return {"unreadable": error.message}
    return _report(value)


def _report(value: Value) -> dict[str, Any]:
    if isinstance(value, YearSheet):
        return year_report(value)
    assert isinstance(value, MeetingSheet)
    report = report_of(value)
    assert report is not None
    return {
        "rows": words.criterion_rows(value),
        "report": report,
        "report_finding": words.report_finding(report),
        "findings": words.finding_rows(report.findings),
        "ranges": words.range_rows(report),
        "absences": words.absence_bars(report),
        "absence_costs": any(one.points for one in report.absences),
    }
