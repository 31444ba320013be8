"""A province of 3,000 cells over thirteen years: the whole assessment, from Parquet.

    python bench/province.py [--cells 3000] [--years 13]

Made-up cell-months (`country.py`) are read and everybody is assessed in the last year, in a process
of its own; base: the bare scan of the same columns. Ends with 1 when it takes over three seconds.
Loading libraries and rules stands apart: a server does it once.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from country import apart, make, scan_and_count

SECONDS, TIMES = 3.0, 3


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cells", type=int, default=3_000)
    parser.add_argument("--years", type=int, default=13)
    options = parser.parse_args()
    with TemporaryDirectory(prefix="vungmanh-bench-") as folder:
        file = Path(folder) / "cell_months.parquet"
        make(file, options.cells, options.years)
        counted = scan_and_count(file, options.years)
        runs = [apart("assess", file, options.years) for _ in range(TIMES)]
    best = min(runs, key=lambda run: run["seconds"])
    (scan, _), (count, _) = counted["scan"], counted["count"]
    each = ", ".join(f"{run['seconds']:.2f}" for run in runs)
    print(f"{best['cells']:,} cells, {best['organisations']:,} organisations")
    print(f"bare scan {1000 * scan:.0f} ms, counting {1000 * count:.0f} ms")
    print(f"whole assessment {best['seconds']:.2f} s (limit {SECONDS:g}; runs: {each})")
    print(f"processors {best['processors']:.2f} s, {best['gibibytes']:.2f} GiB")
    print(
        f"libraries and rules loaded in {best['imports']:.2f} s, apart; steps began {best['began']}"
    )
    return int(best["seconds"] > SECONDS)


if __name__ == "__main__":
    sys.exit(main())
