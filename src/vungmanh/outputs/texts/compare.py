"""Minutes as read, compared: pairs with the closest first, and what each cell repeats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vungmanh.analysis.copying.corpus import Corpus
from vungmanh.analysis.copying.likeness import Likeness, likeness
from vungmanh.analysis.copying.passages import Passage, passages
from vungmanh.analysis.copying.ritual import ritual
from vungmanh.analysis.copying.shingles import Hashes, shingle_set
from vungmanh.analysis.plausibility import filed_together
from vungmanh.core.periods import last_day
from vungmanh.core.vocabulary import LikenessRule
from vungmanh.outputs.texts.read import Texts

#: Reports of a year filed within so many days of one another are told.
TOGETHER_DAYS = 3
FEWEST_FILED = 6


@dataclass(frozen=True)
class Pair:
    """Rows of `Texts`: the later beside the earlier. `share`: Jaccard, of a part the contained."""

    later: int
    earlier: int
    rule: LikenessRule
    share: float
    shared: int
    order_known: bool


@dataclass(frozen=True)
class Cell:
    """One cell: its minutes, how many repeat an earlier one of its own and whether that stands out
    (p-value; None: too few to say), how many have next to nothing of their own, and the largest
    share of a year's minutes filed within TOGETHER_DAYS days (None: fewer than FEWEST_FILED)."""

    unit: str
    minutes: int
    repeated: int
    comparable: int
    p_value: float | None
    stands_out: bool
    empty: int
    together: float | None
    together_year: int | None


@dataclass(frozen=True)
class Compared:
    """Everything found. `pairs`: the closest first; `empty`: rows with too little of their own."""

    texts: Texts
    pairs: list[Pair]
    cells: list[Cell]
    empty: list[int]
    own: list[int]
    usual: float
    common: Hashes

    def passages(self, pair: Pair) -> list[Passage]:
        """The passages of one pair, in the characters of both texts."""
        texts = self.texts.text
        return passages(texts[pair.later], texts[pair.earlier], self.common)


def compare(texts: Texts, templates: Sequence[str] = ()) -> Compared:
    """Compare everything with everything; `templates` are nobody's own words."""
    names = {name: place for place, name in enumerate(sorted(set(texts.unit)))}
    cell = [names[unit] for unit in texts.unit]
    # Not told when: taken as the end of the month, so that the order is steady; never said.
    filed = [
        (day or last_day(month)).toordinal()
        for day, month in zip(texts.filed_on, texts.month, strict=True)
    ]
    corpus = Corpus.of(texts.text, cell, [month.toordinal() for month in texts.month], filed)
    given = shingle_set(templates)
    found = likeness(corpus, given=given)
    return Compared(
        texts,
        _pairs(texts, found),
        _cells(texts, sorted(names), corpus, found),
        np.flatnonzero(found.empty).tolist(),
        found.own.tolist(),
        ritual(corpus, found).usual,
        np.union1d(found.common, given),
    )


def _pairs(texts: Texts, found: Likeness) -> list[Pair]:
    pairs = []
    for place in range(len(found)):
        later, earlier = int(found.later[place]), int(found.earlier[place])
        is_whole = bool(found.whole[place])
        own = texts.unit[later] == texts.unit[earlier]
        rule = LikenessRule.OWN if own else LikenessRule.WHOLE
        told = texts.filed_on[later] is not None and texts.filed_on[earlier] is not None
        pairs.append(
            Pair(
                later,
                earlier,
                rule if is_whole else LikenessRule.PART,
                float((found.jaccard if is_whole else found.contained)[place]),
                int(found.shared[place]),
                told and bool(found.order_known[place]),
            )
        )
    return sorted(pairs, key=lambda one: (-one.share, one.later, one.earlier))


def _cells(texts: Texts, names: list[str], corpus: Corpus, found: Likeness) -> list[Cell]:
    told = ritual(corpus, found)
    minutes = np.bincount(corpus.cell, minlength=len(names))
    empty = np.bincount(corpus.cell[found.empty], minlength=len(names))
    together = _together(texts, corpus, len(names))
    cells = []
    for place, name in enumerate(names):
        p_value = float(told.p_value[place])
        share, year = together.get(place, (None, None))
        cells.append(
            Cell(
                name,
                int(minutes[place]),
                int(told.repeated[place]),
                int(told.minutes[place]),
                None if np.isnan(p_value) else p_value,
                bool(told.found[place]),
                int(empty[place]),
                share,
                year,
            )
        )
    return cells


def _together(texts: Texts, corpus: Corpus, units: int) -> dict[int, tuple[float, int]]:
    """Of each cell the year with the largest share filed within a few days."""
    known = np.array([day is not None for day in texts.filed_on])
    year = np.array([dt.date.fromordinal(int(month)).year for month in corpus.month])
    best: dict[int, tuple[float, int]] = {}
    for one in np.unique(year[known]).tolist():
        rows = known & (year == one)
        share = filed_together(corpus.cell[rows], corpus.filed[rows], units, TOGETHER_DAYS)
        enough = np.bincount(corpus.cell[rows], minlength=units) >= FEWEST_FILED
        for place in np.flatnonzero(enough).tolist():
            if share[place] > best.get(place, (0.0, 0))[0]:
                best[place] = float(share[place]), one
    return best
