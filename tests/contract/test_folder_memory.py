"""A large file is streamed: what memory holds grows with what is asked for, not with the file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv
import pytest

UNITS, MONTHS = 10_000, 60
LIMIT_MB = 600  # 385 measured, libraries and all, for a file of 1,200

READ = """
import sys
from pathlib import Path
from vungmanh.outputs.folders.read import read_folder
tables = read_folder(Path(sys.argv[1]))
# Not getrusage: its peak begins with the size of the process that started this one.
status = Path("/proc/self/status").read_text()
peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
print(tables.cell_months.num_rows, int(peak.split()[1]) // 1024)
"""


def write_large(path: Path) -> None:
    """600,000 rows with a long remark that nobody reads: more than a gigabyte."""
    unit = np.repeat(np.arange(UNITS), MONTHS)
    month = np.tile(np.arange(MONTHS), UNITS)
    remark = pa.array(["Nội dung ghi chép của kỳ họp, " * 50])
    with path.open("wb") as file:
        for start in range(0, len(unit), 50_000):
            part = slice(start, start + 50_000)
            table = pa.table(
                {
                    "unit": pa.array([f"CB{one:06}" for one in unit[part]]),
                    "year": 2016 + month[part] // 12,
                    "month": 1 + month[part] % 12,
                    "held": np.where(month[part] % 4 == 0, 0, 1),
                    "remark": remark.take(pa.array(np.zeros(len(unit[part]), dtype=np.int32))),
                }
            )
            pcsv.write_csv(table, file, pcsv.WriteOptions(include_header=start == 0))


@pytest.mark.slow
def test_a_file_larger_than_the_memory_allowed_is_read(tmp_path: Path) -> None:
    path = tmp_path / "cell_months.csv"
    write_large(path)
    assert path.stat().st_size > 1.5 * LIMIT_MB * 1024**2
    done = subprocess.run(
        [sys.executable, "-c", READ, str(tmp_path)], check=True, capture_output=True, text=True
    )
    rows, used = map(int, done.stdout.split())
    path.unlink()
    assert rows == UNITS * MONTHS
    assert used < LIMIT_MB
