"""Findings of the integrity checks: asked for, accepted with a reason, taken up again."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.models import User
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotNow
from vungmanh.core.text import nfc
from vungmanh.org.checks.asking import Found, ask, last_days, values_on
from vungmanh.org.checks.catalogue import Check, checks
from vungmanh.org.findings import finding_visible
from vungmanh.org.models import IntegrityFinding, IntegrityRun

ACCEPT, REFRESH = "org.finding.accept", "org.finding.refresh"
_LOCK = 20_250_701  # of the advisory lock: two runs at once would each keep the same finding


@transaction.atomic
def run_checks(*, as_of: dt.date, by: User | None, at: dt.datetime) -> IntegrityRun:
    """Ask every check as of a day: keep what is new, close what is gone, leave the rest as it is.

    `by` is None for the nightly run. What was accepted stays accepted while it lasts.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    values = values_on(as_of)
    found = {check.code: _keep(check, ask(check, values), as_of, at) for check in checks()}
    _open().exclude(code__in=found).update(resolved_at=at)  # of a check that exists no longer
    run = IntegrityRun.objects.create(at=at, as_of=as_of, found=found)
    record("findings.refreshed", by=by, at=at, subject=f"findings:{run.pk}", data={"found": found})
    return run


def _keep(check: Check, found: Found, as_of: dt.date, at: dt.datetime) -> int:
    stands = {(one.unit_id, one.subject): one for one in _open().filter(code=check.code)}
    ended = last_days({unit for unit, _, _ in found.rows if unit}, as_of)
    new = []
    for unit, subject, what in found.rows:
        known = stands.pop((unit, subject), None)
        one = known or IntegrityFinding(
            code=check.code, unit_id=unit, subject=subject, first_seen=at
        )
        one.severity, one.owner, one.what = check.severity, check.owner, what[:500]
        one.lived_until = ended.get(unit) if unit else None
        one.last_seen = at
        new.append(one)
    IntegrityFinding.objects.bulk_create(
        new,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["severity", "owner", "what", "lived_until", "last_seen"],
    )
    if found.count == len(found.rows):  # else what is missing may only lie beyond the first ones
        gone = [one.pk for one in stands.values()]
        IntegrityFinding.objects.filter(pk__in=gone).update(resolved_at=at)
    return found.count


@transaction.atomic
def accept_finding(
    *, finding_id: UUID, reason: str, by: Viewer, at: dt.datetime
) -> IntegrityFinding:
    """Somebody looked and lets it stand, with a reason.

    Raises NotAllowed, NotFound, NotNow once accepted or gone, InputError (`reason`).
    """
    check_can(by, ACCEPT)
    finding = _held(finding_id, by, at)
    if finding.accepted_at:
        raise NotNow(
            f"{finding.accepted_by} đã chấp nhận phát hiện này. Tải lại trang để xem lý do.",
            code="finding-accepted",
        )
    reason = " ".join(nfc(reason).split())
    if not 5 <= len(reason) <= 300:
        raise InputError(
            "Ghi lý do từ 5 đến 300 chữ: vì sao như vậy là đúng.", field="reason", code="no-reason"
        )
    finding.accepted_by, finding.accepted_at, finding.accepted_reason = by.user, at, reason
    finding.save(update_fields=["accepted_by", "accepted_at", "accepted_reason"])
    _record("finding.accepted", finding, by, at, reason)
    return finding


@transaction.atomic
def reopen_finding(*, finding_id: UUID, by: Viewer, at: dt.datetime) -> IntegrityFinding:
    """Take an acceptance back. Raises NotAllowed, NotFound, NotNow when it was not accepted."""
    check_can(by, ACCEPT)
    finding = _held(finding_id, by, at)
    if not finding.accepted_at:
        raise NotNow("Phát hiện này chưa ai chấp nhận.", code="finding-open")
    reason = finding.accepted_reason
    finding.accepted_by, finding.accepted_at, finding.accepted_reason = None, None, ""
    finding.save(update_fields=["accepted_by", "accepted_at", "accepted_reason"])
    _record("finding.reopened", finding, by, at, reason)
    return finding


def _open() -> QuerySet[IntegrityFinding]:
    return IntegrityFinding.objects.filter(resolved_at=None)


def _held(finding_id: UUID, by: Viewer, at: dt.datetime) -> IntegrityFinding:
    """The finding, in sight and locked until the end of the transaction."""
    seen = finding_visible(by, finding_id, localdate(at))
    return IntegrityFinding.objects.select_for_update(of=("self",)).get(pk=seen.pk)


def _record(verb: str, finding: IntegrityFinding, by: Viewer, at: dt.datetime, reason: str) -> None:
    record(
        verb,
        by=by.user,
        at=at,
        subject=f"finding:{finding.pk}",
        data={"check": finding.code, "unit": str(finding.unit_id or "")},
        personal={"reason": reason},
    )
