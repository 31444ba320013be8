"""From the plain mapping of a YAML file to frozen, typed objects, with errors that say where."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from vungmanh.rulebook.errors import RulebookError

T = TypeVar("T")


def typed(kind: type[T], raw: object, *, file: str, key: str) -> T:
    """`raw` as a `kind`: exactly the fields of a dataclass, no more and no fewer."""
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
    hints = typing.get_type_hints(kind)
    names = [field.name for field in dataclasses.fields(kind)]
    raw = require_keys(raw, required=names, file=file, key=key)
    values = {name: _typed(hints[name], raw[name], file, _join(key, name)) for name in names}
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


_PLAIN: dict[type, tuple[str, tuple[type, ...]]] = {
    # YAML's yes/no is a bool, and Python's bool is an int: a "yes" must not become one minute.
    int: ("một số nguyên", (int,)),
    float: ("một số", (int, float)),
    str: ("một dòng chữ", (str,)),
    date: ("một ngày viết năm-tháng-ngày, ví dụ 2025-10-28", (date,)),
}


def _plain(kind: type, raw: object, file: str, key: str) -> object:
    wanted, accepted = _PLAIN[kind]
    if isinstance(raw, bool | datetime) or not isinstance(raw, accepted):
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
