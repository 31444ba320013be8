"""The report as a paper: each figure carries a number that the annex of sources opens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from vungmanh.access.viewer import Viewer
from vungmanh.core.text import date_vi, number_vi
from vungmanh.core.vocabulary import UnitKind
from vungmanh.evaluation.models import YearGrade
from vungmanh.meetings.series import MonthTotal
from vungmanh.org.queries import visible_unit
from vungmanh.outputs.papers.document import Paper, Table
from vungmanh.outputs.papers.heads import bodies_of, mark_of, sender_of_unit
from vungmanh.outputs.papers.issuing import Signer
from vungmanh.outputs.papers.kinds.reports import Report, report
from vungmanh.outputs.papers.kinds.sections import Section
from vungmanh.outputs.papers.kinds.sender import Closing
from vungmanh.outputs.papers.numbers import Wish
from vungmanh.outputs.papers.register import issue_of, stamped
from vungmanh.outputs.reporting.figures import Chapter, Gathered, gather
from vungmanh.outputs.reporting.periods import Period, ReportKind, period_of, span_of
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.papers import PaperBody, PaperType, SigningCapacity
from vungmanh.strengthening.year_addresses import Address


@dataclass(frozen=True)
class Opens:
    """Where pages are: the address of the system, and of a page within it."""

    site: str
    path: Callable[[Address], str]


_MONTHS = ("Tháng", "Phải họp", "Đã họp", "Không họp", "Chưa báo cáo", "Được miễn")
_SOURCES = ("Số", "Số liệu", "Giá trị", "Mở ở")


def subject_of(unit_id: UUID, kind: ReportKind, period: Period) -> str:
    """What a report is in the register."""
    return f"report:{unit_id}:{kind.value}:{period.first:%Y-%m}"


def about_of(period: Period) -> str:
    return f"công tác tổ chức và củng cố tổ chức đảng {period.words}"


def report_wish(
    unit_id: UUID, kind: ReportKind, month: dt.date, *, on: dt.date, signer: Signer | None,
    by: Viewer,
) -> Wish:  # fmt: skip
    """What is asked of the register for a report."""
    period = period_of(kind, month)
    return Wish(
        kind=PaperType.REPORT, body=_body(unit_id, by), on=on, about=about_of(period),
        mark=mark_of(unit_id), subject=subject_of(unit_id, kind, period), signer=signer,
    )  # fmt: skip


def report_paper(
    unit_id: UUID, kind: ReportKind, month: dt.date, viewer: Viewer, *, opens: Opens
) -> Paper:
    """The report of a committee; `opens` says the address of a page. Raises NotFound out of
    sight."""
    period = period_of(kind, month)
    found = gather(unit_id, period, viewer)
    subject = subject_of(unit_id, kind, period)
    return _paper(unit_id, found, viewer, _Said(about_of(period), subject), opens)


def programme_report(
    unit_id: UUID, name: str, first: dt.date, last: dt.date, viewer: Viewer, *, opens: Opens
) -> Paper:
    """Results of a programme by its days: the same figures over its years, and grades year by year
    with a mark where the scale changes. Programmes of their own have no page yet."""
    period = span_of(first, last)
    found = gather(unit_id, period, viewer)
    years = _years(unit_id, period, viewer, found)
    about = f"kết quả thực hiện {name} {period.words}"
    subject = f"programme:{unit_id}:{period.first:%Y-%m}:{period.last:%Y-%m}"
    return _paper(unit_id, found, viewer, _Said(about, subject, (years,)), opens)


@dataclass(frozen=True)
class _Said:
    """What a report is about, what it is in the register, and what it says beside its figures."""

    about: str
    subject: str
    more: tuple[Section, ...] = ()


def _paper(unit_id: UUID, found: Gathered, viewer: Viewer, said: _Said, opens: Opens) -> Paper:
    body = _body(unit_id, viewer)
    sender = sender_of_unit(unit_id, body, on=found.counted_on)
    sender, closing = stamped(
        replace(sender, day=viewer.on), _closing(body), issue_of(unit_id, said.subject)
    )
    counter = iter(range(1, 10_000))
    sections = [_section(chapter, counter, found) for chapter in found.chapters]
    return report(
        Report(
            sender,
            closing,
            said.about,
            (
                *sections,
                *said.more,
                Section("Đánh giá, nguyên nhân"),
                Section("Nhiệm vụ kỳ tới"),
                _annex(found, opens),
            ),
            opening=(
                f"Số liệu tính đến ngày {date_vi(found.counted_on)}. Số trong ngoặc vuông là số "
                "thứ tự ở phần nguồn số liệu.",
            ),
        )
    )


def _section(chapter: Chapter, counter: Iterator[int], found: Gathered) -> Section:
    lines = tuple((one.label, f"{one.value} [{next(counter)}]") for one in chapter.figures)
    is_meetings = chapter.title == "Sinh hoạt chi bộ"
    tables = (_by_month(found.months),) if is_meetings and len(found.months) > 1 else ()
    return Section(chapter.title, lines=lines, tables=tables)


def _by_month(months: tuple[MonthTotal, ...]) -> Table:
    """Month by month, or year by year where there are many."""
    rows: dict[str, MonthTotal] = {}
    for one in months:
        label = f"{one.month.month}/{one.month.year}" if len(months) <= 12 else str(one.month.year)
        rows[label] = rows[label] + one if label in rows else one
    told = tuple(
        (label, *(number_vi(n) for n in (one.due, one.held, one.not_held, one.no_report,
                                         one.excused)))
        for label, one in rows.items()
    )  # fmt: skip
    heads = _MONTHS if len(months) <= 12 else ("Năm", *_MONTHS[1:])
    return Table("Kỳ họp thường kỳ", heads, told, (20, 16, 16, 16, 16, 16), tuple(range(6)))


def _annex(found: Gathered, opens: Opens) -> Section:
    """Every figure with the page that opens it."""
    figures = [one for chapter in found.chapters for one in chapter.figures]
    rows = tuple(
        (str(n), one.label, one.value, opens.path(one.source))
        for n, one in enumerate(figures, start=1)
    )
    told = f"Mỗi số mở ra được ở {opens.site}, nối với đường dẫn ở cột cuối."
    table = Table("", _SOURCES, rows, (7, 33, 18, 42), (0, 2))
    return Section("Nguồn số liệu", (told,), tables=(table,))


def _years(unit_id: UUID, period: Period, viewer: Viewer, found: Gathered) -> Section:
    """The unit's own grade of each year of a programme and of the year before it."""
    visible_unit(viewer, unit_id, found.counted_on)
    book, first = load_rulebook(), period.first.year - 1
    graded = YearGrade.objects.filter(unit_id=unit_id, year__range=(first, period.last.year))
    known = dict(graded.values_list("year", "grade"))
    rows = []
    for year in range(first, period.last.year + 1):
        labels = {one.code: one.label for one in book.grade_scale(year).grades}
        is_break = year > first and book.is_break(year - 1, year)
        note = "thang khác, không so với năm trước" if is_break else ""
        rows.append((str(year), labels.get(known.get(year, ""), ""), note))
    table = Table("", ("Năm", "Mức xếp loại", "Ghi chú"), tuple(rows), (15, 45, 40))
    return Section("Xếp loại từng năm", tables=(table,))


def _body(unit_id: UUID, viewer: Viewer) -> PaperBody:
    """A standing committee does not report in its own name: the committee does, or the cell."""
    version = visible_unit(viewer, unit_id, viewer.on)
    return bodies_of(UnitKind(version.kind))[0]


def _closing(body: PaperBody) -> Closing:
    whom = "Chi bộ" if body is PaperBody.CELL else "Cấp ủy"
    signer = Signer("Bí thư", "", SigningCapacity.FOR_COLLECTIVE, whom)
    return Closing((signer,), ("Cấp ủy cấp trên (báo cáo),", "Lưu."))
