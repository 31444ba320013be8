"""An invented province whose truth is known, made from a seed (methods.md §12).

>>> from vungmanh.analysis.simulate import SMALL, simulate_province
>>> province = simulate_province(2026, size=SMALL)
"""

from vungmanh.analysis.simulate.province import (
    EARLIEST_MONTH,
    LAST_MONTH,
    Province,
    simulate_province,
)
from vungmanh.analysis.simulate.sizes import PROVINCE, SMALL, Size

__all__ = [
    "EARLIEST_MONTH", "LAST_MONTH", "PROVINCE", "SMALL", "Province", "Size", "simulate_province",
]  # fmt: skip
