"""Recording a congress and the term it begins, its report and approval, and taking them back."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.reason import checked_reason
from vungmanh.access.viewer import Viewer
from vungmanh.cadre.models import Term
from vungmanh.cadre.placing import document_of, take_unit, without_names
from vungmanh.cadre.staffing import Exceptions, accepted
from vungmanh.cadre.terms import judge_congress, next_ordinal, rule_of_term, terms_of
from vungmanh.core.errors import Conflict, InputError, NotFound, NotNow
from vungmanh.core.text import date_vi, nfc

RECORD = "cadre.post.record"


@transaction.atomic
def begin_term(
    *, unit_id: UUID, began_on: dt.date, document: str, ordinal: int | None = None,
    due_on: dt.date | None = None, seats: int | None = None, is_appointed: bool = False,
    note: str = "", exceptions: Exceptions = (), by: Viewer, at: dt.datetime,
) -> Term:  # fmt: skip
    """Record a congress, or a committee appointed after a merger, and the term from that day on.

    The end follows the rule of that day; another one is an exception by name and reason, which a
    rule that binds lets only an appointed first term have. The term before ends on that day.

    Raises RuleBroken with its citation, InputError, NotFound, NotNow for a unit that has ended.
    """
    check_can(by, RECORD)
    take_unit(by, unit_id)
    counted, due = check_congress(
        unit_id=unit_id, began_on=began_on, due_on=due_on, ordinal=ordinal,
        is_appointed=is_appointed, today=localdate(at),
    )  # fmt: skip
    before = terms_of(unit_id).first()
    findings = judge_congress(
        unit_id=unit_id, began_on=began_on, due_on=due, seats=seats, is_appointed=is_appointed
    )
    term = Term(
        unit_id=unit_id, ordinal=counted, began_on=began_on, due_on=due, seats=seats,
        note=" ".join(nfc(note).split())[:300], is_appointed=is_appointed,
        document=document_of(document), exceptions=accepted(findings, exceptions), by=by.user,
    )  # fmt: skip
    if before is not None and before.ended_on is None:
        before.ended_on = began_on
        before.save(update_fields=["ended_on"])
    term.save(force_insert=True)
    _tell("term.recorded", term, by, at)
    return term


def check_congress(
    *, unit_id: UUID, began_on: dt.date, due_on: dt.date | None, ordinal: int | None,
    is_appointed: bool, today: dt.date,
) -> tuple[int | None, dt.date]:  # fmt: skip
    """Which congress it is and when its term ends. Raises InputError for what no rule and no
    exception mends: asked before the rules are shown, and again before anything is kept."""
    if began_on > today:
        raise InputError("Ngày đại hội chưa đến; ghi sau khi đại hội.", field="began_on",
                         code="not-yet")  # fmt: skip
    before = terms_of(unit_id).first()
    if before is not None and before.began_on >= began_on:
        raise InputError(
            f"Đã ghi nhiệm kỳ bắt đầu {date_vi(before.began_on)}; ngày này phải sau ngày ấy.",
            field="began_on", code="not-after",
        )  # fmt: skip
    counted = None if is_appointed else _ordinal(unit_id, began_on, ordinal)
    return counted, _due(unit_id, began_on, due_on)


@transaction.atomic
def record_congress_papers(
    *, term_id: UUID, reported_on: dt.date | None, approved_on: dt.date | None, revision: int,
    reason: str = "", by: Viewer, at: dt.datetime,
) -> Term:  # fmt: skip
    """When a congress was reported and when its result was approved; None: not yet.

    Emptying a day that was recorded asks for a reason. Raises Conflict where somebody changed the
    term since it was read.
    """
    check_can(by, RECORD)
    term = _own(by, term_id)
    if term.revision != revision:
        raise Conflict("Có người vừa sửa nhiệm kỳ này; tải lại trang.", code="term-changed")
    _check_papers(term, reported_on, approved_on, localdate(at))
    was = (term.reported_on, term.approved_on)
    emptied = any(old is not None and new is None
                  for old, new in zip(was, (reported_on, approved_on), strict=True))  # fmt: skip
    why = checked_reason(reason) if emptied else ""
    term.reported_on, term.approved_on = reported_on, approved_on
    term.revision += 1
    term.save(update_fields=["reported_on", "approved_on", "revision"])
    _tell("term.papers_recorded", term, by, at, reason=why, was=[_iso(day) for day in was])
    return term


@transaction.atomic
def take_back_term(*, term_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> None:
    """Take out the latest term, recorded by mistake; the one before runs on.

    Raises NotNow for a term that another follows.
    """
    check_can(by, RECORD)
    term = _own(by, term_id)
    why = checked_reason(reason)
    later = terms_of(term.unit_id).filter(began_on__gt=term.began_on)
    if later.exists():
        raise NotNow("Đã ghi nhiệm kỳ sau; rút nhiệm kỳ sau trước.", code="term-followed")
    terms_of(term.unit_id).filter(ended_on=term.began_on).update(ended_on=None)
    _tell("term.taken_back", term, by, at, reason=why)
    term.delete()


def _ordinal(unit_id: UUID, began_on: dt.date, said: int | None) -> int | None:
    """Which congress it was. Raises InputError (`ordinal`) for one that does not go on counting."""
    following = next_ordinal(unit_id, began_on)
    if said is None or following is None or said >= following:
        return said or following
    raise InputError(
        f"Đại hội này là lần thứ {following} trở đi, tính tiếp từ các lần đã ghi.",
        field="ordinal", code="bad-ordinal",
    )  # fmt: skip


def _due(unit_id: UUID, began_on: dt.date, said: dt.date | None) -> dt.date:
    """The last day of the term: as said, else by the rule. Raises InputError (`due_on`)."""
    by_rule, finding = rule_of_term(unit_id, began_on)
    due = said or by_rule
    if due is None:
        raise InputError(f"{finding.text} Ghi ngày hết nhiệm kỳ.", field="due_on", code="no-rule")
    if due <= began_on:
        raise InputError("Ngày hết nhiệm kỳ phải sau ngày đại hội.", field="due_on",
                         code="bad-days")  # fmt: skip
    return due


def _check_papers(
    term: Term, reported_on: dt.date | None, approved_on: dt.date | None, today: dt.date
) -> None:
    if reported_on is not None and not term.began_on <= reported_on <= today:
        raise InputError("Ngày báo cáo phải từ ngày đại hội đến hôm nay.", field="reported_on",
                         code="bad-days")  # fmt: skip
    first = reported_on or term.began_on
    if approved_on is not None and not first <= approved_on <= today:
        raise InputError("Ngày chuẩn y phải từ ngày báo cáo đến hôm nay.", field="approved_on",
                         code="bad-days")  # fmt: skip


def _own(by: Viewer, term_id: UUID) -> Term:
    term = Term.objects.filter(pk=term_id).first()
    if term is None:
        raise NotFound("Không tìm thấy nhiệm kỳ này trong phạm vi của đồng chí.", code="no-term")
    take_unit(by, term.unit_id)
    found = Term.objects.filter(pk=term_id).first()  # somebody may have been faster
    if found is None:
        raise NotNow("Nhiệm kỳ này vừa được rút; tải lại trang.", code="term-gone")
    return found


def _tell(
    verb: str, term: Term, by: Viewer, at: dt.datetime, *, reason: str = "", **more: Any
) -> None:
    data = {
        "term": str(term.pk), "ordinal": term.ordinal, "began_on": _iso(term.began_on),
        "due_on": _iso(term.due_on), "seats": term.seats, "document": term.document,
        "reported_on": _iso(term.reported_on), "approved_on": _iso(term.approved_on),
        "exceptions": without_names(term.exceptions),
    } | more  # fmt: skip
    record(
        verb, by=by.user, at=at, subject=f"unit:{term.unit_id}", data=data,
        personal={"exceptions": term.exceptions} | ({"reason": reason} if reason else {}),
    )  # fmt: skip


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
