"""`vungmanh bench`: every method scored on provinces whose truth is known."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from vungmanh.core.errors import InputError

if TYPE_CHECKING:
    from vungmanh.analysis.assessing import RulesOn
    from vungmanh.analysis.facts import FactRules
    from vungmanh.analysis.probability import ProbabilityRules
    from vungmanh.analysis.trial.bench import Bench, Plan, SeedResult

HELP = """Chấm các cách tính trên những tỉnh mô phỏng đã biết trước sự thật.

Mỗi số gốc là một tỉnh: 420 tổ chức, khoảng 2.600 chi bộ, 9 năm. Cách tính chỉ được xem số liệu, rồi
đem so với sự thật: tìm đúng nơi yếu được bao nhiêu, khoảng tin cậy có phủ đúng không, và chi bộ báo
cáo gian dối có được lợi không. Sai số in kèm là sai số do số tỉnh có hạn.

Ví dụ:

* `vungmanh bench --seeds 4`: xem nhanh
* `vungmanh bench --markdown docs/bench/README.md`: bảng đầy đủ trong tài liệu
"""

#: Fresh seeds: those of the prototype (5000–5099) and of tuning are not used again.
FIRST_SEED = 20_000
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def bench(
    *,
    seeds: Annotated[int, typer.Option(metavar="SỐ", min=1, help="Bao nhiêu tỉnh.")] = 40,
    first_seed: Annotated[
        int, typer.Option(metavar="SỐ", min=0, help="Số gốc của tỉnh đầu tiên.")
    ] = FIRST_SEED,
    markdown: Annotated[
        Path | None, typer.Option(metavar="TỆP", help="Ghi bảng kết quả vào tệp này.")
    ] = None,
    processes: Annotated[
        int, typer.Option(metavar="SỐ", min=1, help="Bao nhiêu tiến trình cùng tính.")
    ] = 2,
) -> None:
    from vungmanh.analysis.trial.bench import together
    from vungmanh.analysis.trial.report import markdown as page

    if markdown is not None and not markdown.parent.is_dir():
        raise InputError(
            f"Chưa có thư mục {markdown.parent}. Hãy tạo thư mục ấy hoặc chọn tệp khác.",
            field="markdown",
        )
    console = Console()
    results: list[SeedResult] = []
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Chấm từng tỉnh", total=seeds)
        for result in _in_processes(range(first_seed, first_seed + seeds), processes):
            results.append(result)
            progress.advance(task)
    found = together(results)
    console.print(_goals_table(found))
    console.print(_agents_table(found))
    if markdown is not None:
        command = f"vungmanh bench --seeds {seeds} --first-seed {first_seed}"
        markdown.write_text(page(found, f"{command} --markdown docs/bench/README.md"), "utf-8")
        console.print(f"Đã ghi {markdown}", highlight=False)


def _in_processes(seeds: range, processes: int) -> Iterator[SeedResult]:
    """One seed is one task; the figures do not depend on which process had it."""
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from multiprocessing import get_context

    with _one_thread_each():
        workers = min(processes, len(seeds))
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            for done in as_completed([pool.submit(score_seed, seed) for seed in seeds]):
                yield done.result()


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Processes share the cores; threads of linear algebra would only stand in each other's way."""
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def score_seed(seed: int) -> SeedResult:
    """All methods on the province of a seed."""
    from vungmanh.analysis.trial.bench import run_seed

    return run_seed(seed, full_plan())


def full_plan() -> Plan:
    """Every method, ours by the shipped rules; agents play against three of them."""
    from vungmanh.analysis.trial.bench import NAIVE, OURS, RAW_INDEX, RULE_OF_THUMB, Plan
    from vungmanh.analysis.trial.model import assessed_by

    methods = {**NAIVE, OURS: assessed_by(shipped_rules())}
    return Plan(methods, deceived=(RULE_OF_THUMB, RAW_INDEX, OURS))


def shipped_rules() -> RulesOn:
    """The rules as shipped; before the first of them was in force, those of its first day."""
    from vungmanh.rulebook import shipped_rulebook
    from vungmanh.strengthening.rules import fact_rules, first_assessable_day, probability_rules

    book = shipped_rulebook()
    first = first_assessable_day(book)

    def rules_on(day: dt.date) -> tuple[FactRules, ProbabilityRules]:
        then = max(day, first)
        return fact_rules(book, then), probability_rules(book, then)

    return rules_on


_MEASURES = {
    "precision": "đúng trong 10 % yếu nhất", "auc": "AUC",
    "sure below": "xác suất từ 0,8: yếu thật", "coverage": "khoảng 90 % phủ đúng",
}  # fmt: skip
_GRAINS = {"organisations": "Tổ chức", "cells": "Chi bộ"}
_PLAYS = {
    "hiding": "giấu tháng không họp", "silent": "không báo cáo gì", "excuses": "xin hoãn",
    "december": "báo cáo dồn tháng 12", "copying": "chép biên bản", "inventing": "bịa số dự họp",
}  # fmt: skip


def _goals_table(found: Bench) -> Table:
    from vungmanh.analysis.trial.bench import OURS, RAW_INDEX
    from vungmanh.analysis.trial.goals import GOALS, Reached
    from vungmanh.analysis.trial.report import bounds, figure

    table = Table(title=f"{len(found.seeds)} tỉnh mô phỏng", title_justify="left")
    for head in ("Phép đo", "Phần trăm thô", "Mục tiêu", "Đo được", "Kết luận"):
        table.add_column(head)
    words = {Reached.STRETCH: "vượt", Reached.GOAL: "đạt", Reached.MISSED: "chưa đạt"}
    ours, raw = found.measures[OURS], found.measures[RAW_INDEX]
    for goal in GOALS:
        grain, measure = goal.measure.split(" ", 1)
        table.add_row(
            f"{_GRAINS[grain]}: {_MEASURES[measure]}",
            _vietnamese(figure(raw.get(goal.measure), measure)),
            _vietnamese(bounds(goal.goal)),
            _vietnamese(figure(ours.get(goal.measure), measure)),
            words[goal.judge(ours)],
        )
    return table


def _agents_table(found: Bench) -> Table:
    from vungmanh.analysis.trial.bench import OURS, RAW_INDEX
    from vungmanh.analysis.trial.goals import gains
    from vungmanh.analysis.trial.report import places

    table = Table(
        title="Gian dối có lợi không? Số bậc lùi lại trong thứ tự làm việc", title_justify="left"
    )
    for head in ("Cách gian dối", "Phần trăm thô", "Vững Mạnh", "Kết luận"):
        table.add_column(head)
    for kind, value in found.moved[OURS].items():
        table.add_row(
            _PLAYS[kind],
            places(found.moved[RAW_INDEX].get(kind)),
            places(value),
            "có lợi" if gains(value) else "không lợi",
        )
    return table


def _vietnamese(text: str) -> str:
    """Decimals with a comma and a leading zero, as a Vietnamese reader writes them."""
    return re.sub(r"(\d?)\.(\d)", lambda found: f"{found[1] or 0},{found[2]}", text)
