"""Drafting a rule of the province, adopting it with its document, ending or withdrawing it.

Whoever withdraws a rule must know that nothing rests on it; `org` cannot know that, so pages call
`strengthening.actions.own_rules.withdraw_rule`, which asks first.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotNow
from vungmanh.core.text import date_vi, nfc
from vungmanh.core.vocabulary import OwnRuleState
from vungmanh.org.actions.own_sheets import check_adoptable
from vungmanh.org.models import OwnRule
from vungmanh.org.own_rules import (
    forget,
    home_scope,
    own_rule,
    rule_id,
    rule_text,
    source,
)
from vungmanh.rulebook import RulebookError, read_rulebook
from vungmanh.rulebook.loader import DATA

ADOPT = "rulebook.rule.adopt"


@dataclass(frozen=True)
class Paper:
    """The document a rule is adopted with, and the days it holds."""

    issuer: str
    type: str
    number: str
    issued_on: dt.date
    valid_from: dt.date
    valid_to: dt.date | None = None
    note: str = ""


@transaction.atomic
def draft_rule(
    *, key: str, title: str, text: str, copied_from: str = "", by: Viewer, at: dt.datetime
) -> OwnRule:
    """A new draft; nobody is judged by it until it is adopted."""
    check_can(by, ADOPT)
    rule = OwnRule.objects.create(
        key=key,
        scope=home_scope(),
        title=_title(title),
        text=nfc(text),
        copied_from=copied_from,
        state=OwnRuleState.DRAFT,
        drafted_by=by.user,
        drafted_at=at,
        changed_at=at,
    )
    _record("own_rule.drafted", rule, by=by, at=at)
    return rule


@transaction.atomic
def revise_rule(
    *, own_rule_id: UUID, title: str, text: str, seen: dt.datetime, by: Viewer, at: dt.datetime
) -> OwnRule:
    """Write a draft anew. `seen` is `changed_at` of the state that was edited.

    Raises Conflict when somebody saved it meanwhile, NotNow when it is no draft any more.
    """
    check_can(by, ADOPT)
    rule = _locked(own_rule_id)
    _check_state(rule, OwnRuleState.DRAFT)
    if rule.changed_at != seen:
        raise Conflict(
            "Bản này vừa được người khác lưu. Chép phần đã gõ ra ngoài, tải lại trang rồi sửa.",
            code="own-rule-changed",
        )
    rule.title, rule.text, rule.changed_at = _title(title), nfc(text), at
    rule.save(update_fields=["title", "text", "changed_at"])
    _record("own_rule.revised", rule, by=by, at=at)
    return rule


@transaction.atomic
def adopt_rule(
    *, own_rule_id: UUID, paper: Paper, because: str = "", by: Viewer, at: dt.datetime
) -> OwnRule:
    """Put a draft in force with its document.

    Raises InputError for a paper or a text that cannot stand, with the field and the remedy: days
    that overlap another rule of the province, a document dated after its first day.
    """
    check_can(by, ADOPT)
    with connection.cursor() as cursor:  # two at once: the second sees the first
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('org.own_rules'))")
    rule = _locked(own_rule_id)
    _check_state(rule, OwnRuleState.DRAFT)
    _put(rule, paper, today=localdate(at))
    _check_days(rule)
    rule.state, rule.adopted_by, rule.adopted_at = OwnRuleState.ADOPTED, by.user, at
    rule.accepted_because, rule.changed_at = nfc(because.strip()), at
    _check_in_rulebook(rule)
    check_adoptable(rule)
    rule.save()
    forget()
    _record("own_rule.adopted", rule, by=by, at=at)
    return rule


@transaction.atomic
def end_rule(
    *, own_rule_id: UUID, valid_to: dt.date, reason: str, by: Viewer, at: dt.datetime
) -> OwnRule:
    """Let an adopted rule hold until before `valid_to`. The past is not rewritten: not before `at`.

    Raises InputError (`valid_to`, `reason`), NotNow when it is not in force.
    """
    check_can(by, ADOPT)
    rule = _locked(own_rule_id)
    _check_state(rule, OwnRuleState.ADOPTED)
    assert rule.valid_from is not None
    earliest = max(rule.valid_from + dt.timedelta(days=1), localdate(at))
    if valid_to < earliest:
        raise InputError(
            f"Chọn một ngày từ {date_vi(earliest)} trở đi; những ngày đã qua không viết lại.",
            field="valid_to",
        )
    if rule.valid_to is not None and valid_to > rule.valid_to:
        raise InputError(
            f"Quy định này hết hiệu lực từ {date_vi(rule.valid_to)}; chỉ rút ngắn được thôi.",
            field="valid_to",
        )
    rule.valid_to, rule.reason, rule.changed_at = valid_to, _reason(reason), at
    rule.save(update_fields=["valid_to", "reason", "changed_at"])
    forget()
    _record("own_rule.ended", rule, by=by, at=at)
    return rule


@transaction.atomic
def withdraw_rule(*, own_rule_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> OwnRule:
    """Take back a draft, or a rule on which the caller knows that nothing rests.

    Raises NotNow when it was withdrawn before.
    """
    check_can(by, ADOPT)
    rule = _locked(own_rule_id)
    if rule.state == OwnRuleState.WITHDRAWN:
        raise NotNow("Quy định này đã được rút trước đó.", code="own-rule-state")
    rule.state, rule.withdrawn_by, rule.withdrawn_at = OwnRuleState.WITHDRAWN, by.user, at
    rule.reason, rule.changed_at = _reason(reason), at
    rule.save()
    forget()
    _record("own_rule.withdrawn", rule, by=by, at=at)
    return rule


# --- checks ------------------------------------------------------------------------------------


def _locked(own_rule_id: UUID) -> OwnRule:
    own_rule(own_rule_id)
    return OwnRule.objects.select_for_update().get(pk=own_rule_id)


def _check_state(rule: OwnRule, wanted: OwnRuleState) -> None:
    if rule.state != wanted:
        label = OwnRuleState(rule.state).label.lower()
        raise NotNow(
            f"Quy định này {label}, nên không làm được việc ấy nữa. Tải lại trang để xem.",
            code="own-rule-state",
        )


def _title(title: str) -> str:
    title = " ".join(nfc(title).split())
    if not title:
        raise InputError("Ghi tên của quy định, một câu ngắn.", field="title")
    return title[:200]


def _reason(reason: str) -> str:
    reason = nfc(reason.strip())
    if not reason:
        raise InputError("Ghi lý do, một câu ngắn.", field="reason")
    return reason[:600]


def _put(rule: OwnRule, paper: Paper, *, today: dt.date) -> None:
    for field in ("issuer", "type", "number"):
        if not getattr(paper, field).strip():
            raise InputError("Không được để trống.", field=field)
    if paper.issued_on > today:
        raise InputError(
            "Ngày văn bản chưa tới. Ban hành rồi hãy đưa vào dùng, hoặc sửa ngày.",
            field="issued_on",
        )
    if paper.issued_on > paper.valid_from:
        raise InputError(
            "Ngày hiệu lực không thể sớm hơn ngày văn bản. Sửa một trong hai ngày.",
            field="valid_from",
        )
    if paper.valid_to is not None and paper.valid_to <= paper.valid_from:
        raise InputError("Ngày hết hiệu lực phải sau ngày hiệu lực.", field="valid_to")
    rule.issuer, rule.document_type = nfc(paper.issuer.strip()), nfc(paper.type.strip())
    rule.number, rule.issued_on = nfc(paper.number.strip()), paper.issued_on
    rule.valid_from, rule.valid_to = paper.valid_from, paper.valid_to
    rule.note = nfc(paper.note.strip())


def _check_days(rule: OwnRule) -> None:
    """No two rules of the province for one thing on one day."""
    same = OwnRule.objects.filter(key=rule.key, scope=rule.scope, state=OwnRuleState.ADOPTED)
    for other in same.exclude(pk=rule.pk).order_by("valid_from"):
        assert other.valid_from is not None
        assert rule.valid_from is not None
        starts_before_end = rule.valid_to is None or other.valid_from < rule.valid_to
        if starts_before_end and (other.valid_to is None or rule.valid_from < other.valid_to):
            until = (
                "chưa có ngày hết" if other.valid_to is None else f"đến {date_vi(other.valid_to)}"
            )
            raise InputError(
                f"Trùng ngày với “{other.title}” ({other.document_type} số {other.number}), hiệu"
                f" lực từ {date_vi(other.valid_from)}, {until}. Ghi ngày hết hiệu lực cho quy"
                " định ấy trước, hoặc chọn ngày khác.",
                field="valid_from",
                place=rule_id(other),
                code="own-rule-overlap",
            )


def _check_in_rulebook(rule: OwnRule) -> None:
    """The whole rulebook stays readable with this rule in it."""
    try:
        name = f"{rule_id(rule)}.yaml"
        read_rulebook([DATA], texts=[*source()[1], (name, rule_text(rule))])
    except RulebookError as error:
        raise InputError(error.message, field="text", place=error.key, code=error.code) from error


def _record(verb: str, rule: OwnRule, *, by: Viewer, at: dt.datetime) -> None:
    data = {"key": rule.key, "title": rule.title, "number": rule.number}
    record(verb, by=by.user, at=at, subject=f"own_rule:{rule.pk}", data=data)
