"""Choosing whom to strengthen: criteria first, capacity second, every place with its reason.

Order of need: heavy reasons (exact counts against thresholds), then the probability of being weak
to four decimals, then size, then code (methods.md §4). Limits are held by going down that order:
an area or kind that is full is passed over, and the page says so. Least numbers of a kind are met
first, in the same order; before them whom an earlier draw promised this year. Whoever does not
report is verified, not ranked; a part of the capacity, rounded up, is kept for that but for the one
place that is left to choose (decisions.md 5).

The *grey zone* are those with as many heavy reasons as the last one chosen whose rank interval
crosses that one's rank: the order between them may be chance. Whom a limit of its own keeps out
draws no lot, and `draw` keeps every limit whatever the lots.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Why(StrEnum):
    """Why a candidate is where it is."""

    CHOSEN = "chosen"
    PROMISED = "promised"
    LEAST_OF_KIND = "least_of_kind"
    VERIFY = "verify"
    CAPACITY = "capacity"
    AREA_FULL = "area_full"
    OVERSEERS_FULL = "overseers_full"
    NOT_AGAIN = "not_again"
    BEING_HELPED = "being_helped"
    MAY_STILL_ANSWER = "may_still_answer"
    TOO_FEW_PERIODS = "too_few_periods"
    NOT_WEAK = "not_weak"
    VERIFY_LATER = "verify_later"


@dataclass(frozen=True)
class Candidate:
    """One unit as known when the choice is made. Ranks: 1 the weakest; None where not ranked.

    `bad_periods` counts assessments in a row, the latest first, in which it was weak; `cells` are
    what overseers would be needed for; `ended_year` the last in which it was helped. Whoever may
    still answer the reasons held against it is not chosen (decisions.md 6).
    """

    id: str
    code: str
    area: str
    kind: str
    size: int
    cells: int
    is_silent: bool
    is_weak: bool
    bad_periods: int
    heavy: int
    probability: float | None
    reported: float  # share of the months due that were reported
    rank: int | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    ended_year: int | None = None
    has_open_file: bool = False
    may_still_answer: bool = False
    is_promised: bool = False  # a draw of the year before gave it this year to begin


@dataclass(frozen=True)
class Terms:
    """What is asked of one choosing. `capacity` places in all; None: no limit of that sort."""

    year: int
    capacity: int
    bad_periods: int
    not_again_years: int
    most_in_area: int | None = None
    overseen_cells: int | None = None
    least_of_kind: Mapping[str, int] = field(default_factory=dict)
    silent_percent: int = 0
    shares_of_areas: Mapping[str, int] | None = None  # where places are spread over areas


@dataclass(frozen=True)
class Place:
    """Where a candidate came: its number in the order of need (from 1), and why."""

    candidate: Candidate
    number: int
    why: Why


@dataclass(frozen=True)
class Choosing:
    """`chosen` and `verify` in order; `near` whom only a limit kept out; `others` the rest.

    `grey` are the ids whose order at the cut may be chance, `grey_places` how many of the chosen
    places are theirs.
    """

    chosen: tuple[Place, ...]
    verify: tuple[Place, ...]
    near: tuple[Place, ...]
    others: tuple[Place, ...]
    grey: tuple[str, ...]
    grey_places: int

    @property
    def table(self) -> tuple[Place, ...]:
        return (*self.chosen, *self.verify, *self.near, *self.others)


def choose(candidates: Iterable[Candidate], terms: Terms) -> Choosing:
    """Choose in O(n log n). Two calls with the same units in any order give the same answer."""
    ordered = sorted(candidates, key=need)
    numbers = {one.id: number for number, one in enumerate(ordered, start=1)}
    # Whoever is being helped is in somebody's hands already.
    silent = [
        one for one in sorted(ordered, key=_silence) if one.is_silent and not one.has_open_file
    ]
    verify = silent[: _kept_for_silence(terms)]
    # What the silent do not need is not lost to the others.
    places = terms.capacity - len(verify)
    states = {one.id: _shut(one, terms) for one in ordered}
    states |= {one.id: Why.VERIFY if one in verify else Why.VERIFY_LATER for one in silent}
    free = [one for one in ordered if states[one.id] is None]
    states |= _filled(free, terms, places)
    placed = [Place(one, numbers[one.id], _said(states[one.id])) for one in ordered]
    chosen = tuple(one for one in placed if one.why in _IN)
    left = [one for one in placed if one.why in _FULL]
    grey = _grey(chosen, left)
    return Choosing(
        chosen=chosen,
        verify=tuple(Place(one, numbers[one.id], Why.VERIFY) for one in verify),
        near=tuple(left),
        others=tuple(one for one in placed if one.why not in _IN | _FULL | {Why.VERIFY}),
        grey=grey,
        grey_places=sum(one.candidate.id in grey for one in chosen),
    )


def _kept_for_silence(terms: Terms) -> int:
    """Places kept for those who do not report: rounded up, and one is left to choose."""
    kept = -(-terms.capacity * terms.silent_percent // 100)
    return kept if terms.silent_percent == 100 else max(min(kept, terms.capacity - 1), 0)


def draw(found: Choosing, terms: Terms, order: Sequence[str]) -> dict[str, Why]:
    """What the lots of the grey zone give, in their order: chosen, or the limit that shuts it out.

    `terms` are those of `found`, `order` the ids of its grey zone. Nobody who won takes another
    past a limit; a place that nobody drawn can take goes down the order of need.
    """
    known = {one.candidate.id: one.candidate for one in found.table}
    room = _Room(terms, len(found.chosen))
    for one in found.chosen:
        if one.candidate.id not in found.grey:
            room.take(one.candidate)
    said: dict[str, Why] = {}
    for drawn in order:
        said[drawn] = room.try_to_take(known[drawn])
    for place in found.near:
        one_left = place.candidate
        if one_left.id not in said and room.try_to_take(one_left) is Why.CHOSEN:
            said[one_left.id] = Why.CHOSEN
    return said


_IN = {Why.CHOSEN, Why.PROMISED, Why.LEAST_OF_KIND}
_FULL = {Why.CAPACITY, Why.AREA_FULL, Why.OVERSEERS_FULL}


def need(one: Candidate) -> tuple[int, float, int, str]:
    """The order of need, weakest first; unknown probability stands behind every known one."""
    known = -1.0 if one.probability is None else round(one.probability, 4)
    return (-one.heavy, -known, -one.size, one.code)


def _silence(one: Candidate) -> tuple[float, int, str]:
    return (round(one.reported, 4), -one.size, one.code)


def _shut(one: Candidate, terms: Terms) -> Why | None:
    """Why a unit that reports may not be chosen at all, or None."""
    if one.has_open_file:
        return Why.BEING_HELPED
    if one.is_silent:
        return None
    if one.ended_year is not None and terms.year - one.ended_year <= terms.not_again_years:
        return Why.NOT_AGAIN
    if not one.is_weak:
        return Why.NOT_WEAK
    if one.bad_periods < terms.bad_periods:
        return Why.TOO_FEW_PERIODS
    return Why.MAY_STILL_ANSWER if one.may_still_answer else None


def _said(why: Why | None) -> Why:
    assert why is not None  # every candidate was given a state
    return why


def _filled(free: Sequence[Candidate], terms: Terms, places: int) -> dict[str, Why]:
    """Each of `free` with why it is in or out: promised and least numbers first, then in order."""
    room = _Room(terms, places)
    found: dict[str, Why] = {}
    for one in free:
        if one.is_promised and room.shuts(one) is None:
            room.take(one)
            found[one.id] = Why.PROMISED
    for kind, least in sorted(terms.least_of_kind.items()):
        of_kind = [one for one in free if one.kind == kind]
        for one in of_kind:
            if sum(other.id in found for other in of_kind) >= least:
                break
            if one.id not in found and room.shuts(one) is None:
                room.take(one)
                found[one.id] = Why.LEAST_OF_KIND
    for one in free:
        if one.id not in found:
            found[one.id] = room.try_to_take(one)
    return found


class _Room:
    """What is still free: places, of each area, and cells that somebody can oversee."""

    def __init__(self, terms: Terms, places: int) -> None:
        self.terms, self.places, self.cells = terms, places, terms.overseen_cells
        self.areas: Counter[str] = Counter()

    def shuts(self, one: Candidate) -> Why | None:
        """The limit that keeps a unit out, or None; its own before the one that all share."""
        most, shares = self.terms.most_in_area, self.terms.shares_of_areas
        if most is not None and self.areas[one.area] >= most:
            return Why.AREA_FULL
        if shares is not None and self.areas[one.area] >= shares.get(one.area, 0):
            return Why.AREA_FULL
        if self.cells is not None and one.cells > self.cells:
            return Why.OVERSEERS_FULL
        return Why.CAPACITY if self.places <= 0 else None

    def try_to_take(self, one: Candidate) -> Why:
        """Take a unit in, or say which limit keeps it out."""
        shut = self.shuts(one)
        if shut is None:
            self.take(one)
        return shut or Why.CHOSEN

    def take(self, one: Candidate) -> None:
        self.places -= 1
        self.areas[one.area] += 1
        if self.cells is not None:
            self.cells -= one.cells


def _grey(chosen: Sequence[Place], left: Sequence[Place]) -> tuple[str, ...]:
    """Units on both sides of the cut that the intervals do not tell apart; () without a cut.

    Only those that the capacity alone divides: whom a limit of its own keeps out is not near it.
    """
    rivals = [one.candidate for one in left if one.why is Why.CAPACITY]
    by_order = [one.candidate for one in chosen if one.why is Why.CHOSEN]
    if not rivals or not by_order:
        return ()
    last = by_order[-1]
    same = [one for one in (*by_order, *rivals) if one.heavy == last.heavy]
    crossing = [one for one in same if _crosses(one, last)]
    in_, out = set(by_order) & set(crossing), set(rivals) & set(crossing)
    return tuple(one.id for one in crossing) if in_ and out else ()


def _crosses(one: Candidate, last: Candidate) -> bool:
    if last.rank is None or one.rank_low is None or one.rank_high is None:
        return False
    return one.rank_low <= last.rank <= one.rank_high
