"""How big a simulated province is, and how its areas differ.

The areas are those of the reference pictures; the numbers follow decisions.md 19 and the sizes of
domain.md §3.3 (about 4 cells to an organisation, 14 members to a cell). Nothing here is real.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class AreaPlan:
    """One former district. `strength` shifts the latent strength (in standard deviations);
    `reporting` is the share of months its cells usually report.
    """

    name: str
    old_communes: int
    new_communes: int
    organisations: int  # beside the communes
    strength: float
    reporting: float
    is_city: bool = False


@dataclass(frozen=True)
class Size:
    """The plan of a province. `cells` counts those living in the last month."""

    first_month: date  # where its months begin unless asked otherwise
    areas: tuple[AreaPlan, ...]
    bloc_organisations: tuple[int, int]
    cells: int
    villages: tuple[int, int]  # least and most village cells of a commune
    merged_pairs: int  # pairs of village cells merged into one over the years
    agents: int  # cells of each kind of misbehaviour
    tiny_cells: int  # cells with one or two official members
    chosen_a_year: int


PROVINCE = Size(
    first_month=date(2014, 1, 1),
    areas=(
        AreaPlan("Mẫu Thượng", 14, 5, 24, -0.75, 0.905),
        AreaPlan("Mẫu Bắc", 20, 7, 38, 0.20, 0.98),
        AreaPlan("Mẫu Đông", 20, 6, 36, -0.05, 0.98),
        AreaPlan("Mẫu Lâm", 13, 5, 22, -0.65, 0.925),
        AreaPlan("Mẫu Tây", 17, 6, 30, -0.35, 0.955),
        AreaPlan("Thành phố Mẫu", 14, 5, 92, 0.75, 0.99, is_city=True),
        AreaPlan("Mẫu Trung", 19, 6, 36, 0.25, 0.98),
        AreaPlan("Mẫu Giang", 16, 5, 28, 0.0, 0.98),
        AreaPlan("Mẫu Khê", 16, 6, 26, -0.15, 0.965),
        AreaPlan("Mẫu Hạ", 22, 7, 40, 0.35, 0.99),
        AreaPlan("Mẫu Nam", 23, 7, 44, 0.25, 0.98),
    ),
    bloc_organisations=(44, 46),
    cells=3000,
    villages=(6, 14),
    merged_pairs=64,
    agents=7,
    tiny_cells=9,
    chosen_a_year=8,
)

SMALL = Size(
    first_month=date(2023, 11, 1),
    areas=(
        AreaPlan("Mẫu Đông", 6, 2, 2, -0.2, 0.95),
        AreaPlan("Mẫu Nam", 6, 2, 2, 0.2, 0.98),
    ),
    bloc_organisations=(1, 1),
    cells=66,
    villages=(2, 5),
    merged_pairs=2,
    agents=1,
    tiny_cells=1,
    chosen_a_year=1,
)
