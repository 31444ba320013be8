"""A meeting's sheet as a page shows it: one criterion a row, what decides it, what it rests on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from vungmanh.core.periods import month_label
from vungmanh.core.vocabulary import ObligationKind, Scorer
from vungmanh.meetings.models import Meeting, SheetScore
from vungmanh.meetings.scores import ComparedLine, Seen, compared, read_points
from vungmanh.rulebook.scoring import Line, PointSource, Scored
from vungmanh.rulebook.scoring.answers import NOT_HERE, points_text
from vungmanh.rulebook.values.bounds import plain
from vungmanh.rulebook.values.sheets import SheetLevel
from vungmanh.rulebook.values.words import CriterionMeasure
from vungmanh.web.components import Stat
from vungmanh.web.rulebook.sheet_words import level_words

FIELD = "d-"  # before the code of a criterion in the names of fields


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    is_chosen: bool


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


def rows_of(scored: Scored, filled: Filled) -> list[Row]:
    """The rows of the form, in the order of the sheet, then what is asked about vetoes."""
    rows, heading = [], ""
    for line in scored.lines:
        title = f"{line.group.code}. {line.group.title}" if line.group.title != heading else ""
        heading = line.group.title
        rows.append(_row(line, "" if line.group.code == line.code else title, filled))
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


def _row(line: Line, heading: str, filled: Filled) -> Row:
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
        choices=_choices(line, value) if line.may_be_typed else (),
        value=value,
        is_typed=line.may_be_typed,
        is_fault=line.source in {PointSource.HOLE, PointSource.OVERLAP},
        network=line.criterion.network,
        error=filled.errors.get(line.code, ""),
        theirs=None if conflict is None else (conflict[0] or ""),
    )


def _why(line: Line) -> str:
    if line.may_be_typed and line.criterion.measure is CriterionMeasure.JUDGED:
        return _("Ghi từ 0 đến %s điểm.") % plain(line.most)
    if line.may_be_typed and line.criterion.measure is CriterionMeasure.YES_NO:
        return line.why if line.may_be_absent else ""
    return line.why


def _choices(line: Line, value: str) -> tuple[Choice, ...]:
    if line.choices is None:
        return ()
    found = [
        Choice(points_text(one), _label(line, one), value == points_text(one))
        for one in line.choices
    ]
    if line.may_be_absent:
        found.append(Choice(NOT_HERE, _("Không áp dụng"), value == NOT_HERE))
    return (*found, _blank(value))


def _blank(value: str) -> Choice:
    return Choice("", _("Chưa chấm"), not value)


def _label(line: Line, points: Fraction) -> str:
    levels: list[SheetLevel] = [one for one in line.criterion.levels if one.points == points]
    if levels:
        return level_words(levels[0], line.criterion)
    return (_("Có: %s") if points else _("Không: %s")) % plain(points)


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


# --- side by side ------------------------------------------------------------------------------


@dataclass(frozen=True)
class ComparedRow:
    heading: str
    line: ComparedLine
    own: str
    superior: str
    difference: str  # of the two, with its sign; "" where one has none
    differs: bool


def compared_rows(both: tuple[SheetScore, SheetScore]) -> list[ComparedRow]:
    rows, heading = [], ""
    for line in compared(*both):
        rows.append(
            ComparedRow(
                heading=line.group if line.group != heading else "",
                line=line,
                own=said(line.own.get("points")),
                superior=said(line.superior.get("points")),
                difference=signed(line.difference),
                differs=bool(line.difference),
            )
        )
        heading = line.group
    return rows


def compared_stats(both: tuple[SheetScore, SheetScore]) -> list[Stat]:
    """Both totals, their difference, and how many points rest on evidence."""
    own, superior = both
    of = "" if own.attainable is None else plain(Fraction(own.attainable))
    computed = [line for line in own.lines if line["source"] == PointSource.COMPUTED]
    resting = sum((read_points(line["most"]) or Fraction(0) for line in computed), Fraction(0))
    apart = None
    if own.total is not None and superior.total is not None:
        apart = Fraction(own.total) - Fraction(superior.total)
    return [
        Stat(_(Scorer.SELF.label), _total(own), of, own.grade_label),
        Stat(_(Scorer.SUPERIOR.label), _total(superior), of, superior.grade_label),
        Stat(_("Chênh"), signed(apart) or "–", "", _("chi bộ trừ cấp trên")),
        Stat(_("Tính từ số liệu"), plain(resting), of, _("điểm; còn lại do người chấm ghi")),
    ]


def _total(score: SheetScore) -> str:
    return "–" if score.total is None else plain(Fraction(score.total))


def said(points: str | None) -> str:
    """Points as a row keeps them, in Vietnamese; – where there are none."""
    if points == NOT_HERE:
        return _("không áp dụng")
    found = read_points(points or None)
    return "–" if found is None else plain(found)


def signed(difference: Fraction | None) -> str:
    if difference is None:
        return ""
    return f"{'+' if difference > 0 else '−' if difference else ''}{plain(abs(difference))}"


def was_json(score: SheetScore | None) -> str:
    return json.dumps(score.scores if score else {}, ensure_ascii=False)
