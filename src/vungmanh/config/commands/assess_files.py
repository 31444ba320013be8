"""`vungmanh assess FOLDER`: one's own files in, results and a report out. No database is asked."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.status import Status

import vungmanh
from vungmanh.core.text import number_vi

if TYPE_CHECKING:
    from vungmanh.analysis.assessing import RulesOn, YearAssessed
    from vungmanh.analysis.layout import OpenTables
    from vungmanh.outputs.folders.report import About, Limits
    from vungmanh.rulebook import Rulebook

_STEP_WORDS = {
    "check": "Kiểm tra trùng lặp",
    "count": "Đếm các kỳ",
    "estimate": "Ước lượng",
    "judge": "Xét lý do và trạng thái",
}


class Steps:
    """Progress step by step: what is being done, then how long it took."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._shown: Status | None = None
        self._label, self._begun = "", 0.0

    def begin(self, label: str) -> None:
        self.end()
        self._label, self._begun = label, time.monotonic()
        self._shown = self.console.status(f"{label}…")
        self._shown.start()

    def end(self, *, done: bool = True) -> None:
        """Nothing is said of a step that failed: its error is."""
        if self._shown is None:
            return
        self._shown.stop()
        self._shown = None
        if done:
            took = number_vi(time.monotonic() - self._begun)
            self.console.print(f"[dim]✓ {self._label} ({took} giây)[/]", highlight=False)


def assess_folder(
    console: Console, folder: Path, *, years: Sequence[int], out: Path, mapping: Path | None
) -> None:
    from vungmanh.analysis.assessing import assess
    from vungmanh.config.database import start_django
    from vungmanh.outputs.folders.read import chosen_years, read_folder, rows_of
    from vungmanh.outputs.folders.write import check_target, write_results
    from vungmanh.rulebook import shipped_rulebook

    check_target(out, folder)
    start_django()
    from vungmanh.outputs.folders.report import finding, report_html, told_rows
    from vungmanh.outputs.folders.results import results_table

    steps, book = Steps(console), shipped_rulebook()
    try:
        tables = read_folder(folder, mapping, steps.begin)
        wanted = chosen_years(tables, list(years))
        steps.end()
        console.print(f"Đã đọc {rows_of(tables)}.", highlight=False)
        rules_on, note = _rules(book, tables)

        def tell(step: str, year: int) -> None:
            steps.begin(_STEP_WORDS[step] + (f", năm {year}" if year else ""))

        assessed = assess(tables, wanted, rules_on, tell)
        steps.begin("Ghi kết quả")
        results = results_table(assessed)
        about = _about(tables, assessed, note, book, rules_on)
        paths = write_results(out, results, report_html(results, about))
        steps.end()
    except BaseException:
        steps.end(done=False)
        raise
    said = finding(told_rows(results, wanted[-1]), wanted[-1])
    console.print(f"[bold]{said}[/]", highlight=False)
    for path in paths:
        console.print(f"  {path}", highlight=False, soft_wrap=True)


def _rules(book: Rulebook, tables: OpenTables) -> tuple[RulesOn, str]:
    """The rules of each day; before there were any, those of the first day, and that said."""
    from vungmanh.outputs.folders.read import known_years
    from vungmanh.strengthening.rules import fact_rules, first_assessable_day, probability_rules

    first = first_assessable_day(book)

    def rules_on(day: dt.date):  # type: ignore[no-untyped-def]
        used = max(day, first)
        return fact_rules(book, used), probability_rules(book, used)

    early = min(known_years(tables), default=first.year) < first.year
    note = (
        f"Trước năm {first.year} phần mềm chưa có quy định: các năm ấy được xét theo quy định của "
        f"năm {first.year}."
    )
    return rules_on, note if early else ""


def _about(
    tables: OpenTables, assessed: Sequence[YearAssessed], note: str, book: Rulebook,
    rules_on: Callable[[dt.date], tuple],  # type: ignore[type-arg]
) -> About:  # fmt: skip
    from vungmanh.outputs.folders.report import About

    own = "Dùng quy định đi kèm phần mềm, không dùng quy định riêng của tỉnh nếu có."
    last = assessed[-1].year
    return About(
        source=tables.source,
        years=[one.year for one in assessed],
        notes=[*tables.notes, *([note] if note else []), own],
        rulebook=book.version,
        version=vungmanh.__version__,
        limits=_limits(rules_on, dt.date(last, 12, 31)),
    )


def _limits(rules_on: Callable[[dt.date], tuple], day: dt.date) -> Limits:  # type: ignore[type-arg]
    from vungmanh.outputs.folders.report import Limits

    facts, probability = rules_on(day)
    return Limits(
        weights=probability.weights,
        weak_percent=probability.weak_percent,
        watch_percent=probability.watch_percent,
        reference_percent=probability.reference_percent,
        base_periods=probability.base_periods,
        interval_percent=probability.interval_percent,
        reported_percent=facts.reported_percent,
        minimum_held=facts.minimum_held,
        of_due=facts.of_due,
    )
