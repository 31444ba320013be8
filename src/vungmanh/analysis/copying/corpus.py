"""Many minutes kept as numbers: who wrote which, for which month, and filed when.

The index that makes a month cheap: `extended` adds new minutes without reading an old text again,
`as_arrays` and `of_arrays` let the caller keep it wherever it likes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vungmanh.analysis.copying.shingles import Hashes, Ints, Shingler


@dataclass(frozen=True)
class Corpus:
    """n minutes. `shingles` holds those of all, minute after minute, as they follow one another;
    those of minute i lie at `offsets[i]:offsets[i + 1]`. The others are of shape (n,)."""

    shingles: Hashes
    offsets: Ints
    cell: Ints  #: any number, the same for minutes of one cell
    month: Ints  #: of the meeting; any number that grows with time
    filed: Ints  #: when it was filed; any number that grows with time, equal for the same moment

    def __len__(self) -> int:
        return len(self.cell)

    @classmethod
    def of(
        cls, texts: Sequence[str], cell: ArrayLike, month: ArrayLike, filed: ArrayLike,
        shingler: Shingler | None = None,
    ) -> Corpus:  # fmt: skip
        """Minutes from their texts; the same `shingler` again is quicker."""
        made = (shingler or Shingler()).of_texts(texts)
        about = [np.asarray(part, dtype=np.int64) for part in (cell, month, filed)]
        if any(part.shape != (len(texts),) for part in about):
            raise ValueError("one cell, month and filing for each text")
        return cls(*made, *about)

    def extended(self, more: Corpus) -> Corpus:
        """These minutes followed by `more`."""
        return Corpus(
            np.concatenate([self.shingles, more.shingles]),
            np.concatenate([self.offsets, more.offsets[1:] + self.offsets[-1]]),
            np.concatenate([self.cell, more.cell]),
            np.concatenate([self.month, more.month]),
            np.concatenate([self.filed, more.filed]),
        )

    def as_arrays(self) -> dict[str, NDArray[Any]]:
        """Everything, by name: for `numpy.savez`, say."""
        return {part.name: getattr(self, part.name) for part in fields(self)}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Corpus:
        """What `as_arrays` gave."""
        return cls(**{part.name: np.asarray(arrays[part.name]) for part in fields(cls)})
