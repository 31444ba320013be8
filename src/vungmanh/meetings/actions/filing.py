"""Freezing what is filed of a meeting, and telling the ledger what it says."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate

from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer
from vungmanh.core.periods import last_day
from vungmanh.core.vocabulary import FiledVia, MembershipStatus, ReportState
from vungmanh.meetings.actions.moved import mark_moved
from vungmanh.meetings.actions.reports import REPORT_FIELDS, record_reports, withdraw_reports
from vungmanh.meetings.actions.task_counts import tell_task_counts
from vungmanh.meetings.facts import counts_of_roll, minutes_of
from vungmanh.meetings.ledger import countable_members
from vungmanh.meetings.models import Meeting, MeetingReport, MeetingVersion, TextLikeness
from vungmanh.meetings.quorum import electorate_by_name, majorities_on
from vungmanh.meetings.reads import expected_at, standing_version
from vungmanh.meetings.roll import RollEntry, counts_by_name, kept_for, roll_of
from vungmanh.meetings.scores import report_score
from vungmanh.org.queries import members_of
from vungmanh.rulebook import load_rulebook


def file_version(meeting: Meeting, *, by: Viewer, at: dt.datetime, via: FiledVia) -> MeetingVersion:
    """Freeze the draft with the membership of the day. Counts that only the roll tells are added up
    once, here."""
    day = _day_of(meeting, localdate(at))
    people = roll_of(meeting.unit_id, day) if meeting.facts.get("roll") else []
    roll = meeting.facts.get("roll") or {}
    kept = kept_for(roll) if roll else {}
    marks = {kept.get(who, who): said["status"] for who, said in roll.items()}
    added_up = counts_of_roll(meeting.facts) | counts_by_name(people, marks)
    meeting.facts = {**added_up, **meeting.facts}
    membership = _membership(meeting, day) | _voting_by_name(people, marks, day)
    return MeetingVersion.objects.create(
        meeting=meeting,
        version=meeting.version,
        filing=meeting.versions.count() + 1,
        facts=meeting.facts,
        membership=membership,
        reason=meeting.correction_reason,
        digest=digest_of(meeting.facts, membership),
        filed_at=at,
        filed_by=by.user,
        filed_via=via,
    )


def digest_of(facts: dict[str, Any], membership: dict[str, Any]) -> str:
    """SHA-256 of what was filed, as canonical JSON."""
    words = json.dumps([facts, membership], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()


def tell_ledger(meeting: Meeting, *, by: User | None, at: dt.datetime) -> None:
    """Make the ledger say what the last good version says; where none stands, what was there
    before the record took its place (a report from a file), or nothing."""
    version = standing_version(meeting)
    if version is not None:
        _remember(meeting)
        record_reports(
            reports=[_report(meeting, version)],
            source=meeting.pk,
            kind=meeting.kind,
            by=by,
            at=at,
        )
    elif _ours(meeting):
        withdraw_reports(keys=[(meeting.unit_id, meeting.month)], kind=meeting.kind, by=by, at=at)
        if meeting.replaced:
            _put_back(meeting, by=by, at=at)
    tell_task_counts([meeting.unit_id], meeting.month, at=at)  # later months count this meeting
    repeating = TextLikeness.objects.filter(other_version__meeting=meeting)  # see `set_aside`
    mark_moved([meeting.month, *repeating.values_list("month", flat=True)], at=at)


def _remember(meeting: Meeting) -> None:
    """Keep the report of another way that this record takes the place of."""
    stood = MeetingReport.objects.filter(
        unit_id=meeting.unit_id, month=meeting.month, kind=meeting.kind
    ).exclude(source=meeting.pk)
    for row in stood:
        meeting.replaced = {
            name: None if value is None else str(value)
            for name in (*REPORT_FIELDS, "source")
            if (value := getattr(row, name)) is not None
        }
        meeting.save(update_fields=["replaced"])


def _put_back(meeting: Meeting, *, by: User | None, at: dt.datetime) -> None:
    before = dict(meeting.replaced or {})
    source = before.pop("source", None)
    record_reports(
        reports=[{"unit": meeting.unit_id, "month": meeting.month, **before}],
        source=UUID(source) if source else None,
        kind=meeting.kind,
        by=by,
        at=at,
    )


def tell_score(meeting: Meeting, *, at: dt.datetime) -> None:
    """Make the ledger say what the cell gave itself, once all who see the meeting may read it."""
    score = report_score(meeting)
    row = MeetingReport.objects.filter(source=meeting.pk, unit_id=meeting.unit_id).first()
    if row is None or row.score == score:
        return
    row.score = score
    row.save(update_fields=["score"])
    mark_moved([meeting.month], at=at)


def _ours(meeting: Meeting) -> bool:
    return MeetingReport.objects.filter(
        unit_id=meeting.unit_id, month=meeting.month, kind=meeting.kind, source=meeting.pk
    ).exists()


def _day_of(meeting: Meeting, today: dt.date) -> dt.date:
    """The day that membership is taken from."""
    held_on = meeting.facts.get("held_on")
    return dt.date.fromisoformat(held_on) if held_on else min(last_day(meeting.month), today)


def _voting_by_name(
    people: list[RollEntry], marks: dict[str, str], day: dt.date
) -> dict[str, dict[str, int]]:
    """The voting base that the roll shows, where one was called and a rule of the day is known."""
    rule = majorities_on(load_rulebook(), day)
    if not people or rule is None:
        return {}
    named = ((one.status, marks.get(str(one.id))) for one in people)
    found = electorate_by_name(named, rule.base)
    return {"by_name": {"base": found.base, "present": found.present or 0}}


def _membership(meeting: Meeting, day: dt.date) -> dict[str, Any]:
    """Members by status on the day of the meeting, who was expected, and who had a vote."""
    counts = members_of(meeting.unit_id, day)
    by_rule = countable_members(meeting.unit_id, day)
    said = {
        "expected": expected_at(meeting.unit_id, day),
        "voting": by_rule.voting if by_rule else None,
    }
    return {
        "day": day.isoformat(),
        "counts": {status.value: count for status, count in sorted(counts.items())},
        **{name: count for name, count in said.items() if count is not None},
    }


def _report(meeting: Meeting, version: MeetingVersion) -> dict[str, Any]:
    """The row of the ledger. It was filed when it was first filed: being returned makes no one
    late."""
    facts = version.facts
    first = meeting.versions.order_by("filing").values_list("filed_at", flat=True)[0]
    said = {
        "unit": meeting.unit_id,
        "month": meeting.month,
        "state": facts["outcome"],
        "filed_on": localdate(first),
        "admitted": _admitted(meeting),
        "note": facts.get("not_held_reason", ""),
    }
    if facts["outcome"] == ReportState.NOT_HELD:
        return said
    return {
        **said,
        "note": "",
        "held_on": facts.get("held_on"),
        **_attendance(facts, version.membership),
        "duration_minutes": minutes_of(facts),
    }


def _admitted(meeting: Meeting) -> int | None:
    """What a file told of admissions stays: a record of a meeting says nothing of them."""
    same = {"unit_id": meeting.unit_id, "month": meeting.month, "kind": meeting.kind}
    return MeetingReport.objects.filter(**same).values_list("admitted", flat=True).first()


def _attendance(facts: dict[str, Any], membership: dict[str, Any]) -> dict[str, int | None]:
    """The counts of the ledger, whose `members` are those expected and the exempt. An exempt member
    who came is expected from then on."""
    counted = {name: facts.get(name) for name in ("present", "excused", "unexcused")}
    if "expected" not in membership:
        return counted
    exempt = membership["counts"].get(MembershipStatus.EXEMPT.value, 0)
    came = min(facts.get("exempt_present") or 0, exempt)
    return {**counted, "members": membership["expected"] + exempt, "exempt": exempt - came}
