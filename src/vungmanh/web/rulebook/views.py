"""Căn cứ: the rules in force on a day, each with its document and how sure we are of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vungmanh.access.permissions import can
from vungmanh.core.errors import NotFound
from vungmanh.core.vocabulary import Evidence
from vungmanh.org.actions.own_rules import ADOPT
from vungmanh.org.own_rules import home_scope
from vungmanh.rulebook import Rule, load_rulebook
from vungmanh.rulebook.book import NATIONAL, PROVINCE_PREFIX
from vungmanh.rulebook.coverage import coverage
from vungmanh.rulebook.values.cycles import GradeDeadlines
from vungmanh.rulebook.values.sheets import MeetingSheet
from vungmanh.rulebook.values.words import CoverageState
from vungmanh.rulebook.values.year_sheets import YearSheet
from vungmanh.rulebook.wording import validity_text, value_lines
from vungmanh.strengthening.explore import EXPLORE
from vungmanh.web.access import needs
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.rulebook.topics import TOPICS, USES, by_topic

BRIEF = 320  # letters of a rule that a list of rules shows


@dataclass(frozen=True)
class RuleEntry:
    """A rule as a page shows it."""

    rule: Rule
    lines: list[tuple[str, str]]  # (label, text) of its value
    documents: list[str]
    validity: str
    scope: str
    is_now: bool  # in force on the day looked at

    @property
    def brief(self) -> list[tuple[str, str]]:
        """As many of its lines as a list of rules has room for; the rest is on its own page."""
        room = accumulate(len(label) + len(text) for label, text in self.lines)
        return [line for line, used in zip(self.lines, room, strict=True) if used <= BRIEF]

    @property
    def more(self) -> int:
        return len(self.lines) - len(self.brief)

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
    if scope == home_scope():
        return _("Tỉnh")
    if scope.startswith(PROVINCE_PREFIX):
        return scope.removeprefix(PROVINCE_PREFIX)
    return _("Mẫu để tỉnh ban hành")


@require_safe
@needs("rulebook.rule.view")
def rulebook(request: ViewerRequest) -> HttpResponse:
    """Every rule in force on a day, by topic: the last day of the period unless ?ngay= says."""
    book = load_rulebook()
    day, asked, error = _day(request)
    everything = book.on(day).rules
    wanted = tuple(request.GET.get(name, "") for name in ("chu-de", "chac", "pham-vi"))
    rules = [rule for rule in everything if _is_wanted(rule, *wanted)]
    sure = Counter(rule.evidence for rule in rules)
    context = {
        "day": day,
        "asked": asked,
        "error": error,
        "count": len(rules),
        "nothing_at_all": not everything,
        "topic": wanted[0],
        "evidence": wanted[1],
        "scope": wanted[2],
        "all_topics": [("", _("Tất cả")), *((one.slug, one.title) for one in TOPICS)],
        "evidences": [("", _("Tất cả")), *((one.value, _(one.label)) for one in Evidence)],
        "scopes": [("", _("Tất cả")), *((one, _scope(one)) for one in _scopes(everything))],
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


def _is_wanted(rule: Rule, topic: str, evidence: str, scope: str) -> bool:
    about = next(one.slug for one in TOPICS if rule.key in one.uses)
    asked = ((topic, about), (evidence, rule.evidence.value), (scope, rule.scope))
    return all(one in {"", has} for one, has in asked)


def _scopes(rules: Iterable[Rule]) -> list[str]:
    return sorted({rule.scope for rule in rules})


def _day(request: ViewerRequest) -> tuple[dt.date, str, str]:
    """The day to show, what was asked for, and why that could not be read."""
    return _read_day(request, "ngay")


def _read_day(request: ViewerRequest, name: str) -> tuple[dt.date, str, str]:
    asked = request.GET.get(name, "").strip()
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
        "why": book.on(request.as_of).why(found.key),
        "is_sheet": isinstance(found.value, MeetingSheet | YearSheet),
        "may_set_days": isinstance(found.value, GradeDeadlines) and can(request.viewer, ADOPT),
        "day": request.as_of,
        "history": [RuleEntry.of(one, request.as_of) for one in reversed(book.history(found.key))],
    }
    return render(request, "rulebook/rule.html", context)


@require_safe
@needs("rulebook.rule.view")
def rule_compare(request: ViewerRequest) -> HttpResponse:
    """What is ruled differently on two days; without days, the last day looked at a year apart."""
    before, before_asked, before_error = _read_day(request, "truoc")
    after, after_asked, after_error = _read_day(request, "sau")
    if not request.GET.get("truoc"):
        before = after - dt.timedelta(days=365)
        before_asked = before.isoformat()
    if before > after:
        before, after, before_asked, after_asked = after, before, after_asked, before_asked
    found = load_rulebook().compare(before, after)
    context = {
        "before": before,
        "after": after,
        "asked": (before_asked, after_asked),
        "error": before_error or after_error,
        "found": found,
        "changed": sum(one.before is not None and one.after is not None for one in found),
        "added": sum(one.before is None for one in found),
        "gone": sum(one.after is None for one in found),
    }
    return render(request, "rulebook/compare.html", context)


@require_safe
@needs("rulebook.rule.view")
def rule_coverage(request: ViewerRequest) -> HttpResponse:
    """How far the rules of the field are modelled, and what must be asked of whom."""
    items = coverage()
    states = [(state, [one for one in items if one.state is state]) for state in CoverageState]
    context = {"states": states, "counts": {state.value: len(found) for state, found in states}}
    return render(request, "rulebook/coverage.html", context)
