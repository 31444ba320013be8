"""The register of one's own files made whole: every unit named, each cell under an organisation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vungmanh.analysis.layout import BY_NAME
from vungmanh.core.text import same_words_key
from vungmanh.core.vocabulary import CELL_KINDS, UnitKind
from vungmanh.outputs.folders.canonical import Notes, plain_table
from vungmanh.outputs.folders.loaded import Loaded
from vungmanh.outputs.folders.problems import Problems

if TYPE_CHECKING:
    import pyarrow as pa

_KINDS = {same_words_key(text): kind for kind in UnitKind for text in (kind.label, kind.value)}
_DEEPEST = 64  # levels: no tree of units is as deep, so what is deeper goes in a circle


def unit_table(
    loaded: Loaded | None, counted: Iterable[str], others: Iterable[str], notes: Notes
) -> pa.Table:
    """`units`, canonical. `counted` have records of meetings; `others` are only in the lineage."""
    import pyarrow as pa

    counted = list(dict.fromkeys(counted))
    given = plain_table(BY_NAME["units"], loaded)
    columns = {name: given.column(name).to_pylist() for name in given.column_names}
    known = set(columns["unit"])
    parents = [one for one in dict.fromkeys(columns["parent"]) if one and one not in known]
    absent = [unit for unit in counted if unit not in known]
    late = [unit for unit in dict.fromkeys(others) if unit not in known and unit not in set(absent)]
    _say(loaded, len(absent), len(parents), notes)
    for unit in dict.fromkeys([*absent, *parents, *late]):
        for name, values in columns.items():
            values.append(unit if name == "unit" else None)
    columns["name"] = [
        name or unit for name, unit in zip(columns["name"], columns["unit"], strict=True)
    ]
    columns["kind"] = [_kind(kind) for kind in columns["kind"]]
    columns["is_organisation"] = _organisations(columns, set(counted), notes)
    schema = given.schema
    made = {name: pa.array(values, schema.field(name).type) for name, values in columns.items()}
    if loaded is not None and not any(columns["group"]):
        notes.say("Không có nhóm tương đồng (group): mọi nơi được so sánh chung một nhóm.")
    return pa.table(made)


def _say(loaded: Loaded | None, absent: int, parents: int, notes: Notes) -> None:
    if loaded is None:
        notes.say(
            "Không có bảng units: mỗi chi bộ được coi là một tổ chức, tất cả chung một nhóm; "
            "đơn vị được coi là hoạt động từ tháng đầu tiên có số liệu của nó."
        )
        return
    notes.say_of(
        absent,
        "{} đơn vị có số liệu mà không có trong bảng units: coi là tổ chức riêng, chưa rõ nhóm.",
    )
    notes.say_of(parents, "{} cấp trên không có dòng riêng trong bảng units: lấy mã làm tên.")
    if not loaded.known("valid_from").all():
        notes.say(
            "Đơn vị không ghi ngày bắt đầu được coi là hoạt động từ tháng đầu tiên có số liệu của "
            "nó."
        )


def _kind(written: str | None) -> str | None:
    """The house's word for a kind where it is one of ours, else as written."""
    if written is None:
        return None
    found = _KINDS.get(same_words_key(written.replace("_", " "))) or _KINDS.get(
        same_words_key(written)
    )
    return written if found is None else str(found)


def _organisations(columns: dict[str, list], counted: set[str], notes: Notes) -> list[bool]:  # type: ignore[type-arg]
    """Which rows are organisations: as said, else whatever stands directly above a cell.

    A cell without any organisation above it is its own.
    """
    above_cells = {
        parent
        for unit, parent in zip(columns["unit"], columns["parent"], strict=True)
        if parent and unit in counted
    }
    said = [
        told if told is not None else (kind == UnitKind.CHI_BO_CO_SO or unit in above_cells)
        for unit, told, kind in zip(
            columns["unit"], columns["is_organisation"], columns["kind"], strict=True
        )
    ]
    organisations = {unit for unit, is_one in zip(columns["unit"], said, strict=True) if is_one}
    parent_of = dict(zip(columns["unit"], columns["parent"], strict=True))
    alone = {unit for unit in counted if not _has_organisation(unit, parent_of, organisations)}
    if alone and len(alone) < len(counted):
        notes.say_of(
            len(alone), "{} chi bộ không có tổ chức nào ở trên: mỗi nơi được coi là một tổ chức."
        )
    elif alone and any(columns["parent"]) is False and len(columns["unit"]) > len(alone):
        notes.say("Không có cấp trên (parent): mỗi chi bộ được coi là một tổ chức.")
    return [is_one or unit in alone for unit, is_one in zip(columns["unit"], said, strict=True)]


def _has_organisation(unit: str, parent_of: dict[str, str | None], organisations: set[str]) -> bool:
    above: str | None = unit
    for _ in range(_DEEPEST):
        if above is None:
            return False
        if above in organisations:
            return True
        above = parent_of.get(above)
    return False


def check_circles(loaded: Loaded, problems: Problems) -> None:
    """A unit may not stand above itself on any day on which a row begins."""
    if not loaded.has("parent"):
        return
    numbers: dict[str, int] = {}
    unit, parent = (_numbered(loaded, name, numbers) for name in ("unit", "parent"))
    start = loaded.numbers("valid_from", -(2**31))
    end = loaded.numbers("valid_to", 2**31)
    bad = np.zeros(len(unit), dtype=np.bool_)
    for day in np.unique(start)[-120:]:
        now = (start <= day) & (end > day) & (unit >= 0)
        above = np.full(len(numbers) + 1, -1, dtype=np.int64)
        above[unit[now]] = parent[now]
        bad |= now & _in_circle(above)[unit]
    names = list(numbers)
    loaded.refuse(
        problems,
        "parent-circle",
        bad,
        lambda place: (
            f"“{names[unit[place]]}” đứng trên chính nó theo một vòng (cấp trên ghi là "
            f"“{names[parent[place]]}”). Sửa cột parent của một trong các dòng này."
        ),
        "parent",
    )


def _in_circle(above: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which units come back to themselves going up; the last place of `above` stands for none."""
    far = above.copy()
    for _ in range(_DEEPEST.bit_length()):
        far = far[far]  # twice as far each time; −1 is the last place, which stays −1
    found = np.zeros(len(above), dtype=np.bool_)
    on = np.unique(far[far >= 0])  # from anywhere below a circle one ends on it
    found[on] = True
    for _ in range(_DEEPEST):  # … and all of a circle is reached from a place on it
        further = np.unique(above[np.flatnonzero(found)])
        if found[further].all():
            break
        found[further] = True
    found[-1] = False
    return found


def _numbered(loaded: Loaded, column: str, numbers: dict[str, int]) -> NDArray[np.int64]:
    own = [numbers.setdefault(word, len(numbers)) for word in loaded.words(column)]
    codes = loaded.codes(column)
    return np.where(codes < 0, -1, np.array([*own, -1], dtype=np.int64)[codes])


def is_cell_kind(kind: str | None) -> bool:
    """Whether a kind, as canonical, is one whose units meet and report."""
    return kind in {str(one) for one in CELL_KINDS}
