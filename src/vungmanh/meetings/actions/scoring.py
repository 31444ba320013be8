"""Giving a meeting its points: each side alone, then both opened at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.models import RoleGrant
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.text import nfc
from vungmanh.core.vocabulary import FiledVia, MeetingState, ReportState, Role, Scorer
from vungmanh.meetings.actions.filing import tell_score
from vungmanh.meetings.actions.score_rows import row_again, score_row
from vungmanh.meetings.evidence import evidence_of
from vungmanh.meetings.merging import FieldConflict, merged
from vungmanh.meetings.models import Meeting, SheetScore
from vungmanh.meetings.scores import SCORE, current_scores, is_open, owed_meeting, sides_of
from vungmanh.meetings.sheets import SheetInForce, sheet_in_force
from vungmanh.org.turns import beside_register
from vungmanh.rulebook.scoring import Measured, check_answers, read_answers

LONGEST_NOTE = 300


class ScoreConflict(FieldConflict):
    """The same side was given other points meanwhile. `fields`: code → (theirs, mine, was)."""

    def __init__(self, fields: Mapping[str, tuple[Any, Any, Any]]) -> None:
        Conflict.__init__(
            self,
            f"Nơi khác đã ghi điểm khác ở dòng {', '.join(sorted(fields))}. Xem hai giá trị, chọn "
            "một rồi gửi lại; phần của đồng chí còn nguyên.",
            code="score-conflict",
        )
        self.fields = dict(fields)


@transaction.atomic
def give_score(
    *, meeting_id: UUID, scorer: str, sheet: str, scores: Mapping[str, Any],
    was: Mapping[str, Any] | None = None, by: Viewer, at: dt.datetime,
    via: FiledVia = FiledVia.WEB, note: str = "",
) -> SheetScore:  # fmt: skip
    """Give one side's points; blanks stay blank. The new row stands in the place of the earlier.

    `sheet` is the id of the sheet filled in, `scores` {code: points}, `was` what the scorer had
    before. When neither side has a blank left, both open and nothing is given any more. Raises
    NotAllowed, NotFound (out of reach), NotNow (`scores-locked`, `sealed`, `not-held`), InputError
    at the line, ScoreConflict, Conflict (`already-scored`: another superior has).
    """
    side = _side(scorer)
    check_can(by, SCORE)
    beside_register()
    meeting = _meeting(meeting_id, by, at)
    if side not in sides_of(by, meeting):
        raise NotAllowed(
            f"Vai trò của đồng chí không chấm phần “{side.label}” của chi bộ này.",
            code="not-your-side",
        )
    rows = current_scores([meeting.pk]).get(meeting.pk, {})
    found = sheet_in_force(meeting.unit_id, meeting.kind, meeting.month, sent=sheet)
    mine, other = rows.get(side), rows.get(_other(side))
    try:
        answers, changed = _merged(found, mine, scores, was, side=side, by=by)
    except Conflict:
        _check_time(meeting, rows)  # that nothing is given any more is said first
        raise
    said = _note(note)
    if mine is not None and not changed and said in ("", mine.note):
        return mine
    _check_time(meeting, rows)
    _check_hands(meeting, side, other, by)
    facts = evidence_of(meeting)
    _check_newly(found, facts, answers, mine, via)
    row = score_row(meeting, side, found, answers, facts)
    row.is_blind = _is_blind(meeting, other)
    row.via, row.given_at, row.given_by, row.note = via, at, by.user, said
    row.save()
    record(
        "score.given",
        by=by.user,
        at=at,
        subject=f"meeting:{meeting.pk}",
        data={"scorer": side.value, "complete": row.is_complete, "via": via.value},
    )  # no points: the ledger of events is read by both sides
    refresh_scores(meeting=meeting, at=at)
    row.refresh_from_db()
    return row


@transaction.atomic
def refresh_scores(*, meeting: Meeting, at: dt.datetime) -> list[SheetScore]:
    """Reckon what was given again with the facts as they now stand, and open what can be.

    Called by every act that changes what the record says once it is filed: a computed line follows
    its fact, a typed one stays. Returns the rows made.
    """
    rows = current_scores([meeting.pk]).get(meeting.pk, {})
    made = []
    for side, row in rows.items():
        newer = row_again(meeting, row)
        if newer is not None:
            newer.given_at = row.given_at
            newer.opened_at = at if row.opened_at else None
            newer.save()
            rows[side] = newer
            made.append(newer)
    if made:
        record(
            "score.refreshed",
            by=None,
            at=at,
            subject=f"meeting:{meeting.pk}",
            data={"sides": sorted(row.scorer for row in made), "version": meeting.version},
        )
    _open_both(meeting, rows, at)
    return made


def _open_both(meeting: Meeting, rows: Mapping[Scorer, SheetScore], at: dt.datetime) -> None:
    if len(rows) < 2 or not all(row.is_complete for row in rows.values()):
        return
    shut = [row.pk for row in rows.values() if row.opened_at is None]
    if not shut:
        return
    SheetScore.objects.filter(pk__in=shut).update(opened_at=at)
    record(
        "score.opened",
        by=None,
        at=at,
        subject=f"meeting:{meeting.pk}",
        data={"version": meeting.version},
    )
    tell_score(meeting, at=at)


# --- who and when ------------------------------------------------------------------------------


def _side(scorer: str) -> Scorer:
    try:
        return Scorer(scorer)
    except ValueError:
        raise InputError(
            "Chọn một bên chấm: chi bộ tự chấm hoặc cấp trên dự họp chấm.",
            field="scorer",
            code="unknown-scorer",
        ) from None


def _other(side: Scorer) -> Scorer:
    return Scorer.SUPERIOR if side is Scorer.SELF else Scorer.SELF


def _meeting(key: UUID, by: Viewer, at: dt.datetime) -> Meeting:
    """The meeting, locked. The record may still be on somebody's phone: then its empty row is made,
    of a month that a cell of the scorer owed."""
    if not Meeting.objects.filter(pk=key).exists():
        _make_empty(key, by, at)
    return Meeting.objects.select_for_update().get(pk=key)


def _make_empty(key: UUID, by: Viewer, at: dt.datetime) -> None:
    blank = owed_meeting(by, key, today=localdate(at))
    if blank is None:
        raise NotFound("Không tìm thấy buổi họp này trong phạm vi của đồng chí.", code="no-meeting")
    blank.changed_at = at
    Meeting.objects.bulk_create([blank], ignore_conflicts=True)


def _check_time(meeting: Meeting, rows: Mapping[Scorer, SheetScore]) -> None:
    if any(row.opened_at for row in rows.values()):
        raise NotNow(
            "Cả hai bên đã chấm xong và đã mở cho nhau xem, nên không sửa điểm nữa.",
            code="scores-locked",
        )
    if meeting.state == MeetingState.SEALED:
        raise NotNow(
            "Bản ghi buổi họp đã khóa nên không chấm nữa. Muốn chấm thì đính chính, có lý do.",
            code="sealed",
        )
    if meeting.facts.get("outcome") == ReportState.NOT_HELD:
        raise NotNow("Biên bản ghi tháng này không họp, nên không có gì để chấm.", code="not-held")


def _check_hands(meeting: Meeting, side: Scorer, other: SheetScore | None, by: Viewer) -> None:
    """No one scores both sides; who leads the cell or verified its record is no superior here."""
    if other is not None and other.given_by_id == by.user.pk:
        raise NotAllowed(
            "Đồng chí đã chấm phần của bên kia; một người không chấm cả hai bên.",
            code="both-sides",
        )
    if side is not Scorer.SUPERIOR:
        return
    leads = RoleGrant.objects.filter(
        user=by.user, role=Role.CELL_SECRETARY, unit_id=meeting.unit_id, valid__contains=by.on
    )
    if leads.exists():
        raise NotAllowed(
            "Đồng chí là bí thư của chi bộ này nên không chấm với tư cách cấp trên.",
            code="leads-the-cell",
        )
    if meeting.versions.filter(confirmed_by=by.user).exists():
        raise NotAllowed(
            "Đồng chí đã xác nhận số liệu của buổi họp này nên không chấm điểm nó.",
            code="verified-it",
        )


def _is_blind(meeting: Meeting, other: SheetScore | None) -> bool:
    """Whether the other side was shut all the while until now."""
    if other is None:
        return True
    alone = meeting.versions.filter(
        confirmed_at__isnull=False, facts__superior_present=False
    ).exists()
    sealed = meeting.versions.filter(sealed_at__isnull=False).exists()
    return not (is_open(other, meeting) or alone or sealed)


# --- the answers --------------------------------------------------------------------------------


def _merged(
    found: SheetInForce, mine: SheetScore | None, scores: Mapping[str, Any],
    was: Mapping[str, Any] | None, *, side: Scorer, by: Viewer,
) -> tuple[dict[str, Any], bool]:  # fmt: skip
    """The answers of this side with those now given. Lines that differ since are a conflict."""
    said = read_answers(found.sheet, scores).as_json()
    before = read_answers(found.sheet, was or {}).as_json()
    if mine is None:
        return said, True
    if side is Scorer.SUPERIOR and mine.given_by_id != by.user.pk:
        raise Conflict(
            f"{mine.given_by.display_name} đã chấm buổi này với tư cách cấp trên dự họp. Hai đồng "
            "chí thống nhất ai chấm.",
            code="already-scored",
        )
    try:
        whole, changed = merged(mine.scores, dict.fromkeys([*before, *scores]) | said, before)
    except FieldConflict as error:
        raise ScoreConflict(error.fields) from None
    return dict(sorted(whole.items())), bool(changed)


def _check_newly(
    found: SheetInForce,
    facts: Measured,
    answers: Mapping[str, Any],
    mine: SheetScore | None,
    via: FiledVia,
) -> None:
    """Only what is new is checked: what was given before fitted the facts of its time."""
    stood = mine.scores if mine else {}
    newly = {code: said for code, said in answers.items() if stood.get(code) != said}
    check_answers(
        found.sheet,
        facts,
        read_answers(found.sheet, newly),
        computed_may_be_typed=via is FiledVia.PHONE,
    )


def _note(said: str) -> str:
    note = nfc(said.strip())
    if len(note) > LONGEST_NOTE:
        raise InputError(
            f"Ghi chú dài quá {LONGEST_NOTE} chữ cái; rút gọn.", field="note", code="too-long"
        )
    return note
