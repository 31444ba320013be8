"""What a series shows: its finding, the drawing, the table, and where the two structures differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from vungmanh.access.viewer import Viewer
from vungmanh.analysis.structure import Stretch, difference
from vungmanh.core.periods import add_months, month_label, month_of, month_range
from vungmanh.core.text import date_vi, number_vi, percent_vi
from vungmanh.core.vocabulary import Structure
from vungmanh.meetings.frames import first_month_due
from vungmanh.meetings.series import MonthTotal, held_series
from vungmanh.org.structure import ReformDay, cells_of_series, reform_days, roots_of
from vungmanh.web.series.chart import Chart, Span, chart_of

MONTHS = 36
#: The structures and lengths as addresses write them.
STRUCTURES = {Structure.THEN: "khi-do", Structure.NOW: "hien-nay"}
BY_MONTH, BY_YEAR = "thang", "nam"
Link = tuple[str, str, bool]  # words, address, whether it is what is shown


@dataclass(frozen=True)
class Wanted:
    """What is asked for; `unit_id` None: all that the viewer sees."""

    unit_id: UUID | None
    structure: Structure
    by_year: bool

    @classmethod
    def of(cls, unit_id: UUID | None, structure: str, length: str) -> Wanted:
        """From an address; what it does not know counts as not asked for."""
        return cls(unit_id, structure_named(structure), length == BY_YEAR)

    def address(self, structure: Structure | None = None, by_year: bool | None = None) -> str:
        shown = self.structure if structure is None else structure
        length = BY_YEAR if (self.by_year if by_year is None else by_year) else BY_MONTH
        page = reverse("series", args=[self.unit_id] if self.unit_id else [])
        return f"{page}?{urlencode({'co-cau': STRUCTURES[shown], 'theo': length})}"

    @property
    def structures(self) -> list[Link]:
        return [(_(one.label), self.address(one), one is self.structure) for one in STRUCTURES]

    @property
    def lengths(self) -> list[Link]:
        return [
            (_("36 tháng"), self.address(by_year=False), not self.by_year),
            (_("Từng năm"), self.address(by_year=True), self.by_year),
        ]


def structure_named(name: str) -> Structure:
    """The structure an address asks for; the one of each month unless it says otherwise."""
    return Structure.NOW if name == STRUCTURES[Structure.NOW] else Structure.THEN


@dataclass(frozen=True)
class SeriesView:
    """A series as the page shows it. Without `spans` nothing was due in the time shown."""

    wanted: Wanted
    finding: str
    lead: str
    note: str
    spans: tuple[Span, ...] = ()
    chart: Chart | None = None
    reforms: tuple[ReformDay, ...] = ()


def series_view(viewer: Viewer, wanted: Wanted, period: dt.date, as_of: dt.date) -> SeriesView:
    """The series that ends with the month `period`, by the structure wanted."""
    roots = roots_of(viewer, wanted.unit_id, as_of)
    begin = first_month_due()
    if begin is None or begin > period:
        return SeriesView(wanted, _("Chưa có kỳ nào phải họp tính đến kỳ đang xem."), "", "")
    first = begin if wanted.by_year else max(begin, add_months(period, 1 - MONTHS))
    ways = {one: cells_of_series(roots, one, as_of) for one in Structure}
    both = _both(ways, first, period)
    months = both[wanted.structure]
    units = {one.unit for one in ways[wanted.structure] if one.months_within(first, period)}
    reforms = reform_days(list(units), first, as_of, below=roots.whole)
    spans = tuple(_years(months, reforms) if wanted.by_year else _months(months, reforms))
    if not any(one.total.cells for one in spans):
        words = _("Theo cơ cấu này chưa có chi bộ nào trong khoảng đang xem.")
        return SeriesView(wanted, words, "", _note(ways, both, first, period))
    return SeriesView(
        wanted=wanted,
        finding=_finding(months),
        lead=_lead(months, wanted.structure, as_of),
        note=_note(ways, both, first, period),
        spans=spans,
        chart=chart_of(spans),
        reforms=tuple(reforms),
    )


def _both(
    ways: dict[Structure, list[Stretch[UUID]]], first: dt.date, last: dt.date
) -> dict[Structure, list[MonthTotal]]:
    """The months by either structure, for the note compares them. Most cells count alike in both
    and are read once."""
    alike = set(ways[Structure.THEN]) & set(ways[Structure.NOW])
    series = held_series(
        [
            replace(one, group="" if one in alike else way.value)
            for way, found in ways.items()
            for one in found
            if way is Structure.THEN or one not in alike
        ],
        first,
        last,
    )
    none = [MonthTotal(month) for month in month_range(first, last)]
    return {
        way: [
            one + other
            for one, other in zip(series.get("", none), series.get(way.value, none), strict=True)
        ]
        for way in ways
    }


def _in_force(reforms: Sequence[ReformDay], first: dt.date, last: dt.date) -> str:
    return "; ".join(one.document for one in reforms if first <= month_of(one.on) <= last)


def _months(months: Sequence[MonthTotal], reforms: Sequence[ReformDay]) -> list[Span]:
    return [
        Span(
            f"{one.month.month}/{one.month.year}",
            str(one.month.year),
            one,
            _in_force(reforms, one.month, one.month),
        )
        for one in months
    ]


def _years(months: Sequence[MonthTotal], reforms: Sequence[ReformDay]) -> list[Span]:
    """Sums over the months of a year; cells and members as its last month has them."""
    spans = []
    for year in sorted({one.month.year for one in months}):
        own = [one for one in months if one.month.year == year]
        total = MonthTotal(own[-1].month, own[-1].cells, own[-1].members)
        for name in ("held", "not_held", "no_report", "excused"):
            setattr(total, name, sum(getattr(one, name) for one in own))
        reform = _in_force(reforms, own[0].month, own[-1].month)
        spans.append(Span(str(year), str(year), total, reform))
    return spans


def _finding(months: Sequence[MonthTotal]) -> str:
    held, due = sum(one.held for one in months), sum(one.due for one in months)
    span = {"first": month_label(months[0].month), "last": month_label(months[-1].month)}
    if not due:
        return _("Từ %(first)s đến %(last)s không có kỳ nào phải họp.") % span
    return _("Từ %(first)s đến %(last)s đã họp %(held)s trong %(due)s kỳ phải họp, %(share)s.") % {
        **span, "held": number_vi(held), "due": number_vi(due), "share": percent_vi(held / due),
    }  # fmt: skip


def _lead(months: Sequence[MonthTotal], structure: Structure, as_of: dt.date) -> str:
    if structure is Structure.NOW:
        words = _(
            "Theo cơ cấu ngày %(day)s: tính các chi bộ đang thuộc đơn vị, kèm các chi bộ trước đây "
            "đã nhập vào đó."
        ) % {"day": date_vi(as_of)}
    else:
        words = _("Theo cơ cấu của từng tháng: chi bộ khi ấy thuộc đơn vị nào thì tính ở đó.")
    silent = sum(one.no_report for one in months)
    if silent:
        words += " " + _("%(n)s kỳ chưa có báo cáo, không tính là không họp.") % {
            "n": number_vi(silent)
        }
    lived = next((one.month for one in months if one.cells), None)
    if lived and lived != months[0].month:
        words += " " + _("Trước %(month)s chưa có chi bộ nào.") % {"month": month_label(lived)}
    return words


def _note(
    ways: dict[Structure, list[Stretch[UUID]]],
    both: dict[Structure, list[MonthTotal]],
    first: dt.date,
    last: dt.date,
) -> str:
    """Where the two structures differ in the time shown; it says so too when they do not."""
    found = difference(ways[Structure.THEN], ways[Structure.NOW], first, last)
    if not found:
        return _("Hai cơ cấu cho cùng số liệu trong khoảng này.")
    gap = sum(
        abs(now.due - then.due)
        for then, now in zip(both[Structure.THEN], both[Structure.NOW], strict=True)
    )
    parts = []
    if found.only_now:
        parts.append(
            _("cơ cấu hiện nay tính thêm các kỳ trước đây của %(n)s chi bộ từ đơn vị khác đến")
            % {"n": number_vi(len(found.only_now))}
        )
    if found.only_then:
        parts.append(
            _("cơ cấu khi đó còn tính %(n)s chi bộ nay thuộc đơn vị khác")
            % {"n": number_vi(len(found.only_then))}
        )
    return _("Hai cơ cấu khác nhau %(gap)s kỳ phải họp: %(parts)s.") % {
        "gap": number_vi(gap), "parts": "; ".join(parts),
    }  # fmt: skip
