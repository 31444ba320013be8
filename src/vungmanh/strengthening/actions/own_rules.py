"""Thresholds as rules of the province: adopting, withdrawing while unused, judging anew."""

from __future__ import annotations

import dataclasses
import datetime as dt
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

import yaml
from django.db import transaction
from django.db.models import QuerySet

from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotNow
from vungmanh.core.periods import last_day, month_label
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import OwnRuleState
from vungmanh.evaluation.models import Cycle
from vungmanh.org.actions import own_rules as actions
from vungmanh.org.actions.own_rules import Paper
from vungmanh.org.models import OwnRule
from vungmanh.org.own_rules import own_rule, rule_id
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values import MeetingSheet, Value
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.models import AssessmentRun
from vungmanh.strengthening.rules import fact_rules
from vungmanh.strengthening.thresholds import BY_CODE

_NOT_ASSESSED = (MeetingSheet.key, "year_sheet", "grade_", "award_")


def months_judged_by(rule: OwnRule) -> list[AssessmentRun]:
    """The assessments made since its adoption that end on a day it holds, oldest first."""
    return [run for run in _runs(rule) if rule.adopted_at and run.at >= rule.adopted_at]


def months_to_judge_anew(rule: OwnRule) -> list[AssessmentRun]:
    """The assessments on days it holds that were made before it was adopted."""
    return [run for run in _runs(rule) if rule.adopted_at and run.at < rule.adopted_at]


def _runs(rule: OwnRule) -> list[AssessmentRun]:
    """Those on days it holds; none of what no assessment reads: sheets, rules of the rating."""
    if rule.state != OwnRuleState.ADOPTED or rule.key.startswith(_NOT_ASSESSED):
        return []
    runs: QuerySet[AssessmentRun] = AssessmentRun.objects.order_by("month")
    start, end = rule.valid_from or dt.date.max, rule.valid_to or dt.date.max
    return [run for run in runs if start <= last_day(run.month) < end]


@transaction.atomic
def adopt_threshold(
    *, code: str, number: int, title: str, paper: Paper, by: Viewer, at: dt.datetime
) -> OwnRule:
    """Make a threshold that was tried the province's own rule; all else of the rule as it stands.

    Raises InputError for a number out of bounds or already in force, and for a paper that cannot
    stand.
    """
    check_can(by, actions.ADOPT)
    threshold, book = BY_CODE[code], load_rulebook()
    rules = fact_rules(book, paper.valid_from)
    threshold.check(number, rules)
    if number == threshold.of(rules):
        raise InputError(
            f"Ngày {date_vi(paper.valid_from)} ngưỡng này đã là {number}; không có gì để đổi.",
            field="valid_from",
        )
    present = book.on(paper.valid_from).rule(threshold.key)
    draft = actions.draft_rule(
        key=threshold.key,
        title=title,
        text=_yaml(threshold.value(present.value, number)),
        copied_from=present.id,
        by=by,
        at=at,
    )
    return actions.adopt_rule(own_rule_id=draft.pk, paper=paper, by=by, at=at)


def _yaml(value: Value) -> str:
    """A flat value as the rulebook writes it."""
    fields = dataclasses.asdict(cast(Any, value))
    plain = {name: str(one) if isinstance(one, StrEnum) else one for name, one in fields.items()}
    return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False)


@transaction.atomic
def withdraw_rule(*, own_rule_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> OwnRule:
    """Take a rule back. Raises NotNow once an assessment or a yearly rating rests on it: then it
    can only end."""
    check_can(by, actions.ADOPT)
    rule = own_rule(own_rule_id)
    cycle = Cycle.objects.filter(rules__contains={rule.key: rule_id(rule)}).first()
    if cycle is not None:
        raise NotNow(
            f"Kỳ xếp loại năm {cycle.year} của {cycle.name} làm theo quy định này nên không rút"
            " được nữa. Ghi ngày hết hiệu lực cho nó thay vì rút.",
            code="own-rule-used",
        )
    used = months_judged_by(rule)
    if used:
        raise NotNow(
            f"Kỳ {month_label(used[0].month)} đã tính theo quy định này nên không rút được nữa."
            " Ghi ngày hết hiệu lực cho nó thay vì rút.",
            code="own-rule-used",
        )
    return actions.withdraw_rule(own_rule_id=own_rule_id, reason=reason, by=by, at=at)


@transaction.atomic
def judge_anew(*, own_rule_id: UUID, by: Viewer, at: dt.datetime) -> list[AssessmentRun]:
    """Assess again the months on which the rule holds and that were assessed before it."""
    check_can(by, actions.ADOPT)
    months = [run.month for run in months_to_judge_anew(own_rule(own_rule_id))]
    return assess_months(months=months, by=by.user, at=at)
