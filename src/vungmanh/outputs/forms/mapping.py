"""Which value goes into which cell of a form: written once for a template, in a YAML file.

    - {value: so_dang_vien, sheet: Biểu 1, cell: C7}
    - {value: nguoi_lap, name: nguoi_lap}       # a name that the template itself gives to a cell

`value` is the name under which a figure is handed over. Either `sheet` and `cell` or `name`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from vungmanh.core.text import nfc
from vungmanh.outputs.forms.addresses import is_address
from vungmanh.outputs.forms.refusals import refused
from vungmanh.outputs.forms.values import Value

_KEYS = {"value", "sheet", "cell", "name"}
_EXAMPLE = "{value: so_dang_vien, sheet: Biểu 1, cell: C7}"
MAX_TARGETS = 20_000


@dataclass(frozen=True)
class Target:
    """One cell to fill: by its sheet and address, or by the name the template gives it."""

    value: str
    sheet: str = ""
    cell: str = ""
    name: str = ""
    into_empty: bool = False  # what the template has in the cell is not written over


def read_mapping(text: str) -> tuple[Target, ...]:
    """The mapping of a template. Raises InputError naming the entry that cannot be read."""
    entries = _loaded(
        text, "mapping-unreadable", f"Tệp khai báo ô không đọc được. Mỗi dòng: - {_EXAMPLE}"
    )
    if not isinstance(entries, list) or not 0 < len(entries) <= MAX_TARGETS:
        raise refused(
            "mapping-empty", f"Tệp khai báo ô phải là danh sách, mỗi dòng một ô: - {_EXAMPLE}"
        )
    return tuple(_target(number, entry) for number, entry in enumerate(entries, start=1))


def read_values(text: str) -> dict[str, Value]:
    """The values by name; nothing said is None. Raises InputError naming the one it cannot be."""
    said = _loaded(
        text, "values-unreadable", "Tệp giá trị không đọc được. Mỗi dòng: so_dang_vien: 1250"
    )
    if not isinstance(said, Mapping) or not said:
        raise refused("values-empty", "Tệp giá trị phải là danh sách tên: giá trị, mỗi dòng một.")
    found: dict[str, Value] = {}
    for name, value in said.items():
        is_plain = value is None or isinstance(value, str | int | float | dt.date)
        if not isinstance(name, str) or not is_plain or isinstance(value, dt.datetime):
            raise refused(
                "values-entry",
                f"Giá trị “{name}” phải là chữ, số hoặc ngày (2026-02-05), tên phải là chữ.",
                f"giá trị {name}",
            )
        found[nfc(name.strip())] = value
    return found


def _loaded(text: str, code: str, message: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise refused(code, message, f"dòng {mark.line + 1}" if mark else "") from None
    except (ValueError, RecursionError):  # a day that no calendar has; lists within lists
        raise refused(code, message) from None


def _target(number: int, entry: Any) -> Target:
    place = f"mục thứ {number} của tệp khai báo ô"
    if not isinstance(entry, Mapping) or not all(
        key in _KEYS and isinstance(value, str) and value.strip() for key, value in entry.items()
    ):
        raise refused(
            "mapping-entry",
            f"Mục thứ {number} của tệp khai báo ô phải chỉ có value và sheet, cell (hoặc name), "
            f"đều là chữ: {_EXAMPLE}",
            place,
        )
    said: dict[str, Any] = {key: nfc(value.strip()) for key, value in entry.items()}
    if set(said) not in ({"value", "name"}, {"value", "sheet", "cell"}):
        raise refused(
            "mapping-entry",
            f"Mục thứ {number} của tệp khai báo ô thiếu hoặc thừa: cần value với sheet và cell, "
            "hoặc value với name.",
            place,
        )
    if "cell" in said:
        said["cell"] = said["cell"].upper().replace("$", "")
        if not is_address(said["cell"]):
            raise refused(
                "cell-unknown",
                f"Mục thứ {number} của tệp khai báo ô: “{said['cell']}” không phải địa chỉ ô. "
                "Ghi như C7.",
                place,
            )
    return Target(**said)
