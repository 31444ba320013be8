"""The row of a score: what was typed and what the record tells, as the sheet makes of both."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from vungmanh.core.errors import InputError, NotNow
from vungmanh.core.vocabulary import Scorer
from vungmanh.meetings.evidence import evidence_of
from vungmanh.meetings.models import Meeting, SheetScore
from vungmanh.meetings.sheets import SheetInForce, sheet_in_force
from vungmanh.rulebook.scoring import Measured, Scored, read_answers, score_sheet
from vungmanh.rulebook.scoring.answers import points_text

_CENT = Decimal("0.01")


def score_row(
    meeting: Meeting,
    side: Scorer,
    found: SheetInForce,
    answers: Mapping[str, Any],
    facts: Measured,
) -> SheetScore:
    scored = score_sheet(found.sheet, facts, read_answers(found.sheet, answers), found.bands)
    return SheetScore(
        meeting=meeting,
        version=meeting.version,
        scorer=side,
        rule_id=found.rule.id,
        rule_version=found.version,
        scores=dict(answers),
        evidence=facts.as_json(),
        lines=lines_kept(scored),
        total=_decimal(scored.total),
        attainable=_decimal(scored.attainable),
        grade=scored.grade.code if scored.grade else "",
        grade_label=scored.grade.label if scored.grade else "",
        is_complete=scored.is_given,
    )


def lines_kept(scored: Scored) -> list[dict[str, Any]]:
    """Each line as it was when given, so that it can be read when the sheet is long gone."""
    return [
        {
            "code": line.code,
            "text": line.criterion.text,
            "group": line.group.title,
            "source": line.source.value,
            "points": None if line.points is None else points_text(line.points),
            "most": points_text(line.most),
            "why": line.why,
        }
        for line in scored.lines
    ]


def _decimal(number: Fraction | None) -> Decimal | None:
    if number is None:
        return None
    return (Decimal(number.numerator) / Decimal(number.denominator)).quantize(_CENT)


def row_again(meeting: Meeting, row: SheetScore) -> SheetScore | None:
    """The same answers by today's facts; None where nothing changes."""
    facts = evidence_of(meeting)
    if facts == Measured.from_json(row.evidence) and row.version == meeting.version:
        return None
    try:
        found = sheet_in_force(meeting.unit_id, meeting.kind, meeting.month, sent=row.rule_id)
    except (InputError, NotNow):  # its sheet is in force no longer: it stays as it was given
        return None
    newer = score_row(meeting, Scorer(row.scorer), found, row.scores, facts)
    if row.opened_at and not newer.is_complete:
        return None  # what was opened is not shut again by a fact that was taken back
    newer.is_blind, newer.note, newer.via = row.is_blind, row.note, row.via
    newer.given_by, newer.repeats = row.given_by, row
    return newer
