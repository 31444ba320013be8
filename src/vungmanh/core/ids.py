"""Identifiers: UUID version 7 (RFC 9562 §5.7), so that ids made later sort later.

The standard library has `uuid.uuid7` only from Python 3.14.
"""

from __future__ import annotations

import secrets
import threading
import time
import uuid

_TICKS_PER_MILLISECOND = 4096  # the 12 bits of `rand_a` carry the part below a millisecond
_RANDOM_BITS = 62

_lock = threading.Lock()
_last_tick = 0


def uuid7() -> uuid.UUID:
    """A fresh id, greater than every id this process has made before."""
    global _last_tick  # noqa: PLW0603 - the process-wide order is the point
    now = time.time_ns() * _TICKS_PER_MILLISECOND // 1_000_000
    with _lock:
        # A clock that stands still or steps back must not break the order.
        _last_tick = max(now, _last_tick + 1)
        tick = _last_tick
    return _assemble(tick, secrets.randbits(_RANDOM_BITS))


def uuid7_from(milliseconds: int, random_bits: int) -> uuid.UUID:
    """The id of a given instant and 74 given random bits: for reproducible simulation.

    `milliseconds` counts from 1970-01-01 UTC, below 2**48.
    """
    if not 0 <= milliseconds < 1 << 48:
        raise ValueError("milliseconds must fit in 48 bits")
    if not 0 <= random_bits < 1 << 74:
        raise ValueError("random_bits must fit in 74 bits")
    tick = milliseconds * _TICKS_PER_MILLISECOND + (random_bits >> _RANDOM_BITS)
    return _assemble(tick, random_bits & ((1 << _RANDOM_BITS) - 1))


def _assemble(tick: int, tail: int) -> uuid.UUID:
    milliseconds, fraction = divmod(tick, _TICKS_PER_MILLISECOND)
    version, variant = 0x7, 0b10
    return uuid.UUID(int=milliseconds << 80 | version << 76 | fraction << 64 | variant << 62 | tail)
