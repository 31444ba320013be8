"""Bảng điểm sinh hoạt chi bộ: the sheets there are, each with what the checker says; own drafts."""

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
from vungmanh.org.models import OwnRule
from vungmanh.org.own_rules import own_rule, own_rules, read_value, text_of
from vungmanh.rulebook import Rule, RulebookError, load_rulebook
from vungmanh.rulebook.checking import SheetReport, check_sheet
from vungmanh.rulebook.values import MeetingGrades
from vungmanh.rulebook.values.sheets import MeetingFrame, MeetingSheet, RegularMeetingSheet
from vungmanh.web.access import needs
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.rulebook import sheet_words as words
from vungmanh.web.rulebook.forms import AcceptForm, PaperForm
from vungmanh.web.rulebook.own import tried_action

VIEW = "rulebook.rule.view"
SHEET_KEYS = "meeting_sheet"


@require_safe
@needs(VIEW)
def sheets(request: ViewerRequest) -> HttpResponse:
    """Every sheet the rulebook knows, and the drafts of the province."""
    found = [
        (rule, _check(rule.value))
        for rule in load_rulebook().rules
        if isinstance(rule.value, MeetingSheet)
    ]
    drafts = []
    if can(request.viewer, ADOPT):
        drafts = list(own_rules(key=SHEET_KEYS).filter(state=OwnRuleState.DRAFT))
    context = {
        "rows": [(rule, words.report_finding(report)) for rule, report in found],
        "drafts": drafts,
        "faulty": sum(not report.is_sound for _rule, report in found),
    }
    return render(request, "rulebook/sheets.html", context)


@require_safe
@needs(VIEW)
def sheet(request: ViewerRequest, sheet_id: str) -> HttpResponse:
    """One sheet of the rulebook with the checker beside it."""
    rule = _sheet_rule(sheet_id)
    assert isinstance(rule.value, MeetingSheet)
    context = {
        "rule": rule,
        "rows": words.criterion_rows(rule.value),
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
        if rule.id == rule_id and isinstance(rule.value, MeetingSheet):
            return rule
    raise NotFound(_("Không có bảng điểm này trong phần Căn cứ."), code="sheet-not-found")


def draft_of(draft_id: UUID) -> OwnRule:
    rule = own_rule(draft_id)
    if rule.state != OwnRuleState.DRAFT or not rule.key.startswith(SHEET_KEYS):
        raise NotFound(
            _("Không có bản nháp này. Mở lại danh sách bảng điểm."), code="draft-not-found"
        )
    return rule


def _bands() -> MeetingGrades | None:
    """The grades of meetings by the youngest rule there is."""
    known = load_rulebook().history(MeetingGrades.key)
    value = known[-1].value if known else None
    return value if isinstance(value, MeetingGrades) else None


def _check(sheet_: MeetingSheet) -> SheetReport:
    return check_sheet(sheet_, _bands())


def checked_text(key: str, text: str) -> dict[str, Any]:
    """The report of a text, or why it cannot be read."""
    try:
        value = read_value(key, text)
    except RulebookError as error:
        return {"unreadable": error.message}
    assert isinstance(value, MeetingSheet)
    return {"rows": words.criterion_rows(value), **_report(value)}


def _report(value: MeetingSheet) -> dict[str, Any]:
    report = _check(value)
    return {
        "report": report,
        "report_finding": words.report_finding(report),
        "findings": words.finding_rows(report.findings),
        "ranges": words.range_rows(report),
        "absences": words.absence_bars(report),
        "absence_costs": any(one.points for one in report.absences),
    }
