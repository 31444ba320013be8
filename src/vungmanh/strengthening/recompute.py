"""Whether a run is what its own inputs give: computed anew from the bytes it kept, row by row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.timezone import localdate

import vungmanh
from vungmanh.core.errors import NotNow
from vungmanh.core.periods import month_label, month_slug
from vungmanh.strengthening.judging import judge
from vungmanh.strengthening.models import AssessmentRun
from vungmanh.strengthening.results import Row, hash_of, line
from vungmanh.strengthening.rows import COLUMNS, rows_of
from vungmanh.strengthening.snapshots import from_bytes

#: More than these are counted, not shown: whoever falsified a whole month is found by the first.
SHOWN = 50


@dataclass(frozen=True)
class Difference:
    """One figure of one unit that is not what its inputs give. Values as JSON knows them."""

    unit: str
    name: str
    column: str
    stored: Any
    recomputed: Any


@dataclass(frozen=True)
class Recomputed:
    """What came of computing a run anew.

    `is_equal`: the stored rows are, to the byte, what the kept inputs give. `differing` rows are
    not, the first of them in `differences`. `inputs_hold`: the kept bytes still have the hash they
    are kept under. `result_holds`: the rows computed anew have the hash noted when the run was
    made. `same_code` False: another version of the program made the run, which may explain it.
    """

    is_equal: bool
    differences: tuple[Difference, ...]
    differing: int
    inputs_hold: bool
    result_holds: bool
    same_code: bool


def recompute(run: AssessmentRun) -> Recomputed:
    """Compute a run anew from the inputs it kept, and compare it with what is stored.

    Reads nothing else of the database, and changes nothing. Raises NotNow for a run that kept no
    inputs.
    """
    kept = run.snapshot
    if kept is None:
        raise NotNow(
            f"Lần tính {month_label(run.month)} có từ trước khi bản chụp số liệu được giữ lại, nên "
            f"không so lại được. Hãy tính lại: vungmanh assess --month {month_slug(run.month)}"
        )
    content = bytes(kept.content)
    same_code = run.code_version == vungmanh.__version__
    if not hashlib.sha256(content).hexdigest() == kept.digest == run.input_hash:
        return Recomputed(False, (), 0, False, False, same_code)
    judged = judge(from_bytes(content), run.month, localdate(run.at), run.references or None)
    anew = _lines(rows_of(judged))
    stored = _lines(run.rows.order_by("unit_id").values_list(*COLUMNS))
    units = [one for one in sorted(anew | stored) if anew.get(one) != stored.get(one)]
    result_holds = hash_of(anew.values()) == run.result_hash
    return Recomputed(
        is_equal=not units and result_holds,
        differences=tuple(islice(_differences(units, stored, anew), SHOWN)),
        differing=len(units),
        inputs_hold=True,
        result_holds=result_holds,
        same_code=same_code,
    )


def _lines(rows: Iterable[Row]) -> dict[str, bytes]:
    return {str(row[0]): line(row) for row in rows}


def _differences(
    units: list[str], stored: dict[str, bytes], anew: dict[str, bytes]
) -> Iterator[Difference]:
    for unit in units:
        before, now = (
            dict(zip(COLUMNS, json.loads(rows[unit]), strict=True)) if unit in rows else {}
            for rows in (stored, anew)
        )
        name = now.get("name") or before.get("name") or ""
        for column in COLUMNS:
            if before.get(column) != now.get(column):
                yield Difference(unit, name, column, before.get(column), now.get(column))
