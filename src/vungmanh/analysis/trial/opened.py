"""A trial province as `OpenTables`: what anybody's own folder would be read into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vungmanh.analysis.layout import OpenTables

if TYPE_CHECKING:
    import pyarrow as pa

    from vungmanh.analysis.trial.province import TrialProvince


def open_tables(province: TrialProvince) -> OpenTables:
    """Everything a method may see, canonical; nothing of the truth."""
    import pyarrow as pa

    text, whole = pa.string(), pa.int32()
    counts = ("due", "held", "not_held", "no_report", "excused", "owing", "present",
              "tasks_due", "tasks_on_time")  # fmt: skip
    yearly = {"unit": text, "year": whole, **dict.fromkeys(counts, whole)}
    return OpenTables(
        units=province.units,
        cell_months=province.cell_months,
        not_due=_empty({"unit": text, "month": pa.date32()}),
        cell_years=_empty(yearly),
        grades=province.grades,
        lineage=province.lineage,
        source=f"trial {province.seed}",
    )


def _empty(columns: dict[str, pa.DataType]) -> pa.Table:
    import pyarrow as pa

    return pa.table({name: pa.array([], type=type_) for name, type_ in columns.items()})
