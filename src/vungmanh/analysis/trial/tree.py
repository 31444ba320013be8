"""The units of a trial province: districts, organisations, cells, and the pairs that merge.

Organisations and cells are numbered; those that a merger makes stand after those that were first,
so that one numbering serves the whole time. A cell that is itself an organisation has its id.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vungmanh.analysis.simulate.randomness import Bools, Ints, stream
from vungmanh.analysis.trial.sizes import TrialSize

#: Kinds of organisation: name, share, fewest and most cells.
KINDS = (("commune", 0.60, 5, 12), ("agency", 0.25, 2, 5), ("enterprise", 0.15, 1, 3))
COMMUNE = 0
#: What the cells of each kind are compared with.
CELL_GROUPS = ("village", "agency", "enterprise")
#: The merger takes effect on the first of July of the last year.
MERGER_MONTH = 6
_MEDIAN_MEMBERS, _SPREAD, _FEWEST, _MOST = 8.0, 0.5, 3, 40


@dataclass(frozen=True)
class Tree:
    """n cells, g organisations, over all times.

    `organisation` is the one a cell belongs to at the end, or belonged to when it ended; `origin`
    the one it came from. `parts` (m, 2) are the cells that became the last m cells, and
    `merged` (m, 2) the organisations that became the last m organisations.
    """

    cells: tuple[str, ...]
    organisations: tuple[str, ...]
    district: Ints
    kind: Ints
    origin: Ints
    organisation: Ints
    first_members: Ints
    parts: Ints
    merged: Ints

    @property
    def cell_kind(self) -> Ints:
        return self.kind[self.organisation]

    @property
    def cell_district(self) -> Ints:
        return self.district[self.organisation]

    @property
    def first_cells(self) -> int:
        """How many cells there were before any merger."""
        return len(self.cells) - len(self.parts)

    @property
    def first_organisations(self) -> int:
        return len(self.organisations) - len(self.merged)

    @property
    def living_cells(self) -> Bools:
        """(n,): which cells live at the end."""
        living = np.ones(len(self.cells), dtype=bool)
        living[self.parts.ravel()] = False
        return living

    @property
    def living_organisations(self) -> Bools:
        living = np.ones(len(self.organisations), dtype=bool)
        living[self.merged.ravel()] = False
        return living


def grow_tree(seed: int, size: TrialSize) -> Tree:
    """All units, in an order that the seed alone decides."""
    rng = stream(seed, "trial tree")
    count = size.organisations
    shares = np.array([share for _, share, _, _ in KINDS])
    edges = np.round(np.cumsum(shares) * count).astype(np.int64)
    kind = rng.permutation(np.searchsorted(edges, np.arange(count), side="right"))
    district = np.sort(np.arange(count) % size.districts)
    fewest = np.array([least for _, _, least, _ in KINDS])[kind]
    most = np.array([most for _, _, _, most in KINDS])[kind]
    cells_of = rng.integers(fewest, most + 1)
    origin = np.repeat(np.arange(count), cells_of)
    usual = np.exp(rng.normal(np.log(_MEDIAN_MEMBERS), _SPREAD, len(origin)))
    members = np.clip(np.round(usual), _FEWEST, _MOST).astype(np.int64)
    merged = _pairs(rng, kind, district, size.mergers)
    first = np.searchsorted(origin, np.arange(count))
    parts = first[merged]
    numbers = np.arange(len(origin)) - first[origin]
    return Tree(
        cells=_cell_ids(origin, numbers, cells_of, len(parts)),
        organisations=tuple(f"o{index + 1:04d}" for index in range(count + len(merged))),
        district=np.concatenate([district, district[merged[:, 0]]]),
        kind=np.concatenate([kind, kind[merged[:, 0]]]),
        origin=np.concatenate([origin, origin[parts[:, 0]]]),
        organisation=_at_the_end(origin, parts, merged, count),
        first_members=np.concatenate([members, members[parts].sum(axis=1)]),
        parts=parts,
        merged=merged,
    )


def _pairs(rng: np.random.Generator, kind: Ints, district: Ints, wanted: int) -> Ints:
    """(wanted, 2): pairs of communes that stand beside each other in one district."""
    communes = np.flatnonzero(kind == COMMUNE)
    beside = district[communes[:-1]] == district[communes[1:]]
    pairs: list[tuple[int, int]] = []
    taken: set[int] = set()
    for place in rng.permutation(np.flatnonzero(beside)):
        first, second = int(communes[place]), int(communes[place + 1])
        if len(pairs) < wanted and not {first, second} & taken:
            pairs.append((first, second))
            taken |= {first, second}
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)


def _cell_ids(origin: Ints, numbers: Ints, cells_of: Ints, made: int) -> tuple[str, ...]:
    ids = [
        f"o{owner + 1:04d}" + ("" if cells_of[owner] == 1 else f"-c{number + 1:02d}")
        for owner, number in zip(origin.tolist(), numbers.tolist(), strict=True)
    ]
    new = [f"o{len(cells_of) + number + 1:04d}-c01" for number in range(made)]
    return (*ids, *new)


def _at_the_end(origin: Ints, parts: Ints, merged: Ints, count: int) -> Ints:
    """Cells of merged organisations belong to the new one, but those that ended with the old."""
    heir = np.arange(count)
    for number, pair in enumerate(merged):
        heir[pair] = count + number
    organisation = heir[origin]
    ended = parts.ravel()
    organisation[ended] = origin[ended]
    return np.concatenate([organisation, count + np.arange(len(merged))])
