"""Who inherits the counts of units that ended, said with small cases."""

from __future__ import annotations

import datetime as dt
import itertools
import math

import numpy as np
import pyarrow as pa
import pytest

from vungmanh.analysis.counts import Counts
from vungmanh.analysis.inheriting import Heirs, heirs_of, inherit
from vungmanh.core.errors import InputError

IN_2016, IN_2018, IN_2020 = dt.date(2016, 1, 1), dt.date(2018, 1, 1), dt.date(2020, 1, 1)


def lineage(*rows: tuple[str, str, dt.date, float | None]) -> pa.Table:
    old, new, on, share = zip(*rows, strict=True)
    return pa.table(
        {
            "predecessor": pa.array(old, pa.string()),
            "successor": pa.array(new, pa.string()),
            "on": pa.array(on, pa.date32()),
            "share": pa.array(share, pa.float64()),
        }
    )


def shares(to: Heirs) -> dict[tuple[int, int], float]:
    """Unit and heir, by their places, and the share."""
    pairs = zip(to.unit.tolist(), to.heir.tolist(), strict=True)
    return dict(zip(pairs, to.share.tolist(), strict=True))


def test_a_merged_unit_takes_its_past_along() -> None:
    counts = Counts.zeros(2, 1)
    counts.held[:] = [[5], [11]]
    counts.not_held[:] = [[0], [1]]
    counts.present_min[:] = [[3], [6]]
    after = inherit(counts, heirs_of(lineage(("a", "b", IN_2018, 1.0)), ["a", "b"]))
    assert after.held.ravel().tolist() == [0, 16]
    assert after.due.ravel().tolist() == [0, 17]
    assert np.isnan(after.present_min[0, 0])
    assert after.present_min[1, 0] == 3


def test_a_past_passes_through_units_that_ended_in_turn() -> None:
    rows = lineage(("a", "b", IN_2016, 1.0), ("b", "c", IN_2018, 1.0))
    assert shares(heirs_of(rows, ["a", "b", "c"])) == {(0, 2): 1, (1, 2): 1, (2, 2): 1}


def test_a_successor_without_a_share_takes_what_the_others_leave() -> None:
    rows = lineage(("a", "b", IN_2018, 0.25), ("a", "c", IN_2018, None))
    found = shares(heirs_of(rows, ["a", "b", "c"]))
    assert found[0, 1] == 0.25
    assert found[0, 2] == 0.75


def test_successors_without_any_share_take_equal_parts() -> None:
    rows = lineage(*(("a", into, IN_2018, None) for into in "bcd"))
    found = shares(heirs_of(rows, ["a", "b", "c", "d"]))
    assert all(math.isclose(found[0, heir], 1 / 3) for heir in (1, 2, 3))


def test_what_nobody_went_on_with_stays_where_it_was() -> None:
    found = shares(heirs_of(lineage(("a", "b", IN_2018, 0.4)), ["a", "b"]))
    assert found == {(0, 0): 0.6, (0, 1): 0.4, (1, 1): 1}


def test_a_successor_that_nothing_is_known_of_takes_nothing_away() -> None:
    found = shares(heirs_of(lineage(("a", "stranger", IN_2018, 1.0)), ["a", "b"]))
    assert found == {(0, 0): 1, (1, 1): 1}


def test_a_unit_that_ended_twice_goes_by_its_last_end_and_is_not_counted_twice() -> None:
    rows = lineage(("a", "b", IN_2016, 1.0), ("b", "a", IN_2018, 1.0), ("a", "c", IN_2020, 1.0))
    assert shares(heirs_of(rows, ["a", "b", "c"])) == {(0, 2): 1, (1, 2): 1, (2, 2): 1}


def test_a_merger_still_to_come_changes_nothing() -> None:
    rows = lineage(("a", "b", IN_2020, 1.0))
    assert shares(heirs_of(rows, ["a", "b"], until=IN_2018)) == {(0, 0): 1, (1, 1): 1}


@pytest.mark.parametrize("told", [(0.7, 0.7), (1.5, None), (-0.5, 1.0)])
def test_shares_that_count_something_twice_are_refused(told: tuple[float, float | None]) -> None:
    rows = lineage(("a", "b", IN_2018, told[0]), ("a", "c", IN_2018, told[1]))
    with pytest.raises(InputError, match="“a”") as refused:
        heirs_of(rows, ["a", "b", "c"])
    assert refused.value.code == "lineage-shares"


@pytest.mark.parametrize("into", ["a", "b"])
def test_a_lineage_in_a_circle_is_refused(into: str) -> None:
    rows = lineage(("a", into, IN_2018, 1.0), ("b", "a", IN_2018, 1.0))
    with pytest.raises(InputError, match="đi vòng") as refused:
        heirs_of(rows, ["a", "b", "c"])
    assert refused.value.code == "circular-lineage"


def test_a_long_line_of_heirs_is_followed_to_its_end() -> None:
    units = [f"u{place:05d}" for place in range(5000)]
    rows = lineage(*((one, other, IN_2018, 1.0) for one, other in itertools.pairwise(units)))
    to = heirs_of(rows, units)
    assert set(to.heir.tolist()) == {4999}
