"""Quy định của tỉnh: what the province itself laid down, adopted and taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vungmanh.access.permissions import can
from vungmanh.core.errors import InputError, NotNow
from vungmanh.core.periods import month_label
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import OwnRuleState
from vungmanh.org.actions.own_rules import ADOPT, end_rule
from vungmanh.org.models import OwnRule
from vungmanh.org.own_rules import no_such_own_rule, own_rule, own_rules, rule_id
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.sheets import MeetingSheet
from vungmanh.rulebook.values.year_sheets import YearSheet
from vungmanh.strengthening.actions.own_rules import (
    adopt_threshold,
    judge_anew,
    months_judged_by,
    months_to_judge_anew,
    withdraw_rule,
)
from vungmanh.strengthening.explore import EXPLORE
from vungmanh.strengthening.queries import run_of
from vungmanh.web.access import needs
from vungmanh.web.people.forms import ReasonForm
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.rulebook.explore import threshold_explorer, try_number
from vungmanh.web.rulebook.forms import EndRuleForm, PaperForm

VIEW = "rulebook.rule.view"
SHEETS = (MeetingSheet.key, YearSheet.key)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(ADOPT)
def threshold_adopt(request: ViewerRequest) -> HttpResponse:
    """The document with which a threshold that was tried becomes the province's own rule."""
    run = run_of(request.period)
    if run is None:
        return render(request, "rulebook/explore_empty.html")
    found, tried = try_number(request, run)
    if not tried.is_moved and request.method != "POST":
        return threshold_explorer(request)  # nothing was tried yet
    form = PaperForm(request.POST or None)
    title = f"{tried.label}: {number_vi(tried.number)}"
    if request.method == "POST" and form.is_valid():
        code, number = tried.threshold.code, tried.number
        adopted = tried_action(
            form,
            lambda: adopt_threshold(
                code=code,
                number=number,
                title=title,
                paper=form.paper(),
                by=request.viewer,
                at=timezone.now(),
            ),
        )
        if adopted is not None:
            messages.success(request, _("Đã đưa vào dùng. Rút lại được khi chưa kỳ nào tính theo."))
            return redirect("own_rule", adopted.pk)
    context = {"form": form, "tried": tried, "found": found}
    return render(request, "rulebook/adopt.html", context, status=422 if form.is_bound else 200)


def tried_action(form: forms.Form, action: Callable[[], Any]) -> Any:
    """What the action returns; None when it refused, with its sentence put into the form."""
    try:
        return action()
    except InputError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
    except NotNow as error:
        form.add_error(None, error.message)
    return None


@require_safe
@needs(VIEW)
def own_rule_list(request: ViewerRequest) -> HttpResponse:
    """Everything the province wrote; drafts only to those who may adopt them."""
    rules = own_rules()
    may_adopt = can(request.viewer, ADOPT)
    if not may_adopt:
        rules = rules.exclude(state=OwnRuleState.DRAFT)
    found = list(rules)
    context = {
        "rules": found,
        "adopted": sum(rule.state == OwnRuleState.ADOPTED for rule in found),
        "drafts": sum(rule.state == OwnRuleState.DRAFT for rule in found),
        "may_explore": can(request.viewer, EXPLORE),
    }
    return render(request, "rulebook/own_list.html", context)


@require_safe
@needs(VIEW)
def own_rule_page(request: ViewerRequest, own_rule_id: UUID) -> HttpResponse:
    """One rule of the province: its document, who adopted it, what was judged by it."""
    rule = own_rule(own_rule_id)
    if rule.state == OwnRuleState.DRAFT and not can(request.viewer, ADOPT):
        raise no_such_own_rule()
    return _page(request, rule)


@require_POST
@needs(ADOPT)
def own_rule_end(request: ViewerRequest, own_rule_id: UUID) -> HttpResponse:
    """Give it a last day."""
    form = EndRuleForm(request.POST)
    if form.is_valid():
        ended = tried_action(
            form,
            lambda: end_rule(
                own_rule_id=own_rule_id, by=request.viewer, at=timezone.now(), **form.cleaned_data
            ),
        )
        if ended is not None:
            messages.success(request, _("Đã ghi ngày hết hiệu lực."))
            return redirect("own_rule", own_rule_id)
    return _page(request, own_rule(own_rule_id), ending=form)


@require_POST
@needs(ADOPT)
def own_rule_withdraw(request: ViewerRequest, own_rule_id: UUID) -> HttpResponse:
    """Take it back while nothing rests on it."""
    form = ReasonForm(request.POST)
    if form.is_valid():
        withdrawn = tried_action(
            form,
            lambda: withdraw_rule(
                own_rule_id=own_rule_id, by=request.viewer, at=timezone.now(), **form.cleaned_data
            ),
        )
        if withdrawn is not None:
            messages.success(request, _("Đã rút quy định; mọi việc lại tính như trước đó."))
            return redirect("own_rule", own_rule_id)
    return _page(request, own_rule(own_rule_id), withdrawing=form)


@require_POST
@needs(ADOPT)
def own_rule_judge(request: ViewerRequest, own_rule_id: UUID) -> HttpResponse:
    """Assess anew what was assessed before the rule was adopted."""
    runs = judge_anew(own_rule_id=own_rule_id, by=request.viewer, at=timezone.now())
    if runs:
        messages.success(
            request,
            _("Đã tính lại %(n)s kỳ, đến hết %(month)s.")
            % {"n": len(runs), "month": month_label(runs[-1].month)},
        )
        return redirect("own_rule", own_rule_id)
    return _page(request, own_rule(own_rule_id))


def _page(
    request: ViewerRequest,
    rule: OwnRule,
    *,
    ending: forms.Form | None = None,
    withdrawing: forms.Form | None = None,
) -> HttpResponse:
    used, anew = months_judged_by(rule), months_to_judge_anew(rule)
    acts = can(request.viewer, ADOPT)
    is_adopted = rule.state == OwnRuleState.ADOPTED
    context = {
        "rule": rule,
        "rule_id": rule_id(rule) if is_adopted else "",
        "before": _before(rule),
        "may_edit": rule.state == OwnRuleState.DRAFT and rule.key.startswith(SHEETS),
        "used": used,
        "anew": anew,
        "may_judge": acts and bool(anew),
        "ending": (ending or EndRuleForm()) if acts and is_adopted else None,
        "withdrawing": (withdrawing or ReasonForm())
        if acts and rule.state != OwnRuleState.WITHDRAWN and not used
        else None,
    }
    status = 422 if ending or withdrawing else 200
    return render(request, "rulebook/own_rule.html", context, status=status)


def _before(rule: OwnRule) -> Any:
    """The rule it was copied from, where the rulebook still has it."""
    return next((one for one in load_rulebook().rules if one.id == rule.copied_from), None)
