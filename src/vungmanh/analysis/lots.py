"""Lots that anybody can draw again: the order of SHA-256.

Each id is put behind the seed and a colon; the smaller the SHA-256 of that text (UTF-8, read as a
hexadecimal number), the earlier the id. By hand: `printf '%s' 'seed:id' | sha256sum` for each id,
then sort. Who publishes the seed before the ids are known cannot choose who is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

from vungmanh.core.errors import InputError


def lot(seed: str, one: str) -> str:
    """The lot of one id, in hexadecimal: what the command above prints."""
    return sha256(f"{seed}:{one}".encode()).hexdigest()


def draw_order(seed: str, ids: Iterable[str]) -> tuple[str, ...]:
    """The ids in the order of the lots; the order they come in does not matter."""
    if not seed.strip():
        raise InputError("Chưa có số gốc để rút thăm; hãy công bố số gốc trước khi rút.")
    given = list(ids)
    if len(set(given)) != len(given):
        raise InputError("Có đơn vị ghi hai lần trong danh sách rút thăm; hãy bỏ bớt một.")
    return tuple(sorted(given, key=lambda one: (lot(seed, one), one)))


def draw(seed: str, ids: Iterable[str], count: int) -> tuple[str, ...]:
    """The first `count` of the lots: who of a grey zone is chosen, in the order drawn."""
    order = draw_order(seed, ids)
    if not 0 <= count <= len(order):
        raise InputError(
            f"Không thể rút {count} trong {len(order)} đơn vị; hãy chọn số từ 0 đến {len(order)}."
        )
    return order[:count]


def start_years(seed: str, ids: Iterable[str], years: Sequence[int]) -> dict[str, int]:
    """A year to begin for each of the units that will all be helped, as evenly as can be.

    The lots are dealt out to the years in turn, the first lot to the first year.
    """
    if not years:
        raise InputError("Chưa có năm nào để bắt đầu; hãy chọn ít nhất một năm.")
    return {one: years[place % len(years)] for place, one in enumerate(draw_order(seed, ids))}
