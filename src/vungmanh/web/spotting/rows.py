"""What one row of *Nhận diện* shows, on the page and in the export alike."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from vungmanh.analysis.facts import FactRules
from vungmanh.core.periods import add_months
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import Status
from vungmanh.org.queries import secretary_spans_of
from vungmanh.strengthening.models import Assessment
from vungmanh.strengthening.reason_texts import ReasonText, texts_of
from vungmanh.web.marks import MonthsRow, Span
from vungmanh.web.strength import Strength

REASONS_ON_A_ROW = 3  # decisions.md 4; the page of the unit has them all
_ORDER = (Status.NORMAL, Status.WATCH, Status.WEAK)  # from good to bad


@dataclass(frozen=True)
class Row:
    """One assessed unit as a list shows it."""

    assessment: Assessment
    position: int
    reasons: list[ReasonText]
    threshold: float  # meetings due that must be held, in the unit's own months
    change: str
    place: str
    worst: Assessment | None = None  # the worst cell of an organisation
    open_address: str = ""  # opens the row in place, or without JavaScript the page with it open
    strength: Strength | None = None

    @property
    def first_reasons(self) -> list[ReasonText]:
        return self.reasons[:REASONS_ON_A_ROW]

    @property
    def more_reasons(self) -> int:
        return max(len(self.reasons) - REASONS_ON_A_ROW, 0)

    @property
    def is_ranked(self) -> bool:
        """Silent units are worked first and stand in no order (decisions.md 5)."""
        return self.assessment.status != Status.MUST_VERIFY

    @property
    def order(self) -> str:
        return number_vi(self.position) if self.is_ranked else "–"

    @property
    def told_rank(self) -> tuple[int, int, int] | None:
        """(lowest, highest, of how many), where the reader may know."""
        one = self.assessment
        if self.strength is None or self.strength.rank_bar is None:
            return None
        assert one.rank_low is not None
        assert one.rank_high is not None
        assert one.ranked is not None
        return one.rank_low, one.rank_high, one.ranked

    @property
    def previous_label(self) -> str:
        before = self.assessment.previous_status
        return _(Status(before).label) if before else ""

    @property
    def reported(self) -> int:
        return self.assessment.held + self.assessment.not_held


def row_of(
    assessment: Assessment,
    rules: FactRules,
    *,
    position: int = 0,
    worst: Assessment | None = None,
    open_address: str = "",
    strength: Strength | None = None,
) -> Row:
    """The row of an assessment. Lists that show no order leave `position` out."""
    cells = assessment.cells if assessment.cell_position is None else 0
    return Row(
        assessment,
        position,
        texts_of(assessment.reasons, cells=cells),
        rules.minimum_held * assessment.due / rules.of_due,
        change_words(assessment),
        _place(assessment),
        worst,
        open_address,
        strength,
    )


def _place(assessment: Assessment) -> str:
    parts = [assessment.organisation_name, assessment.area]
    if assessment.cell_position is None:
        parts.insert(0, _("%(n)s chi bộ") % {"n": assessment.cells})
        if assessment.failing_cells:
            parts.insert(1, _("%(n)s chi bộ không đạt") % {"n": assessment.failing_cells})
    return ", ".join(part for part in parts if part)


def change_words(assessment: Assessment) -> str:
    """How the status moved against the period before, in words and never as an arrow."""
    now, before = assessment.status, assessment.previous_status
    if not before:
        return _("Kỳ trước chưa có")
    if now == before:
        return _("Như kỳ trước")
    if now in _ORDER and before in _ORDER:
        worse = _ORDER.index(Status(now)) > _ORDER.index(Status(before))
        return _("Nặng hơn") if worse else _("Nhẹ hơn")
    return _("Khác kỳ trước")


def books_of(assessment: Assessment, month: dt.date, post_label: str) -> list[MonthsRow]:
    """The books behind a cell's reasons over the twelve months that end with `month`."""
    first = add_months(month, 1 - len(assessment.marks))
    spans = secretary_spans_of(assessment.unit_id, first, month)
    return [
        MonthsRow(_("Kỳ thường kỳ"), states=assessment.marks),
        MonthsRow(
            post_label,
            spans=tuple(
                Span(span.months, _("có bí thư") if span.in_post else _("khuyết"), not span.in_post)
                for span in spans
            ),
        ),
    ]
