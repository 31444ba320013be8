"""Căn cứ: the rules in force on a day, each with its document and how sure we are of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vungmanh.access.permissions import can
from vungmanh.core.errors import NotFound
from vungmanh.core.vocabulary import Evidence
from vungmanh.rulebook import Rule, load_rulebook
from vungmanh.rulebook.book import NATIONAL, PROVINCE_PREFIX
from vungmanh.rulebook.values.sheets import MeetingSheet
from vungmanh.rulebook.wording import validity_text, value_lines
from vungmanh.strengthening.explore import EXPLORE
from vungmanh.web.access import needs
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.rulebook.topics import USES, by_topic


@dataclass(frozen=True)
class RuleEntry:
    """A rule as a page shows it."""

    rule: Rule
    lines: list[tuple[str, str]]  # (label, text) of its value
    documents: list[str]
    validity: str
    scope: str
    is_now: bool  # in force on the day looked at

    @classmethod
    def of(cls, rule: Rule, day: dt.date) -> RuleEntry:
        return cls(
            rule=rule,
            lines=value_lines(rule.value),
            documents=[document.name for document in (rule.document, *rule.guides)],
            validity=validity_text(rule),
            scope=_scope(rule.scope),
            is_now=rule.holds_on(day),
        )


def _scope(scope: str) -> str:
    if scope == NATIONAL:
        return _("Toàn quốc")
    if scope.startswith(PROVINCE_PREFIX):
        return scope.removeprefix(PROVINCE_PREFIX)
    return _("Mẫu để tỉnh ban hành")


@require_safe
@needs("rulebook.rule.view")
def rulebook(request: ViewerRequest) -> HttpResponse:
    """Every rule in force on a day, by topic: the last day of the period unless ?ngay= says."""
    book = load_rulebook()
    day, asked, error = _day(request)
    rules = book.on(day).rules
    sure = Counter(rule.evidence for rule in rules)
    context = {
        "day": day,
        "asked": asked,
        "error": error,
        "count": len(rules),
        "second_hand": sure[Evidence.SEC] + sure[Evidence.MEM],
        "templates": sure[Evidence.TEMPLATE],
        "topics": [
            (topic, [RuleEntry.of(rule, day) for rule in found]) for topic, found in by_topic(rules)
        ],
        "first_day": min(rule.valid_from for rule in book.rules),
        "version": book.version,
        "may_explore": can(request.viewer, EXPLORE),
    }
    return render(request, "rulebook/rulebook.html", context)


def _day(request: ViewerRequest) -> tuple[dt.date, str, str]:
    """The day to show, what was asked for, and why that could not be read."""
    asked = request.GET.get("ngay", "").strip()
    if not asked:
        return request.as_of, request.as_of.isoformat(), ""
    try:
        return dt.date.fromisoformat(asked), asked, ""
    except ValueError:
        return request.as_of, request.as_of.isoformat(), _("Không đọc được ngày đã gõ.")


@require_safe
@needs("rulebook.rule.view")
def rule(request: ViewerRequest, rule_id: str) -> HttpResponse:
    """One rule with what it is used for, and every version there was of it."""
    book = load_rulebook()
    found = next((one for one in book.rules if one.id == rule_id), None)
    if found is None:
        raise NotFound(_("Không có quy định này trong phần Căn cứ."), code="rule-not-found")
    context = {
        "entry": RuleEntry.of(found, request.as_of),
        "use": USES[found.key],
        "is_sheet": isinstance(found.value, MeetingSheet),
        "day": request.as_of,
        "history": [RuleEntry.of(one, request.as_of) for one in reversed(book.history(found.key))],
    }
    return render(request, "rulebook/rule.html", context)
