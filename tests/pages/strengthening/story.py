"""The cast in 2017 with something of everything, and small helpers to read a page.

2016  everybody held twelve of twelve
2017  Quan Mẫu    12, 6 and 5 of 12: weak
      Bản Thử     6 held, 6 never reported: silent, to be verified first
      Khuổi Thử   7 held, 3 not held, 2 not reported: cannot be decided yet
      Trường Thử  10 held, 2 excused by document
2018  everybody held twelve of twelve again; 2019 has no report at all
"""

from __future__ import annotations

import datetime as dt
import html
import re

from tests.cast import AT, CELLS, LANG_THU, QUAN_MAU, SCHOOL, Cast, december, make_cast
from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import Sector, UnitKind
from vungmanh.meetings.actions.obligations import excuse_months, generate_obligations
from vungmanh.org.actions.register import load_register
from vungmanh.strengthening.actions.assess import assess_months

NA_MAU, DOI_MAU, AN_MAU = CELLS[QUAN_MAU]
BAN_THU, KHUOI_THU = CELLS[LANG_THU]
EXCUSE = "Công văn 12-CV/ĐU thử"
YEARS = (2016, 2017, 2018)


def make_story() -> Cast:
    """The cast with its reports; nothing is assessed yet."""
    cast = make_cast()
    for year in (2016, 2018):
        for cell in cast.cells:
            cast.hold(cell, year, held=12)
    for cell, held in zip(CELLS[QUAN_MAU], (12, 6, 5), strict=True):
        cast.hold(cell, 2017, held=held)
    cast.hold(BAN_THU, 2017, held=6, not_held=0)
    cast.hold(KHUOI_THU, 2017, held=7, not_held=3)
    cast.hold(SCHOOL, 2017, held=10, not_held=0)
    excused = [dt.date(2017, 11, 1), dt.date(2017, 12, 1)]
    excuse_months(
        excuses={
            "unit": [cast[SCHOOL]] * 2,
            "month": excused,
            "reason": ["lũ quét"] * 2,
            "document": [EXCUSE] * 2,
            "granted_on": [dt.date(2017, 11, 20)] * 2,
        },
        by=None,
        at=AT,
    )
    return cast


def assess_years(*years: int) -> None:
    """Assess each December."""
    assess_months(months=[december(year) for year in years], by=None, at=AT)


def add_cells(cast: Cast, above: str, names: list[str], *, since: dt.date) -> None:
    """More cells below a commune, all with the same life, nothing else known of them."""
    ids = [uuid7() for _ in names]
    cast.units |= dict(zip(names, ids, strict=True))
    same = len(ids)
    nothing = {
        "membership_counts": ("unit", "status", "valid_from", "valid_to", "count"),
        "admissions": ("unit", "month", "count"),
        "appointments": ("unit", "post", "holder_name", "valid_from", "valid_to"),
    }
    load_register(
        tables={
            "units": {"unit": ids, "is_simulated": [True] * same},
            "unit_versions": {
                "unit": ids, "valid_from": [since] * same, "valid_to": [None] * same,
                "name": names, "kind": [UnitKind.CHI_BO] * same, "sector": [Sector.VILLAGE] * same,
                "area": ["Mẫu Thượng"] * same, "official_code": [""] * same,
                "is_organisation": [False] * same,
            },
            "unit_parents": {
                "unit": ids, "parent": [cast[above]] * same,
                "valid_from": [since] * same, "valid_to": [None] * same,
            },
            **{table: {column: [] for column in columns} for table, columns in nothing.items()},
        },
        by=None,
        at=AT,
    )  # fmt: skip
    generate_obligations(first=since, last=dt.date(2019, 12, 1), by=None, at=AT)


def main_of(response: object) -> str:
    """The page without its frame, as one reads it: entities resolved."""
    page = response.content.decode()  # type: ignore[attr-defined]
    return html.unescape(page.split("<main")[1].split("</main>")[0])


def words(markup: str) -> str:
    """What is read of some markup: tags dropped, spaces squashed."""
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def first_column(page: str) -> list[str]:
    """The units of the ranked list, in order, whoever is opened."""
    table = page.split('<table class="stack ranked"')[1]
    return re.findall(r'<th scope="row" class="org"><a [^>]*>([^<]+)</a>', table)


def row_of(page: str, name: str) -> str:
    """The row of one unit in the ranked list, in words."""
    rows = re.findall(r"<tr(?: data-open)?>.*?</tr>", page, flags=re.DOTALL)
    (row,) = (row for row in rows if f">{name}</a>" in row and 'class="org"' in row)
    return words(row)


def ids_twice(answer: object) -> set[str]:
    """Ids that stand more than once on a page: a label would then tick another form's field."""
    found = re.findall(r'<[^>]*?\sid="([^"]+)"', answer.content.decode())  # type: ignore[attr-defined]
    return {one for one in found if found.count(one) > 1}
