"""How long an assessment takes: the fast one against its slow, obvious reference.

    python bench/assess.py [--sample 150]

The demonstration province, 3,000 cells over thirteen years; no database. The reference judges a
sample of units of one period, is scaled up to all of them, and must say the same of each.
Ends with 1 when it does not.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from vungmanh.analysis.facts import (
    NOTHING,
    REASON_KEYS,
    STATUSES,
    UNKNOWN,
    judge_cells,
    judge_organisations,
)
from vungmanh.analysis.reference import judge_cell, judge_organisation
from vungmanh.analysis.simulate import simulate_province
from vungmanh.analysis.staging import periods_back, stage
from vungmanh.analysis.standing import stand
from vungmanh.rulebook import load_rulebook
from vungmanh.strengthening.rules import fact_rules, first_assessable_day

SEED, TIMES = 2026, 7


def seconds(work: Callable[[], Any], times: int = TIMES) -> float:
    """The median of some runs."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sample", type=int, default=150, help="units the reference judges")
    options = parser.parse_args()
    book = load_rulebook()
    province = simulate_province(SEED)
    start = time.perf_counter()
    staged = stage(province.tables, province.last_month)
    staging = time.perf_counter() - start
    periods = periods_back(
        staged, province.last_month, lambda day: fact_rules(book, day), first_assessable_day(book)
    )
    inputs, last = staged.inputs, periods[-1]
    cells = judge_cells(inputs, last)
    organisations = judge_organisations(inputs, last, cells)
    one = seconds(lambda: judge_organisations(inputs, last, judge_cells(inputs, last)))
    all_of_them = seconds(lambda: stand(inputs, periods))

    is_cell = np.flatnonzero(last.home != UNKNOWN)
    homes = np.unique(last.home[is_cell])
    print(f"{len(is_cell)} cells, {len(homes)} organisations, {inputs.marks.shape[1]} months")
    print(f"tables to arrays {staging:.2f} s")
    print(f"one period {1000 * one:.1f} ms, status over {len(periods)} periods {all_of_them:.2f} s")

    drawn = np.random.default_rng(SEED)
    some_cells = drawn.choice(is_cell, min(options.sample, len(is_cell)), replace=False)
    some_homes = drawn.choice(homes, min(options.sample // 5, len(homes)), replace=False)
    slow, differ = 0.0, 0
    for chosen, every, judge, fast in (
        (some_cells, is_cell, judge_cell, cells),
        (some_homes, homes, judge_organisation, organisations),
    ):
        start = time.perf_counter()
        told = [judge(inputs, last, int(unit)) for unit in chosen]
        slow += (time.perf_counter() - start) * len(every) / len(chosen)
        differ += sum(
            said != as_reference(fast, int(unit)) for said, unit in zip(told, chosen, strict=True)
        )
    print(f"reference, scaled up from {options.sample} cells: {slow:.0f} s for one period")
    print(f"the fast one is {slow / one:,.0f} times as fast; they differ on {differ} units")
    return int(differ > 0)


def as_reference(judged: Any, unit: int) -> tuple[set[str], Any]:
    """The fast judgement of one unit in the words of the reference."""
    row = judged.reasons[unit]
    reasons = {key for key, there in zip(REASON_KEYS, row, strict=True) if there}
    raw = judged.raw[unit]
    return reasons, None if raw == NOTHING else STATUSES[raw]


if __name__ == "__main__":
    sys.exit(main())
