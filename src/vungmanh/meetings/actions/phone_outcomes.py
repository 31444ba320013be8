"""What an item of a phone can come to, and how what others wrote meanwhile is merged with it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from vungmanh.access.permissions import PERMISSIONS
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, VungManhError
from vungmanh.core.vocabulary import PhoneItemState, Role
from vungmanh.meetings.merging import FieldConflict
from vungmanh.meetings.models import PhoneItem

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What was decided about an item. `conflict`: {field: {mine, theirs, was}}."""

    state: PhoneItemState = PhoneItemState.ACCEPTED
    code: str = ""
    message: str = ""
    field: str = ""
    revision: int | None = None
    conflict: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    problems: list[dict[str, str]] = dataclasses.field(default_factory=list)


@dataclass(frozen=True)
class PhoneKind:
    """One kind of item. `unit_of` raises InputError where the body names no unit."""

    permission: str
    unit_of: Callable[[PhoneItem], UUID]
    is_theirs: Callable[[PhoneItem, UUID, Viewer], bool]
    write: Callable[[PhoneItem, Viewer, dt.datetime], Outcome]
    roles: Callable[[PhoneItem], frozenset[Role]] | None = None

    def open_to(self, item: PhoneItem) -> frozenset[Role]:
        """The roles in which it may be done."""
        allowed = PERMISSIONS[self.permission]
        return allowed & self.roles(item) if self.roles else allowed


def conflict_of(
    error: FieldConflict, revision: int | None = None, *, fields: Mapping[str, Any] | None = None
) -> Outcome:
    """Both values of each field, for a person to choose from."""
    told = {
        name: {"mine": mine, "theirs": theirs, "was": was}
        for name, (theirs, mine, was) in (fields or error.fields).items()
    }
    return Outcome(
        PhoneItemState.CONFLICT, error.code, error.message, revision=revision, conflict=told
    )


def named_uuid(values: Values, name: str) -> UUID:
    """An id in a body. Raises InputError (`bad-item`)."""
    try:
        return UUID(str(values[name]))
    except (KeyError, ValueError):
        raise InputError(
            "Mục này thiếu mã đơn vị; mở lại tháng ấy trên điện thoại rồi ghi lại.",
            field=name,
            code="bad-item",
        ) from None


def said_values(body: Values, name: str) -> dict[str, Any]:
    """`set` or `was` of a body. Raises InputError (`bad-item`)."""
    values = body.get(name)
    if not isinstance(values, dict):
        raise InputError("Mục này không có nội dung; ghi lại thành mục mới.", code="bad-item")
    return values


def merging(
    said: Values, was: Values, write: Callable[[Values, Values], Outcome],
    stored: Callable[[], Values],
) -> Outcome:  # fmt: skip
    """Write what is said; where somebody else wrote the same fields, the others, and a person
    chooses. Where the rest cannot stand without them (counts that add up) all of it waits."""
    try:
        with transaction.atomic():
            return write(said, was)
    except FieldConflict as error:
        conflict = error
    rest, before = (
        {name: value for name, value in some.items() if name not in conflict.fields}
        for some in (said, was)
    )
    try:
        with transaction.atomic():
            return conflict_of(conflict, write(rest, before).revision if rest else None)
    except VungManhError:
        theirs = stored()
        waiting = {name: (theirs.get(name), value, was.get(name)) for name, value in rest.items()}
        return conflict_of(conflict, fields={**conflict.fields, **waiting})
