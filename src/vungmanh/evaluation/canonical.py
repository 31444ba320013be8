"""Figures as text that is the same for the same figures, whoever wrote them in which order."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any
from uuid import UUID


def canonical(value: Any) -> Any:
    """The value in words of JSON alone: exact numbers and days as text, sets in order.

    Raises TypeError for what has no exact form; a float has none.
    """
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, Fraction | Decimal | UUID | dt.date):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): canonical(one) for key, one in value.items()}
    if isinstance(value, set | frozenset | list | tuple):
        kept = [canonical(one) for one in value]
        return sorted(kept) if isinstance(value, set | frozenset) else kept
    raise TypeError(f"no exact form for {type(value).__name__}")


def digest_of(value: Any) -> tuple[str, str]:
    """The value as canonical JSON text, and the SHA-256 of it."""
    text = json.dumps(canonical(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text, hashlib.sha256(text.encode()).hexdigest()
