"""Two writers of one record: what merges, and what a person must decide.

Each value comes with the one its writer had before. Independent fields merge; the same field, with
another value, is a conflict that shows both (peers.md 2h). Nothing is silently overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vungmanh.core.errors import Conflict, InputError
from vungmanh.meetings.facts import FIELDS, Problem, clean

Values = Mapping[str, Any]


class FieldConflict(Conflict):
    """Somebody else wrote the same fields meanwhile. `fields` maps each to (theirs, mine, was)."""

    def __init__(self, fields: Mapping[str, tuple[Any, Any, Any]]) -> None:
        labels = ", ".join(FIELDS[name].label.lower() for name in fields if name in FIELDS)
        super().__init__(
            f"Có người vừa ghi khác ở: {labels or 'phần chuẩn bị'}. Xem hai giá trị, chọn một rồi "
            "ghi lại; phần của đồng chí còn nguyên.",
            code="field-conflict",
        )
        self.fields = dict(fields)


class FactsRefused(InputError):
    """Fields that cannot be so, each with its sentence. The draft that was sent is not kept."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__(found[0].message, field=found[0].field, code=found[0].code)
        self.problems = found


def cleaned(said: Values) -> dict[str, Any]:
    """Fields of a record as they are kept. Raises FactsRefused with every field that cannot be."""
    kept, found = {}, []
    for name, value in said.items():
        try:
            kept[name] = clean(name, value)
        except KeyError:
            found.append(
                Problem(
                    "",
                    "unknown-field",
                    f"Mẫu ghi này không có mục “{name}”: mẫu đã đổi. Tải lại trang rồi ghi lại.",
                )
            )
        except ValueError as error:
            found.append(Problem(name, "bad-value", str(error)))
    if found:
        raise FactsRefused(found)
    return kept


def merged(
    stored: Mapping[str, Any], said: Values, was: Values
) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """The stored values with those said, and what changed; FieldConflict for the same field."""
    conflicts, changed = {}, {}
    for name, mine in said.items():
        theirs, before = stored.get(name), was.get(name)
        if theirs == mine:
            continue
        if theirs not in (before, None) or (theirs is None and before is not None):
            conflicts[name] = (theirs, mine, before)
        else:
            changed[name] = [theirs, mine]
    if conflicts:
        raise FieldConflict(conflicts)
    whole = {**stored, **{name: now for name, (_, now) in changed.items()}}
    return {name: value for name, value in whole.items() if value is not None}, changed
