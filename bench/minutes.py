"""Copied minutes: how often right, how long it takes, how much memory.

    python bench/minutes.py [--seeds 40] [--cells 3000] [--months 36] [--whole 300000]
                            [--markdown docs/bench/minutes.md]

Right: the simulator's texts (1,800 minutes of 150 cells, 13 % copied) on fresh seeds, and a
province of communes with words enough to be told apart. Time: one month of 3,000 new minutes among
three years kept as numbers, and 300,000 from their texts; base: the texts only normalised, by the
plain way of `naive`. Each size runs in a process of its own, so that its memory is its own. Ends
with 1 when a limit is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vungmanh.analysis.copying import naive
from vungmanh.analysis.copying.common import Limits
from vungmanh.analysis.copying.corpus import Corpus
from vungmanh.analysis.copying.likeness import Likeness, likeness
from vungmanh.analysis.copying.scoring import Score, score
from vungmanh.analysis.copying.shingles import Shingler

FIRST_SEED = 40_000
MONTH_SECONDS, WHOLE_SECONDS, GIBIBYTES = 30.0, 900.0, 4.0
PRECISION, RECALL = 0.95, 0.75
STARTS = "b c ch d đ g gi h k kh l m n ng nh ph qu r s t th tr v x"
RIMES = (
    "a an ang anh ao at ăm âm ân âu e em en eo ê ên êu i in inh iên iêu o oi on ong ô ôi ôn ông ơ"
    " ơi ơn u uôn uông ư ưa ưng ươi ương y"
)


@dataclass(frozen=True)
class Written:
    """Minutes with their truth: `source` is the row copied from, or −1."""

    texts: list[str]
    cell: list[int]
    month: list[int]
    source: list[int]


class Province:
    """Minutes month by month, in words enough that chance makes no two alike.

    7,000 syllables, some far commoner than others; a form; a directive from the province; a text
    from the commune of each eight cells, read out by nine in ten; sentences of one's own. Of a
    hundred minutes six repeat one's own last, six a neighbour's, with up to an eighth changed.
    """

    def __init__(self, seed: int, cells: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.cells = cells
        made = [
            unicodedata.normalize("NFC", start + rime + tone)
            for start in STARTS.split()
            for rime in RIMES.split()
            for tone in ("", *"\u0300\u0301\u0309\u0303\u0323")
        ]
        self.words = np.array(made)[self.rng.permutation(len(made))]
        weight = 1 / (np.arange(len(made)) + 20.0)
        self.cumulated = np.cumsum(weight / weight.sum())
        self.form = self.some(60)
        self.last: list[np.ndarray] = []
        self.rows = 0
        self.first_rows: list[int] = []

    def some(self, count: int) -> np.ndarray:
        drawn = np.searchsorted(self.cumulated, self.rng.random(count))
        return self.words[np.minimum(drawn, len(self.words) - 1)]

    def month(self, number: int) -> Written:
        rng, cells = self.rng, self.cells
        directive = self.some(120)
        commune = [self.some(60) for _ in range(cells // 8 + 1)]
        draw = rng.random(cells)
        kind = np.where(draw < 0.06, 1, np.where(draw < 0.12, 2, 0))
        if not self.last:
            kind[kind == 1] = 0
        order = np.argsort(kind, kind="stable")
        bodies: list[np.ndarray] = [np.zeros(0)] * cells
        row_of, made = {}, Written([], [], [], [])
        honest = np.flatnonzero(kind == 0)
        for cell in order.tolist():
            source = -1
            if kind[cell] == 1:
                bodies[cell] = self.changed(self.last[cell])
                source = self.first_rows[cell]
            elif kind[cell] == 2:
                near = int(honest[min(np.searchsorted(honest, cell), len(honest) - 1)])
                bodies[cell], source = self.changed(bodies[near]), row_of[near]
            else:
                bodies[cell] = self.some(int(rng.integers(50, 110)))
            read = [directive] + ([commune[cell // 8]] if rng.random() < 0.9 else [])
            row_of[cell] = self.rows + len(made.texts)
            made.texts.append(" ".join(np.concatenate([self.form, *read, bodies[cell]]).tolist()))
            made.cell.append(cell)
            made.month.append(number)
            made.source.append(source)
        self.last, self.first_rows = bodies, [row_of[cell] for cell in range(cells)]
        self.rows += cells
        return made

    def changed(self, body: np.ndarray) -> np.ndarray:
        other = self.some(len(body))
        return np.where(self.rng.random(len(body)) < self.rng.uniform(0, 0.12), other, body)


def read_all(province: Province, months: int, shingler: Shingler) -> tuple[Corpus, list[int]]:
    """The minutes of some months as numbers, the texts let go of; and their sources."""
    parts, sources = [], []
    for number in range(months):
        made = province.month(number)
        filed = np.arange(len(made.texts)) + number * province.cells
        parts.append(Corpus.of(made.texts, made.cell, made.month, filed, shingler))
        sources += made.source
    return joined(parts), sources


def joined(parts: list[Corpus]) -> Corpus:
    """One corpus of many, copied once."""
    ends = np.cumsum([part.offsets[-1] for part in parts])
    offsets = [parts[0].offsets] + [
        part.offsets[1:] + end for part, end in zip(parts[1:], ends, strict=False)
    ]
    columns = [
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("cell", "month", "filed")
    ]
    shingles = np.concatenate([part.shingles for part in parts])
    parts.clear()
    return Corpus(shingles, np.concatenate(offsets), *columns)


def one_month(cells: int, months: int) -> dict[str, float]:
    """A month of new minutes from their texts, among `months` kept as numbers."""
    shingler = Shingler()
    province = Province(1, cells)
    kept, sources = read_all(province, months, shingler)
    made = province.month(months)
    begin, busy = time.perf_counter(), time.process_time()
    filed = np.arange(cells) + months * cells
    corpus = kept.extended(Corpus.of(made.texts, made.cell, made.month, filed, Shingler()))
    new = np.arange(len(corpus)) >= len(kept)
    found = likeness(corpus, only=new)
    seconds, busy = time.perf_counter() - begin, time.process_time() - busy
    begin = time.process_time()
    for text in made.texts[:500]:
        naive.shingles(text)
    plain = (time.process_time() - begin) / 500
    told = judged(found, np.array(sources + made.source), new)
    return {"minutes": len(corpus), "seconds": seconds, "busy": busy, "plain": plain, **told}


def from_nothing(cells: int, minutes: int) -> dict[str, float]:
    """Everything from its texts. The making of the texts is not counted."""
    province, shingler = Province(2, cells), Shingler()
    parts, sources, read, busy = [], [], 0.0, 0.0
    for number in range(-(-minutes // cells)):
        made = province.month(number)
        begin, used = time.perf_counter(), time.process_time()
        filed = np.arange(cells) + number * cells
        parts.append(Corpus.of(made.texts, made.cell, made.month, filed, shingler))
        read, busy = read + time.perf_counter() - begin, busy + time.process_time() - used
        sources += made.source
    begin, used = time.perf_counter(), time.process_time()
    found = likeness(joined(parts))
    compared, busy = time.perf_counter() - begin, busy + time.process_time() - used
    told = judged(found, np.array(sources), np.ones(len(sources), dtype=np.bool_))
    return {"minutes": len(sources), "seconds": read + compared, "busy": busy, **told}


def judged(found: Likeness, source: np.ndarray, asked: np.ndarray) -> dict[str, float]:
    """Precision and recall among the minutes asked about."""
    shown = np.zeros(len(source), dtype=np.bool_)
    shown[found.later] = True
    shown &= asked
    copy = (source >= 0) & asked
    right = float((shown & copy).sum())
    return {
        "pairs": len(found), "copies": float(copy.sum()),
        "precision": right / max(shown.sum(), 1), "recall": right / max(copy.sum(), 1),
        "gibibytes": peak_gibibytes(),
    }  # fmt: skip


def peak_gibibytes() -> float:
    """The most memory this process ever held (VmHWM)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 2**20
    return float("nan")


def apart(what: str, *numbers: int) -> dict[str, float]:
    """One measurement in a process of its own."""
    command = [sys.executable, __file__, "--only", what, *map(str, numbers)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return dict(json.loads(told))


def pooled(scores: list[Score]) -> Score:
    """All seeds as one."""
    names = ("minutes", "copies", "shown", "right", "empty")
    return Score(*(sum(getattr(one, name) for one in scores) for name in names))


def page(seeds: int, right: list[Score], month: dict[str, float], whole: dict[str, float]) -> str:
    """The figures as a page."""
    all_of = pooled(right)
    worst_precision = min(one.precision for one in right)
    worst_recall = min(one.recall for one in right)
    of_month = month["busy"] / (month["plain"] * month["minutes"])
    of_whole = whole["busy"] / (month["plain"] * whole["minutes"])
    limits = Limits()
    strict = pooled([score(FIRST_SEED + at, limits=Limits(cells=0.0)) for at in range(3)])
    return f"""# Copied minutes: how often right, how fast

For whoever has to trust a pair that is shown, or to change a limit. Made by the command below,
kept honest by `tests/unit/analysis/test_copying.py`; never edited by hand.

```
PYTHONPATH=src .venv/bin/python bench/minutes.py --seeds {seeds} --markdown docs/bench/minutes.md
```

## How often right

{all_of.minutes:,} minutes made by `analysis/trial/minutes.py` on {seeds} fresh seeds from \
{FIRST_SEED} on, each 150 cells over 12 months; {all_of.copies:,} of them copies, with up to an \
eighth of their words changed. Shown: the later minute of a pair with Jaccard ≥ {limits.whole:g} \
of what is own, or {limits.part:.0%} of whose own content lies in an earlier one.

| measure | goal | stretch | all seeds | worst seed |
| --- | --- | --- | --- | --- |
| of minutes shown, copies (precision) | ≥ .95 | .97 | {all_of.precision:.3f} | \
{worst_precision:.3f} |
| of copies, shown (recall) | ≥ .75 | .85 | {all_of.recall:.3f} | {worst_recall:.3f} |

{all_of.empty} minutes in {all_of.minutes:,} had fewer than {limits.empty_below} shingles of their \
own left and were compared with none.

`methods.md` §8 drops each three-word shingle that more than three cells use in one month. In these
texts, made of few words, that leaves nearly nothing of anybody's own: precision \
{strict.precision:.2f}, recall {strict.recall:.2f} over three seeds, with {strict.empty:,} of \
{strict.minutes:,} minutes called empty. So what few cells share is dropped only within a run of \
eight words; a shingle by itself when more than 4 % of cells use it for one month.

In the province below (eight cells to a commune, whose text nine in ten read out) the communes' \
texts are known as such without being given: precision {month["precision"]:.3f}, recall \
{month["recall"]:.3f} of the month's {month["copies"]:.0f} copies; {whole["precision"]:.3f} and \
{whole["recall"]:.3f} over all {whole["minutes"]:,.0f} minutes.

## How fast, in how much memory

Minutes of some 300 words in 7,000 different syllables; each line a process of its own, the making
of the texts not counted. *Clock* is what a waiting person sees, on two cores under a load of \
{os.getloadavg()[2]:.0f} (others were at work beside it); *processor* is what it used of one \
core. Base: the plain way needs {1000 * month["plain"]:.2f} ms of a processor only to make the \
shingles of one text.

| what | limit | clock | processor | against the base |
| --- | --- | --- | --- | --- |
| a month of {month["new"]:,.0f} minutes among {month["minutes"] - month["new"]:,.0f} kept as \
numbers: read and compared | {MONTH_SECONDS:.0f} s | {month["seconds"]:.1f} s | \
{month["busy"]:.1f} s | {of_month:.2f} × shingles of all |
| peak memory of it | – | {month["gibibytes"]:.2f} GiB | | |
| {whole["minutes"]:,.0f} minutes from their texts | {WHOLE_SECONDS / 60:.0f} min | \
{whole["seconds"] / 60:.1f} min | {whole["busy"] / 60:.1f} min | \
{of_whole:.2f} × shingles of all |
| peak memory of it | {GIBIBYTES:.0f} GiB | {whole["gibibytes"]:.2f} GiB | | |
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--cells", type=int, default=3_000)
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--whole", type=int, default=300_000)
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--only", nargs=3, metavar=("WHAT", "CELLS", "NUMBER"))
    options = parser.parse_args()
    if options.only:
        what, cells, number = options.only[0], int(options.only[1]), int(options.only[2])
        print(json.dumps((one_month if what == "month" else from_nothing)(cells, number)))
        return 0
    right = [score(FIRST_SEED + at) for at in range(options.seeds)]
    month = apart("month", options.cells, options.months) | {"new": float(options.cells)}
    whole = apart("whole", options.cells, options.whole)
    told = page(options.seeds, right, month, whole)
    print(told)
    if options.markdown:
        options.markdown.write_text(told, encoding="utf-8")
    all_of = pooled(right)
    met = (
        all_of.precision >= PRECISION
        and all_of.recall >= RECALL
        and month["seconds"] <= MONTH_SECONDS
        and whole["seconds"] <= WHOLE_SECONDS
        and whole["gibibytes"] <= GIBIBYTES
    )
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
