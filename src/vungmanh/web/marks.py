"""The five marks of a month, their words, and the tables made of them.

Shape before colour: each mark is a drawing of the page's sprite with its word beside it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TypeAlias

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.analysis.facts import MARKS
from vungmanh.core.periods import add_months
from vungmanh.core.vocabulary import MonthState

#: One character a month, as `analysis.facts.MARKS`; a space where nothing was owed at all.
States: TypeAlias = str

_SYMBOLS = {
    MonthState.HELD: ("m-held", gettext_lazy("đã họp")),
    MonthState.NOT_HELD: ("m-missed", gettext_lazy("không họp")),
    MonthState.NO_REPORT: ("m-silent", gettext_lazy("chưa có báo cáo")),
    MonthState.EXCUSED: ("m-excused", gettext_lazy("được miễn, có lý do")),
    MonthState.NOT_DUE: ("m-future", gettext_lazy("chưa đến hạn")),
}
STATES = {mark: MonthState(code) for mark, code in MARKS.items()}
CHARACTERS = {state: mark for mark, state in STATES.items()}


def symbol(state: MonthState, *, small: bool = False) -> SafeString:
    """The drawing of one mark, silent to a screen reader: its word stands beside it."""
    size = " s" if small else ""
    return format_html(
        '<svg class="mk{}" aria-hidden="true"><use href="#{}"/></svg>', size, _SYMBOLS[state][0]
    )


def mark(character: str) -> SafeString:
    """One month: the drawing and its word for those who do not see it. Empty for a space."""
    if character == " ":
        return SafeString("")
    state = STATES[character]
    return format_html('{}<span class="vh">{}</span>', symbol(state), _SYMBOLS[state][1])


@dataclass(frozen=True)
class Tally:
    """How many months of each state; `due` leaves out the excused and those not yet due."""

    held: int
    not_held: int
    no_report: int
    excused: int

    @classmethod
    def of(cls, states: States) -> Tally:
        counted = (MonthState.HELD, MonthState.NOT_HELD, MonthState.NO_REPORT, MonthState.EXCUSED)
        return cls(*(states.count(CHARACTERS[state]) for state in counted))

    @property
    def due(self) -> int:
        return self.held + self.not_held + self.no_report

    def words(self) -> str:
        """ "họp 5, không họp 5, chưa báo cáo 2 / 12 kỳ": never one number without the others."""
        parts = [
            _("họp %(n)s") % {"n": self.held},
            _("không họp %(n)s") % {"n": self.not_held},
            _("chưa báo cáo %(n)s") % {"n": self.no_report},
        ]
        text = _("%(parts)s / %(due)s kỳ") % {"parts": ", ".join(parts), "due": self.due}
        if self.excused:
            text += _("; được miễn %(n)s") % {"n": self.excused}
        return text


# --- months ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Span:
    """A state that lasts `months` months in a row of the months table, such as a post vacant."""

    months: int
    text: str
    is_bad: bool = False


@dataclass(frozen=True)
class MonthsRow:
    """One book over the same months: either marks, or spans that fill all of them.

    `total` is written at the end of a row of spans; a row of marks counts for itself.
    """

    label: str
    states: States = ""
    spans: tuple[Span, ...] = ()
    total: str = ""
    hrefs: tuple[str, ...] = ()  # of each mark; "" leads nowhere

    def cells(self) -> SafeString:
        if self.spans:
            return format_html_join(
                "",
                '<td class="sp{}" colspan="{}"><span>{}</span></td>',
                ((" off" if span.is_bad else "", span.months, span.text) for span in self.spans),
            )
        hrefs = self.hrefs or ("",) * len(self.states)
        return format_html_join(
            "",
            "<td>{}</td>",
            ((_linked(one, href),) for one, href in zip(self.states, hrefs, strict=True)),
        )

    def width(self) -> int:
        return sum(span.months for span in self.spans) or len(self.states)

    def sum(self) -> SafeString | str:
        if self.spans:
            return self.total
        tally = Tally.of(self.states)
        return format_html("<b>{}</b>/{}", tally.held, tally.due) if tally.due else ""


def _linked(character: str, href: str) -> SafeString:
    drawn = mark(character)
    return format_html('<a href="{}">{}</a>', href, drawn) if href and drawn else drawn


@dataclass(frozen=True)
class MonthHead:
    """A column of a months table."""

    month: dt.date

    def cell(self) -> SafeString:
        return format_html(
            '<span class="vh">{} </span>{}<span class="vh">/{}</span>',
            _("tháng"),
            self.month.month,
            self.month.year,
        )


def month_heads(first: dt.date, count: int) -> list[MonthHead]:
    """The columns from month `first` on."""
    return [MonthHead(add_months(first, n)) for n in range(count)]


@dataclass(frozen=True)
class YearRow:
    """One calendar year of one unit: twelve states from January on."""

    year: int
    states: States
