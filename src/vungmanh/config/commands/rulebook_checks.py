"""`vungmanh rulebook compare` and `check`: two days side by side, and sheets put to the proof."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from vungmanh.core.errors import InputError, NotFound
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import Severity
from vungmanh.rulebook import Rule, Rulebook, read_rulebook
from vungmanh.rulebook.checking import SheetReport, check_sheet
from vungmanh.rulebook.values import MeetingGrades, MeetingSheet


def compare_days(console: Console, book: Rulebook, names: list[str]) -> None:
    """Each key ruled differently on the second day, line by line."""
    before, after = _two_days(names)
    found = book.compare(before, after)
    console.print(
        f"{len(found)} quy định khác nhau giữa {date_vi(before)} và {date_vi(after)}",
        highlight=False,
    )
    for one in found:
        table = Table(title=f"\n{one.title}\n{one.key}: {one.sentence}", title_justify="left")
        for heading in ("", date_vi(before), date_vi(after)):
            table.add_column(heading)
        for field in one.fields:
            table.add_row(field.label, field.before or "—", field.after or "—")
        console.print(table)


def _two_days(names: list[str]) -> tuple[date, date]:
    try:
        before, after = (date.fromisoformat(name) for name in names)
    except ValueError:
        raise InputError(
            "Hãy ghi hai ngày, dạng năm-tháng-ngày, như 2018-01-01 2026-01-01.", field="words"
        ) from None
    return before, after


def check_sheets(console: Console, book: Rulebook, names: list[str]) -> None:
    """What the checker says of each sheet; exit code 1 when one that is to be used has a fault."""
    rules = [_named(book, name) for name in names] or [
        rule for rule in book.rules if isinstance(rule.value, MeetingSheet)
    ]
    bands = book.history(MeetingGrades.key)[-1].value
    assert isinstance(bands, MeetingGrades)
    faulty = 0
    for rule in rules:
        assert isinstance(rule.value, MeetingSheet)
        report = check_sheet(rule.value, bands)
        _tell(console, rule, report)
        faulty += not report.is_sound and (bool(names) or not rule.whom.example)
    if faulty:
        raise typer.Exit(1)


def _named(book: Rulebook, name: str) -> Rule:
    path = Path(name)
    rules = read_rulebook([], texts=[_file(path)]).rules if path.suffix == ".yaml" else book.rules
    for rule in rules:
        if isinstance(rule.value, MeetingSheet) and rule.id in {name, path.stem}:
            return rule
    raise NotFound(f"Không có bảng điểm “{name}”. Ghi mã bảng điểm hoặc một tệp .yaml.")


def _file(path: Path) -> tuple[str, str]:
    try:
        return path.name, path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise InputError(f"Không đọc được tệp {path}.", field="words") from None


def _tell(console: Console, rule: Rule, report: SheetReport) -> None:
    counted = ", ".join(
        f"{len(report.of(severity))} {severity.label.lower()}"
        for severity in Severity
        if report.of(severity)
    )
    console.print(f"\n[bold]{rule.id}[/] {rule.title}: {counted or 'không thấy lỗi'}")
    for one in report.findings:
        place = f"{one.place}: " if one.place else ""
        console.print(f"  {one.severity.label}: {place}{one.message}", highlight=False)
        console.print(f"    {one.remedy}", highlight=False, style="dim")
