"""What is known of each unit in each period, as arrays of counts: no rates, no judgement.

Everything after the counting works on these. A count that rests on nothing is 0 together with the
months it rests on (`attended`, `tasked`, …): whoever divides treats 0/0 as unknown, never as 0.
The smallest and largest values of a period without any are NaN.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    import pyarrow as pa

Floats: TypeAlias = NDArray[np.float64]

#: Smallest and largest values: joined by the smaller or larger, while all other counts add up.
SMALLEST, LARGEST = ("present_min", "owing_min"), ("present_max", "owing_max")

#: What cannot be 0 for want of knowledge: NaN in the arrays, null in tables.
MAY_BE_UNKNOWN = ("present_square", *SMALLEST, *LARGEST)


@dataclass(frozen=True)
class Counts:
    """Counts of n units in T periods; each field is a float64 array of shape (n, T).

    Fractions come from shares: half of a split unit's twelve months are six. Months are of one of
    six kinds: held, not held, no report, excused, set aside, or not owed (counted nowhere).
    """

    held: Floats  #: months with a meeting held (and believed)
    not_held: Floats  #: months reported without a meeting
    no_report: Floats  #: months owed and not reported
    excused: Floats  #: months the level above excused; not due
    attended: Floats  #: held months with attendance known
    owing: Floats  #: members who owed attendance (members − exempt), summed over `attended`
    present: Floats  #: members present, summed over `attended`
    present_square: Floats  #: squares of the members present, summed; NaN if only totals are known
    present_min: Floats  #: fewest present in a month of `attended`; NaN without any
    present_max: Floats  #: most present in a month of `attended`; NaN without any
    owing_min: Floats  #: fewest who owed attendance in a month of `attended`; NaN without any
    owing_max: Floats  #: most who owed attendance in a month of `attended`; NaN without any
    tasked: Floats  #: months with tasks known
    tasks_due: Floats  #: tasks due, summed over `tasked`
    tasks_on_time: Floats  #: of these, done on time
    set_aside: Floats  #: months reported held and not believed: neither held nor not held
    filed: Floats  #: reports with a day of filing
    filed_in_december: Floats  #: of January to October, filed in December of the year or later

    def __post_init__(self) -> None:
        shapes = {np.shape(getattr(self, name)) for name in FIELDS}
        if len(shapes) != 1 or len(next(iter(shapes))) != 2:
            raise ValueError(f"counts must all be of one shape (units, periods), not {shapes}")

    @property
    def shape(self) -> tuple[int, int]:
        """Units and periods."""
        units, periods = self.held.shape
        return units, periods

    @property
    def due(self) -> Floats:
        """Months in which a meeting was owed; one that is not believed was still owed."""
        return self.held + self.not_held + self.no_report + self.set_aside

    @property
    def known(self) -> Floats:
        """Months due of which it is known whether the meeting was held."""
        return self.held + self.not_held

    @classmethod
    def zeros(cls, units: int, periods: int) -> Counts:
        """Nothing known of anybody."""
        return cls(
            **{
                name: np.full((units, periods), np.nan if name in SMALLEST + LARGEST else 0.0)
                for name in FIELDS
            }
        )

    @classmethod
    def from_table(cls, table: pa.Table, units: Sequence[str], ends: Sequence[dt.date]) -> Counts:
        """The rows of `counting.count` as arrays, in the order of `units` and `ends`.

        `table` has the columns `unit`, `end` and the fields; rows of other units or periods are
        left out. A unit and period without a row has counts of zero: nothing known.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        unit = table.column("unit").cast(pa.string())
        rows = pc.index_in(unit, pa.array(units, pa.string()))
        columns = pc.index_in(table.column("end").cast(pa.date32()), pa.array(ends, pa.date32()))
        row = pc.fill_null(rows, -1).to_numpy().astype(np.int64)
        column = pc.fill_null(columns, -1).to_numpy().astype(np.int64)
        wanted = (row >= 0) & (column >= 0)
        made = cls.zeros(len(units), len(ends))
        for name in FIELDS:
            values = table.column(name).cast(pa.float64()).to_numpy()
            if name not in MAY_BE_UNKNOWN:
                values = np.nan_to_num(values)
            getattr(made, name)[row[wanted], column[wanted]] = values[wanted]
        return made

    def take(self, rows: ArrayLike) -> Counts:
        """The units at `rows` (indices, shape (m,), or a mask, shape (n,)), in that order."""
        chosen = np.asarray(rows)
        return Counts(**{name: getattr(self, name)[chosen] for name in FIELDS})

    def plus(self, other: Counts) -> Counts:
        """Both together, unit by unit and period by period."""
        return Counts(
            **{name: _joined(name, getattr(self, name), getattr(other, name)) for name in FIELDS}
        )

    def gathered(self, rows: ArrayLike, places: ArrayLike, shares: ArrayLike, n: int) -> Counts:
        """Rows carried to `n` places: place `places[k]` receives `shares[k]` of row `rows[k]`.

        Serves both for heirs and for the organisations that cells stand in. Smallest and largest
        values are not divided: they pass whole to each place with a share above zero.
        """
        giving = np.asarray(shares, dtype=np.float64) > 0
        row, place = np.asarray(rows)[giving], np.asarray(places)[giving]
        share = np.asarray(shares, dtype=np.float64)[giving, None]
        made = Counts.zeros(n, self.shape[1])
        for name in FIELDS:
            into, values = getattr(made, name), getattr(self, name)[row]
            if name in SMALLEST:
                np.fmin.at(into, place, values)
            elif name in LARGEST:
                np.fmax.at(into, place, values)
            else:
                np.add.at(into, place, share * values)
        return made

    def setting_aside(self, where: ArrayLike) -> Counts:
        """The periods of `where` (bool, shape (n, T)) no longer believed.

        Their held months become months set aside and their attendance unknown; what was reported
        as not held, excused or of tasks stays.
        """
        doubted = np.asarray(where, dtype=bool)
        changed = {
            name: np.where(
                doubted, np.nan if name in SMALLEST + LARGEST else 0.0, getattr(self, name)
            )
            for name in _OF_HELD
        }
        changed["set_aside"] = self.set_aside + np.where(doubted, self.held, 0.0)
        return Counts(**{name: changed.get(name, getattr(self, name)) for name in FIELDS})

    def with_silence(self, lived: ArrayLike) -> Counts:
        """Months lived and told of by no row are months without report.

        `lived` (shape (n, T)) is in how many months of the period a unit had to meet. For tables
        that hold a row only where something was reported.
        """
        told = self.due + self.excused
        silent = np.maximum(np.asarray(lived, dtype=np.float64) - told, 0.0)
        values = {name: getattr(self, name) for name in FIELDS}
        return Counts(**{**values, "no_report": self.no_report + silent})


#: The names of the counts, in the order of the columns of every table of counts.
FIELDS: tuple[str, ...] = tuple(field.name for field in fields(Counts))

#: What is known through held months and is forgotten with them.
_OF_HELD = ("held", "attended", "owing", "present", "present_square", *SMALLEST, *LARGEST)


def _joined(name: str, one: Floats, other: Floats) -> Floats:
    if name in SMALLEST:
        return np.fmin(one, other)
    return np.fmax(one, other) if name in LARGEST else one + other
