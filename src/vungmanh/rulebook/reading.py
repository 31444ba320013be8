"""From the plain mapping of a YAML file to frozen, typed objects, with errors that say where."""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from vungmanh.rulebook.errors import RulebookError
from vungmanh.rulebook.values.bounds import fraction

T = TypeVar("T")


def typed(kind: type[T], raw: object, *, file: str, key: str) -> T:
    """`raw` as a `kind`: the fields of a dataclass, no more; one with a default may be missing."""
    return typing.cast(T, _typed(kind, raw, file, key))


def require_keys(
    raw: object, *, required: Iterable[str], optional: Iterable[str] = (), file: str, key: str
) -> Mapping[str, object]:
    """`raw` as a mapping with all required keys and no key outside the two lists."""
    required, allowed = list(required), [*required, *optional]
    if not isinstance(raw, Mapping):
        raise _wrong_type("một nhóm khóa", raw, file, key, allowed)
    for name in raw:
        if name not in allowed:
            raise RulebookError(
                "khóa này không được dùng ở đây.",
                code="unknown-key",
                file=file,
                key=_join(key, str(name)),
                allowed=allowed,
            )
    for name in required:
        if name not in raw:
            raise RulebookError(
                "còn thiếu, hãy ghi thêm.",
                code="missing-key",
                file=file,
                key=_join(key, name),
                allowed=allowed,
            )
    return raw


def _typed(kind: Any, raw: object, file: str, key: str) -> object:
    origin = typing.get_origin(kind)
    if origin is types.UnionType:
        return _optional(kind, raw, file, key)
    if origin is tuple:
        return _list(typing.get_args(kind)[0], raw, file, key)
    if dataclasses.is_dataclass(kind):
        return _dataclass(typing.cast(type, kind), raw, file, key)
    if issubclass(kind, StrEnum):
        return _choice(kind, raw, file, key)
    return _plain(kind, raw, file, key)


def _optional(kind: Any, raw: object, file: str, key: str) -> object:
    (inner,) = (part for part in typing.get_args(kind) if part is not types.NoneType)
    return None if raw is None else _typed(inner, raw, file, key)


def _list(inner: Any, raw: object, file: str, key: str) -> object:
    if not isinstance(raw, list):
        raise _wrong_type("một danh sách", raw, file, key)
    return tuple(_typed(inner, item, file, f"{key}[{n}]") for n, item in enumerate(raw, start=1))


def _dataclass(kind: type, raw: object, file: str, key: str) -> object:
    if hasattr(kind, "read"):  # a class that knows how a file writes it
        return _read(kind, raw, file, key)
    if hasattr(kind, "in_file_names"):  # a class that may also be written in Vietnamese
        raw = kind.in_file_names(raw)
    hints = typing.get_type_hints(kind)
    fields = dataclasses.fields(kind)
    required = [field.name for field in fields if field.default is dataclasses.MISSING]
    optional = [field.name for field in fields if field.name not in required]
    raw = require_keys(raw, required=required, optional=optional, file=file, key=key)
    values = {
        field.name: _typed(hints[field.name], raw[field.name], file, _join(key, field.name))
        for field in fields
        if field.name in raw
    }
    try:
        return kind(**values)
    except ValueError as error:
        raise RulebookError(str(error), code="bad-value", file=file, key=key) from error


def _choice(kind: type[StrEnum], raw: object, file: str, key: str) -> object:
    allowed = [member.value for member in kind]
    if raw not in allowed:
        raise RulebookError(
            f"“{raw}” không có trong danh mục.",
            code="bad-value",
            file=file,
            key=key,
            allowed=allowed,
        )
    return kind(raw)


def _read(kind: Any, raw: object, file: str, key: str) -> object:
    try:
        return kind.read(raw)
    except ValueError as error:
        raise RulebookError(str(error), code="bad-value", file=file, key=key) from error


def _fraction(raw: object, file: str, key: str) -> Fraction:
    """A number exactly as written: 5, 2.5, "2,5" or "1/3"."""
    text = str(raw).strip()
    if isinstance(raw, bool) or not _NUMBER.fullmatch(text):
        raise _wrong_type("một số", raw, file, key)
    try:
        return fraction(text)
    except ValueError as error:
        raise RulebookError(str(error), code="bad-value", file=file, key=key) from error


_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?(?:\s*/\s*[1-9]\d*)?")

_PLAIN: dict[type, tuple[str, tuple[type, ...]]] = {
    # YAML's yes/no is a bool, and Python's bool is an int: a "yes" must not become one minute.
    int: ("một số nguyên", (int,)),
    float: ("một số", (int, float)),
    str: ("một dòng chữ", (str,)),
    bool: ("true hoặc false", (bool,)),
    date: ("một ngày viết năm-tháng-ngày, ví dụ 2025-10-28", (date,)),
}


def _plain(kind: type, raw: object, file: str, key: str) -> object:
    if kind is Fraction:
        return _fraction(raw, file, key)
    wanted, accepted = _PLAIN[kind]
    misread = isinstance(raw, datetime) or (isinstance(raw, bool) and kind is not bool)
    if misread or not isinstance(raw, accepted):
        code = "bad-date" if kind is date else "wrong-type"
        raise _wrong_type(wanted, raw, file, key, code=code)
    return float(raw) if kind is float and isinstance(raw, int) else raw


def _wrong_type(
    wanted: str,
    raw: object,
    file: str,
    key: str,
    allowed: Iterable[str] = (),
    *,
    code: str = "wrong-type",
) -> RulebookError:
    found = "để trống" if raw is None else f"đang là “{raw}”"
    return RulebookError(
        f"phải là {wanted}, {found}.", code=code, file=file, key=key, allowed=allowed
    )


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name
