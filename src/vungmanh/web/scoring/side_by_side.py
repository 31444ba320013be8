"""Both sheets of one meeting next to each other, as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from vungmanh.core.vocabulary import Scorer
from vungmanh.meetings.models import SheetScore
from vungmanh.meetings.scores import ComparedLine, compared, read_points
from vungmanh.rulebook.scoring import PointSource
from vungmanh.rulebook.scoring.answers import NOT_HERE
from vungmanh.rulebook.values.bounds import plain
from vungmanh.web.components import Stat


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
