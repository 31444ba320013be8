"""Reproducible chance: one independent stream for each purpose, and ids made from the seed.

A stream depends on the seed and the purpose alone, so that drawing more in one place moves nothing
elsewhere, and neither hashing nor the order of calls can change a province.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from vungmanh.core.ids import uuid7_from

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Texts = NDArray[np.object_]
Days = NDArray[np.datetime64]

#: The instant simulated ids count from: recognisable, and older than any real id.
_ID_ORIGIN = int(datetime(2014, 1, 1, tzinfo=UTC).timestamp()) * 1000


def stream(seed: int, purpose: str) -> np.random.Generator:
    """The random numbers of one purpose, such as "reports"."""
    digest = hashlib.sha256(purpose.encode()).digest()
    key = int.from_bytes(digest[:8], "big")
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, key])))


def simulated_id(seed: int, number: int) -> str:
    """The UUID (version 7 in form) of the `number`-th unit; later numbers sort later."""
    digest = hashlib.sha256(f"vungmanh:{seed}:{number}".encode()).digest()
    tail = int.from_bytes(digest[:10], "big") >> 6  # 74 bits
    return str(uuid7_from(_ID_ORIGIN + number, tail))


def sigmoid(x: Floats) -> Floats:
    """The logistic function, elementwise."""
    return np.asarray(1.0 / (1.0 + np.exp(-x)), dtype=np.float64)
