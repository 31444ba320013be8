"""The rows of an assessment in one fixed form: equal rows are equal bytes."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

Row = Sequence[Any]

#: The database does not tell it from zero.
_MINUS_ZERO = re.compile(r"(?<=[\[,: ])-0\.0(?=[\],}])")


def told(value: Any) -> Any:
    """A value as JSON knows it, the same whether it is to be written or was read back."""
    match value:
        case UUID():
            return str(value)
        case bytes() | bytearray() | memoryview():
            return bytes(value).hex()
        case dt.date():
            return value.isoformat()
    raise TypeError(f"no result holds a {type(value).__name__}")


def line(row: Row) -> bytes:
    """One row as bytes. Keys of an object stand in order; numbers as Python writes them."""
    text = json.dumps(row, default=told, ensure_ascii=False, sort_keys=True, allow_nan=False)
    return _MINUS_ZERO.sub("0.0", text).encode()


def hash_of(lines: Iterable[bytes]) -> str:
    """The SHA-256 of lines in the order of their units."""
    digest = hashlib.sha256()
    for one in lines:
        digest.update(one + b"\n")
    return digest.hexdigest()
