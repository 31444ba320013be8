"""Lots that anybody can draw again by hand: the order of hashes of the seed and each name.

The seed is kept before anybody knows whom it favours, and published with the decision. Who wants to
check it needs one tool only: `printf '%s' "SEED:NAME" | sha256sum`, the smallest comes first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def order(seed: str, names: Iterable[str]) -> list[str]:
    """The names in the order of their lots. Each is in it once; the order given does not matter."""
    return sorted(set(names), key=lambda name: (lot(seed, name), name))


def lot(seed: str, name: str) -> str:
    """The lot of one name, in hexadecimal."""
    return hashlib.sha256(f"{seed}:{name}".encode()).hexdigest()


def draw(seed: str, names: Iterable[str], places: int) -> list[str]:
    """The first `places` of the order of lots, in that order. Raises ValueError below 0."""
    if places < 0:
        raise ValueError("places must not be negative")
    return order(seed, names)[:places]
