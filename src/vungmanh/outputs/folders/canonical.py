"""From checked tables to the canonical ones of `OpenTables`, saying each assumption made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vungmanh.analysis.columns import ordinals, places
from vungmanh.analysis.facts import OPEN, UNKNOWN
from vungmanh.analysis.layout import BY_NAME, OpenTable
from vungmanh.core.text import number_vi
from vungmanh.outputs.folders.convert import arrow_type
from vungmanh.outputs.folders.loaded import Loaded

if TYPE_CHECKING:
    import pyarrow as pa

STATES = ("held", "not_held", "no_report", "excused", "not_due")
HELD, NOT_HELD, NO_REPORT, EXCUSED, NOT_DUE = range(5)
_MONTH_COLUMNS = (
    "members", "exempt", "present", "tasks_due", "tasks_on_time", "held_on", "filed_on",
    "longest_carried", "admitted", "set_aside",
)  # fmt: skip


@dataclass
class Notes:
    """Assumptions, in Vietnamese, in the order they were made."""

    lines: list[str] = field(default_factory=list)

    def say(self, line: str) -> None:
        self.lines.append(line)

    def say_of(self, count: int, line: str) -> None:
        """A line about so many rows; nothing when there are none."""
        if count:
            self.lines.append(line.format(number_vi(count)))


def plain_table(table: OpenTable, loaded: Loaded | None) -> pa.Table:
    """A table as loaded, every column present, null where the files say nothing."""
    import pyarrow as pa

    rows = 0 if loaded is None else loaded.data.num_rows
    columns = [
        loaded.data.column(column.name).cast(arrow_type(column.type))
        if loaded is not None and loaded.has(column.name)
        else pa.nulls(rows, arrow_type(column.type))
        for column in table.columns
    ]
    return pa.table(columns, names=list(table.column_names))


def month_tables(loaded: Loaded | None, notes: Notes) -> tuple[pa.Table, pa.Table]:
    """`cell_months` and `not_due`, canonical."""
    import pyarrow as pa

    if loaded is None:
        return _months_of(plain_table(BY_NAME["cell_months"], None), np.zeros(0, dtype=np.int8))
    state = _states(loaded, notes)
    data = plain_table(loaded.table, loaded)
    year, month = loaded.numbers("year"), loaded.numbers("month")
    first = ((year - 1970) * 12 + month - 1).astype("datetime64[M]").astype("datetime64[D]")
    data = data.append_column("first_day", pa.array(first, pa.date32()))
    data = data.set_column(
        data.column_names.index("present"), "present", _attendance(loaded, state, notes)
    )
    _say_what_is_missing(loaded, notes)
    return _months_of(data, state)


def _months_of(data: pa.Table, state: NDArray[np.int8]) -> tuple[pa.Table, pa.Table]:
    import pyarrow as pa

    owed = np.minimum(state, EXCUSED)  # a month not due leaves below: it needs no word of its own
    words = pa.DictionaryArray.from_arrays(pa.array(owed, pa.int8()), pa.array(STATES[:NOT_DUE]))
    first = data.column("first_day") if "first_day" in data.column_names else data.column("held_on")
    made = pa.table(
        [data.column("unit"), first, words, *(data.column(name) for name in _MONTH_COLUMNS)],
        names=["unit", "month", "state", *_MONTH_COLUMNS],
    )
    out = state == NOT_DUE
    if not out.any():
        return made, made.slice(0, 0).select(["unit", "month"])
    return made.filter(pa.array(~out)), made.filter(pa.array(out)).select(["unit", "month"])


def _states(loaded: Loaded, notes: Notes) -> NDArray[np.int8]:
    code_of = {word: code for code, word in enumerate(STATES)}
    own = np.array([*(code_of[word] for word in loaded.words("held")), NO_REPORT], dtype=np.int8)
    state = own[loaded.codes("held")]
    excused = loaded.numbers("excused") == 1
    met = excused & (state == HELD)
    notes.say_of(int(met.sum()), "{} dòng vừa được miễn vừa đã họp: tính là đã họp.")
    state[excused & (state != HELD)] = EXCUSED
    free = loaded.numbers("due") == 0
    notes.say_of(
        int((free & (state == HELD)).sum()),
        "{} dòng không phải họp mà vẫn họp: không tính vào số kỳ phải họp.",
    )
    state[free] = NOT_DUE
    silent = (state == NO_REPORT) & (loaded.known("present") | loaded.known("held_on"))
    notes.say_of(
        int(silent.sum()),
        "{} dòng để trống cột held nhưng có ngày họp hoặc số có mặt: vẫn coi là chưa báo cáo, "
        "không đoán thay.",
    )
    return state


def _attendance(loaded: Loaded, state: NDArray[np.int8], notes: Notes) -> pa.Array:
    """Members present: only of months held, never above those who owed it."""
    import pyarrow as pa

    present, members = loaded.numbers("present"), loaded.numbers("members")
    exempt = np.maximum(loaded.numbers("exempt"), 0)
    known = loaded.known("present")
    unheld = known & (state == NOT_HELD) & (present > 0)
    notes.say_of(int(unheld.sum()), "{} dòng ghi không họp mà có số có mặt: bỏ số có mặt.")
    above = known & (state == HELD) & (members >= 0) & (present > members - exempt)
    notes.say_of(
        int(above.sum()),
        "{} dòng có đảng viên được miễn vẫn đến họp: chỉ tính đến số phải dự.",
    )
    present = np.where(above, members - exempt, present)
    return pa.array(present.astype(np.int32), mask=~known | unheld)


def _say_what_is_missing(loaded: Loaded, notes: Notes) -> None:
    if not (loaded.known("present") & loaded.known("members")).any():
        notes.say("Không có số đảng viên và số có mặt: phần dự họp chưa rõ, không tính là 0.")
    elif not loaded.has("exempt"):
        notes.say("Không có cột exempt: coi như không ai được miễn sinh hoạt.")
    if not loaded.known("tasks_due").any():
        notes.say("Không có việc đến hạn: phần việc đúng hạn chưa rõ, không tính là 0.")
    if not loaded.known("filed_on").any():
        notes.say("Không có ngày gửi báo cáo: không xét được việc gửi dồn cuối năm.")
    if not loaded.has("set_aside"):
        notes.say("Không có cột set_aside: không biết biên bản nào là chép lại.")


def year_table(loaded: Loaded | None) -> pa.Table:
    """`cell_years`, canonical; months of which nothing is said are not reported."""
    import pyarrow as pa

    data = plain_table(BY_NAME["cell_years"], loaded)
    if loaded is None:
        return data.append_column("no_report", pa.nulls(0, pa.int32()))
    due, held, not_held = (loaded.numbers(name) for name in ("due", "held", "not_held"))
    silent = np.maximum(due - np.maximum(held, 0) - np.maximum(not_held, 0), 0)
    return data.append_column(
        "no_report", pa.array(silent.astype(np.int32), mask=~loaded.known("due"))
    )


def lineage_table(loaded: Loaded | None) -> pa.Table:
    """`lineage`, canonical: a predecessor without shares goes to its successors in equal parts."""
    import pyarrow as pa

    data = plain_table(BY_NAME["lineage"], loaded)
    if loaded is None or not data.num_rows:
        return data
    code, known = loaded.codes("predecessor"), loaded.known("share")
    share = np.where(known, data.column("share").fill_null(0.0).to_numpy(), 0.0)
    size = len(loaded.words("predecessor"))
    rest = 1 - np.bincount(code, share, minlength=size)
    blank = np.bincount(code, ~known, minlength=size)
    filled = np.where(known, share, np.maximum(rest[code], 0) / np.maximum(blank[code], 1))
    return data.set_column(data.column_names.index("share"), "share", pa.array(filled))


def say_how_much(months: pa.Table, years: pa.Table, notes: Notes) -> None:
    """Lesser results that follow from having only one unit, one year, or nothing known."""
    import pyarrow.compute as pc

    units = {*_units(months), *_units(years)}
    if len(units) == 1:
        notes.say("Chỉ có một đơn vị: không có nơi nào để so sánh, không xếp hạng được.")
    known = {*_years(months), *pc.unique(years.column("year")).to_pylist()} - {None}
    if len(known) == 1:
        notes.say(
            f"Chỉ có một năm ({known.pop()}): không tính được xu hướng; một năm kém có thể do "
            "ngẫu nhiên, nên ước lượng dè dặt hơn."
        )
    told = pc.is_in(months.column("state").cast("string"), value_set=_held_words())
    if not pc.any(told).as_py() and not pc.any(pc.is_valid(years.column("held"))).as_py():
        notes.say(
            "Không dòng nào nói đã họp hay không họp: mọi nơi đều chưa đủ căn cứ, phải xác minh "
            "trước."
        )


def say_what_lies_outside(
    months: pa.Table, units: pa.Table, lineage: pa.Table, notes: Notes
) -> None:
    """Months told of a unit on days on which, by the other tables, there was none."""
    named = list(dict.fromkeys(units["unit"].to_pylist()))
    place = places(units["unit"], named)
    start, end = (np.full(len(named), day, dtype=np.int64) for day in (OPEN, 0))
    begun = ordinals(units["valid_from"])
    np.minimum.at(start, place, np.where(begun == OPEN, 0, begun))
    np.maximum.at(end, place, ordinals(units["valid_to"]))
    if len(lineage):
        gone = places(lineage["predecessor"], named)
        known = gone != UNKNOWN
        np.minimum.at(end, gone[known], ordinals(lineage["on"])[known])
    unit, day = places(months["unit"], named), ordinals(months["month"])
    epoch = dt.date(1970, 1, 1).toordinal()
    founded = (start - epoch).astype("datetime64[D]").astype("datetime64[M]")  # a month begun is in
    first = founded.astype("datetime64[D]").astype(np.int64) + epoch
    outside = (unit != UNKNOWN) & ((day < first[unit]) | (day >= end[unit]))
    notes.say_of(
        int(outside.sum()),
        "{} dòng từng tháng nằm trước ngày thành lập hoặc sau ngày kết thúc của đơn vị (bảng units,"
        " lineage): kiểm tra lại ngày; đơn vị đã kết thúc thì không được xét.",
    )


def _held_words() -> pa.Array:
    import pyarrow as pa

    return pa.array(["held", "not_held"])


def _units(table: pa.Table) -> Sequence[str]:
    import pyarrow.compute as pc

    return [str(unit) for unit in pc.unique(table.column("unit").cast("string")).to_pylist()]


def _years(table: pa.Table) -> Sequence[int]:
    import pyarrow.compute as pc

    return [int(one) for one in pc.unique(pc.year(table.column("month"))).to_pylist()]
