"""A meeting's sheet as a page shows it: one criterion a row, what decides it, what it rests on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from vungmanh.core.periods import month_label
from vungmanh.core.vocabulary import ObligationKind, Scorer
from vungmanh.meetings.models import Meeting, SheetScore
from vungmanh.meetings.scores import Seen
from vungmanh.rulebook.scoring import Line, PointSource, Scored
from vungmanh.rulebook.scoring.answers import NOT_HERE, points_text
from vungmanh.rulebook.values.bounds import Bound, plain
from vungmanh.rulebook.values.sheets import SheetLevel
from vungmanh.rulebook.values.words import CriterionMeasure
from vungmanh.web.rulebook.sheet_words import level_words
from vungmanh.web.scoring.side_by_side import said

FIELD = "d-"  # before the code of a criterion in the names of fields


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    is_chosen: bool

    @property
    def is_blank(self) -> bool:
        return not self.value


@dataclass(frozen=True)
class Row:
    """One criterion. `points`: decided without the scorer. `choices` empty: a number is typed."""

    code: str
    text: str
    heading: str  # of its group, on the first of the group
    most: str
    why: str
    source: str
    points: str = ""
    choices: tuple[Choice, ...] = ()
    value: str = ""
    is_typed: bool = False
    is_fault: bool = False
    network: bool = False
    error: str = ""
    theirs: str | None = None  # another value the same side was given meanwhile

    @property
    def name(self) -> str:
        return f"{FIELD}{self.code}"

    @property
    def theirs_words(self) -> str:
        return said(self.theirs)


@dataclass(frozen=True)
class Filled:
    """What was sent of the form, and what was wrong with it."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    conflicts: Mapping[str, tuple[Any, Any, Any]] = field(default_factory=dict)


def rows_of(scored: Scored, filled: Filled, length: Fraction | None) -> list[Row]:
    """The rows of the form, in the order of the sheet, then what is asked about vetoes. `length`:
    how long this meeting had to last, None where that is not certain."""
    rows, heading = [], ""
    for line in scored.lines:
        title = f"{line.group.code}. {line.group.title}" if line.group.title != heading else ""
        heading = line.group.title
        rows.append(_row(line, "" if line.group.code == line.code else title, filled, length))
    for number, one in enumerate(scored.vetoes):
        value = filled.values.get(one.veto.code, "")
        yes = _("Có, xếp thẳng mức %s") % one.veto.grade
        choices = [Choice("true", yes, value == "true")]
        choices += [Choice("false", _("Không"), value == "false"), _blank(value)]
        rows.append(
            Row(
                one.veto.code,
                one.veto.text,
                "" if number else _("Điều phủ quyết"),
                "",
                _("Đứng riêng ngoài điểm."),
                "",
                choices=tuple(choices),
                value=value,
                is_typed=True,
                error=filled.errors.get(one.veto.code, ""),
            )
        )
    return rows


def _row(line: Line, heading: str, filled: Filled, length: Fraction | None) -> Row:
    value = filled.values.get(line.code, "")
    conflict = filled.conflicts.get(line.code)
    return Row(
        code=line.code,
        text=line.criterion.text,
        heading=heading,
        most=plain(line.most),
        why=_why(line),
        source=_(line.source.label),
        points="" if line.points is None or line.may_be_typed else plain(line.points),
        choices=_choices(line, value, length) if line.may_be_typed else (),
        value=value,
        is_typed=line.may_be_typed,
        is_fault=line.source in {PointSource.HOLE, PointSource.OVERLAP},
        network=line.criterion.network,
        error=filled.errors.get(line.code, ""),
        theirs=None if conflict is None else (conflict[0] or ""),
    )


def _why(line: Line) -> str:
    if line.may_be_typed and line.criterion.measure is CriterionMeasure.JUDGED:
        return ""  # the field says out of how many
    if line.may_be_typed and line.criterion.measure is CriterionMeasure.YES_NO:
        return line.why if line.may_be_absent else ""
    return line.why


def _choices(line: Line, value: str, length: Fraction | None) -> tuple[Choice, ...]:
    if line.choices is None:
        return ()
    found = [
        Choice(points_text(one), _label(line, one, length), value == points_text(one))
        for one in line.choices
    ]
    if line.may_be_absent:
        found.append(Choice(NOT_HERE, _("Không áp dụng"), value == NOT_HERE))
    return (*found, _blank(value))


def _blank(value: str) -> Choice:
    return Choice("", _("Chưa chấm"), not value)


def _label(line: Line, points: Fraction, length: Fraction | None) -> str:
    levels: list[SheetLevel] = [one for one in line.criterion.levels if one.points == points]
    if not levels:
        return (_("Có: %s") if points else _("Không: %s")) % plain(points)
    if not any(end is not None and end.times for end in _ends(levels[0])):
        return level_words(levels[0], line.criterion)
    if length is None:
        return _("%s điểm") % plain(points)
    return level_words(_in_minutes(levels[0], length), line.criterion)


def _ends(level: SheetLevel) -> tuple[Bound | None, ...]:
    return level.at_least, level.more_than, level.at_most, level.less_than


def _in_minutes(level: SheetLevel, length: Fraction) -> SheetLevel:
    """Its ends as minutes, where the sheet tells them by the length a meeting had to have."""
    at_least, more_than, at_most, less_than = (
        None if end is None else Bound(end.at(length)) for end in _ends(level)
    )
    return replace(
        level, at_least=at_least, more_than=more_than, at_most=at_most, less_than=less_than
    )


# --- what it adds up to ------------------------------------------------------------------------


@dataclass(frozen=True)
class Tally:
    """The running total. It never calls what is blank a zero."""

    total: str  # "" while a line is open
    given: str
    given_of: str
    attainable: str
    grade: str
    blanks: int
    faults: int
    rest: str  # where the total will lie
    computed: str  # points that rest on evidence in the system


def tally_of(scored: Scored) -> Tally:
    waiting = len(scored.blanks) + len(scored.unanswered)
    computed = sum(
        (one.most for one in scored.lines if one.source is PointSource.COMPUTED), Fraction(0)
    )
    return Tally(
        total="" if scored.total is None else plain(scored.total),
        given=plain(scored.given),
        given_of=plain(scored.given_of),
        attainable="" if scored.attainable is None else plain(scored.attainable),
        grade=scored.grade.label if scored.grade else "",
        blanks=waiting,
        faults=len(scored.faults),
        rest=f"{plain(scored.least)}–{plain(scored.most)}",
        computed=plain(computed),
    )


def meeting_words(meeting: Meeting, name: str) -> str:
    """Which meeting, in a phrase."""
    kind = _(ObligationKind(meeting.kind).label).lower()
    return _("%(kind)s %(month)s của %(name)s") % {
        "kind": kind,
        "month": month_label(meeting.month).lower(),
        "name": name,
    }


def finding(which: str, seen: Seen, side: Scorer | None) -> str:
    """What the page has to say, in one sentence."""
    words = {"which": which}
    if seen.both:
        return _("%(which)s: chi bộ tự chấm %(own)s, cấp trên chấm %(superior)s.") % {
            **words,
            "own": total_words(seen.both[0]),
            "superior": total_words(seen.both[1]),
        }
    if seen.open:
        [(opened, row)] = seen.open.items()
        return _("%(which)s: %(side)s %(total)s; bên kia không chấm.") % {
            **words,
            "side": _(opened.label).lower(),
            "total": total_words(row),
        }
    own = seen.own.get(side) if side else None
    if own is not None and own.is_complete:
        return _("%(which)s: đồng chí đã chấm xong; bên kia chưa chấm nên chưa mở.") % words
    if own is not None:
        return _("%(which)s: phiếu của đồng chí còn dòng chưa chấm.") % words
    if side is not None:
        return _("Chấm điểm %(which)s.") % words
    return _("%(which)s: điểm mở khi cả hai bên chấm xong.") % words


def total_words(score: SheetScore) -> str:
    """ "85,5 điểm (Khá)", or that it is not enough for a total."""
    if score.total is None:
        return _("chưa đủ để tính tổng")
    points = _("%s điểm") % plain(Fraction(score.total))
    return f"{points} ({score.grade_label})" if score.grade_label else points


def was_json(score: SheetScore | None) -> str:
    return json.dumps(score.scores if score else {}, ensure_ascii=False)
