"""Who gets the best grade where at most a percentage may have it.

Integers and exact fractions only: floor(n * (1 - .8)) is wrong for every n divisible by 5.

Who counts (decisions.md 22; HD 21-HD/BTCTW 2019 as read, domain.md 1.3):

- *good*: the proposed grade is good or better. These are the base; one more who is not good changes
  nothing, neither the cap nor the pooling.
- *eligible*: meets everything the best grade asks for; always good too. Only these, and only with a
  score, can be chosen.
- *protected* (military, police and the like): left out altogether, neither base nor chosen; their
  grade is decided elsewhere.

Higher scores go first. Of equal scores all or none, or the named secondary criteria decide; what
is equal still is all or none. Whoever stands behind a held-back tie is held back too: nobody
overtakes. No other order exists: the row, the id or a hash never decides. Raising one's own score
never costs one's place; it can cost the group places only by making a tie at the cut, at most those
it ties.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from vungmanh.core.vocabulary import Vocabulary
from vungmanh.rulebook.grading.apportion import Apportionment, webster
from vungmanh.rulebook.grading.groups import pooled_groups
from vungmanh.rulebook.values.conditions import ExcellentQuota
from vungmanh.rulebook.values.quota import QuotaMethod, QuotaRounding, QuotaSharing, QuotaTies
from vungmanh.rulebook.values.words import QuotaBase


class HeldBackReason(Vocabulary):
    """Why one who meets the conditions of the best grade does not get it."""

    BEYOND_CAP = "beyond_cap", "Đứng sau số được chọn"
    TIED_AT_CUT = "tied_at_cut", "Bằng điểm ở chỗ cắt, không đủ cho tất cả"
    NO_SCORE = "no_score", "Chưa có điểm"


@dataclass(frozen=True)
class Candidate:
    """One rated organisation or collective. `tiebreaks`: one number for each secondary criterion
    of the rule, larger first; None where it is not known, which then decides nothing."""

    id: str
    group: str
    score: Fraction | None
    eligible: bool
    good: bool
    tiebreaks: tuple[Fraction | int | None, ...] = ()
    protected: bool = False


@dataclass(frozen=True)
class Cap:
    """`percent` of `base` is `exact`, rounded to `places`; `good` are those good or better."""

    percent: int
    base_of: QuotaBase
    rounding: QuotaRounding
    good: int
    base: int
    places: int

    @property
    def exact(self) -> Fraction:
        """The share before rounding."""
        return Fraction(self.percent * self.base, 100)

    @property
    def passes_percent(self) -> bool:
        """Whether rounding went above the percentage."""
        return self.places > self.exact


@dataclass(frozen=True)
class HeldBack:
    """One who meets the conditions and is not chosen. `by`: the criterion by which it stands behind
    the last chosen, where the two have one score."""

    id: str
    reason: HeldBackReason
    score: Fraction | None
    by: str = ""


@dataclass(frozen=True)
class GroupResult:
    """One group, or several pooled (`parts`). Ids stand in the order of ids, which is no rank.

    `cap` is of the group or of its pool; `places` what the group has of it (less than the cap only
    where a pool is `shared`). `cut`: the lowest chosen score. `tied`: how many stand equal at the
    cut and are held back together. `level`: everybody with the score at which the places end, where
    some of them are chosen and some not, or all are held back together.
    """

    name: str
    parts: tuple[str, ...]
    cap: Cap
    places: int
    chosen: tuple[str, ...]
    held_back: tuple[HeldBack, ...]
    protected: tuple[str, ...]
    cut: Fraction | None = None
    tied: int = 0
    criteria: tuple[str, ...] = ()
    shared: Apportionment | None = None
    level: tuple[str, ...] = ()

    @property
    def decided_by(self) -> tuple[str, ...]:
        """The criteria that told equals apart where the places end, in the order of the rule."""
        used = {one.by for one in self.held_back}
        return tuple(name for name in self.criteria if name in used)

    @property
    def unused(self) -> int:
        """Places nobody got: fewer are eligible, or a tie does not fit in."""
        return self.places - len(self.chosen)

    def held(self, candidate_id: str) -> HeldBack | None:
        """How one was held back; None when it was not."""
        return next((one for one in self.held_back if one.id == candidate_id), None)


@dataclass(frozen=True)
class QuotaResult:
    """The groups by name, and to which each candidate belongs."""

    groups: tuple[GroupResult, ...]
    group_of: Mapping[str, str]

    @property
    def chosen(self) -> frozenset[str]:
        """Everybody who gets the best grade under the cap."""
        return frozenset(one for group in self.groups for one in group.chosen)

    def of(self, candidate_id: str) -> GroupResult:
        """The group a candidate was counted in. Raises KeyError."""
        name = self.group_of[candidate_id]
        return next(group for group in self.groups if group.name == name)


def cap_of(good: int, quota: ExcellentQuota, rounding: QuotaRounding) -> Cap:
    """How many of `good` (good or better) may have the best grade.

    Of *good only* the base shrinks with each one chosen: the cap is the largest k that is no more
    than the rounded percentage of `good` - k. The left side grows with k and the right one falls,
    so that there is one such k, found by halving.
    """
    percent = quota.percent
    if quota.base is QuotaBase.GOOD_OR_BETTER:
        places = _hundredth(percent * good, rounding)
        return Cap(percent, quota.base, rounding, good, good, places)
    fits, fails = 0, good + 1
    while fails - fits > 1:
        k = (fits + fails) // 2
        if k <= _hundredth(percent * (good - k), rounding):
            fits = k
        else:
            fails = k
    return Cap(percent, quota.base, rounding, good, good - fits, fits)


def hold_quota(
    candidates: Iterable[Candidate], quota: ExcellentQuota, method: QuotaMethod
) -> QuotaResult:
    """Choose within each group. Raises ValueError for a candidate named twice, one eligible but not
    good, or tiebreaks that are not one for each criterion of the rule."""
    rated = sorted(candidates, key=lambda one: one.id)
    _check(rated, method)
    by_group: dict[str, list[Candidate]] = defaultdict(list)
    for one in rated:
        by_group[one.group].append(one)
    pooled = pooled_groups({name: _good(group) for name, group in by_group.items()}, method)
    if pooled and method.pool in by_group:
        raise ValueError(f"a group already has the name of the pool: {method.pool}")
    found = [
        _choose(name, (name,), group, cap_of(_good(group), quota, method.rounding), method)
        for name, group in by_group.items()
        if name not in pooled
    ]
    if pooled:
        found.extend(_pool(pooled, by_group, quota, method))
    where = {part: result.name for result in found for part in result.parts}
    return QuotaResult(
        tuple(sorted(found, key=lambda result: result.name)),
        {one.id: where[one.group] for one in rated},
    )


def _hundredth(number: int, rounding: QuotaRounding) -> int:
    if rounding is QuotaRounding.UP:
        return -(-number // 100)
    return (number + 50) // 100 if rounding is QuotaRounding.NEAREST else number // 100


def _check(rated: Sequence[Candidate], method: QuotaMethod) -> None:
    if len({one.id for one in rated}) != len(rated):
        raise ValueError("a candidate is named twice")
    if any(one.eligible and not one.good for one in rated):
        raise ValueError("who is eligible for the best grade is good or better")
    asked = len(method.criteria)
    if asked and any(len(one.tiebreaks) != asked for one in rated if _stands(one)):
        raise ValueError("tiebreaks are one for each criterion of the rule")


def _good(group: Iterable[Candidate]) -> int:
    return sum(one.good and not one.protected for one in group)


def _stands(one: Candidate) -> bool:
    return one.eligible and not one.protected and one.score is not None


def _pool(
    names: Sequence[str],
    by_group: Mapping[str, Sequence[Candidate]],
    quota: ExcellentQuota,
    method: QuotaMethod,
) -> list[GroupResult]:
    """Small groups under one cap: ranked together, or each with its share of the places."""
    together = [one for name in names for one in by_group[name]]
    cap = cap_of(_good(together), quota, method.rounding)
    if method.sharing is QuotaSharing.TOGETHER:
        return [_choose(method.pool, tuple(names), together, cap, method)]
    usable = {name: sum(_stands(one) for one in by_group[name]) for name in names}
    shared = webster(cap.places, {name: _good(by_group[name]) for name in names}, usable)
    return [_choose(name, (name,), by_group[name], cap, method, shared=shared) for name in names]


def _choose(
    name: str,
    parts: tuple[str, ...],
    group: Sequence[Candidate],
    cap: Cap,
    method: QuotaMethod,
    *,
    shared: Apportionment | None = None,
) -> GroupResult:
    places = cap.places if shared is None else shared.of(name)
    blocks = _blocks([one for one in group if _stands(one)], method)
    fits = _fitting(blocks, places)
    chosen = [one for block in blocks[:fits] for one in block]
    tied = len(blocks[fits]) if fits < len(blocks) and len(chosen) < places else 0
    held = [
        HeldBack(one.id, _why(tied and n == 0), one.score, _apart(chosen[-1:], one, method))
        for n, block in enumerate(blocks[fits:])
        for one in block
    ]
    held.extend(
        HeldBack(one.id, HeldBackReason.NO_SCORE, None)
        for one in group
        if one.eligible and not one.protected and one.score is None
    )
    return GroupResult(
        name=name,
        parts=parts,
        cap=cap,
        places=places,
        chosen=tuple(sorted(one.id for one in chosen)),
        held_back=tuple(sorted(held, key=lambda one: one.id)),
        protected=tuple(sorted(one.id for one in group if one.protected)),
        cut=min((one.score for one in chosen if one.score is not None), default=None),
        tied=tied,
        criteria=method.criteria,
        shared=shared,
        level=_level(blocks, fits, is_tied=tied > 0),
    )


def _why(at_cut: object) -> HeldBackReason:
    return HeldBackReason.TIED_AT_CUT if at_cut else HeldBackReason.BEYOND_CAP


def _fitting(blocks: Sequence[Sequence[Candidate]], places: int) -> int:
    """How many of the blocks, from the best down, fit into the places."""
    taken = 0
    for number, block in enumerate(blocks):
        taken += len(block)
        if taken > places:
            return number
    return len(blocks)


def _apart(last: Sequence[Candidate], one: Candidate, method: QuotaMethod) -> str:
    """The first criterion in which one stands behind the last chosen of the same score."""
    if not last or last[0].score != one.score:
        return ""
    pairs = zip(method.criteria, last[0].tiebreaks, one.tiebreaks, strict=True)
    return next((name for name, best, mine in pairs if best != mine), "")


def _level(blocks: Sequence[Sequence[Candidate]], fits: int, *, is_tied: bool) -> tuple[str, ...]:
    """Who stands equal in score where the places end, in the order of ids."""
    if fits == len(blocks):
        return ()
    score = blocks[fits][0].score
    if not is_tied and (not fits or blocks[fits - 1][0].score != score):
        return ()
    return tuple(sorted(one.id for block in blocks for one in block if one.score == score))


def _blocks(standing: Sequence[Candidate], method: QuotaMethod) -> list[list[Candidate]]:
    """From the best down; those in one block are equal in everything the rule looks at."""
    by_score: dict[Fraction, list[Candidate]] = defaultdict(list)
    for one in standing:
        if one.score is not None:
            by_score[one.score].append(one)
    depth = len(method.criteria) if method.ties is QuotaTies.CRITERIA else 0
    return [
        block
        for score in sorted(by_score, reverse=True)
        for block in _split(by_score[score], 0, depth)
    ]


def _split(block: list[Candidate], at: int, depth: int) -> list[list[Candidate]]:
    """Equals told apart by the criteria from `at` on; one not known leaves them equal."""
    if len(block) == 1 or at == depth:
        return [block]
    parts: dict[Fraction | int, list[Candidate]] = defaultdict(list)
    for one in block:
        value = one.tiebreaks[at]
        if value is None:
            return [block]
        parts[value].append(one)
    return [
        piece
        for value in sorted(parts, reverse=True)
        for piece in _split(parts[value], at + 1, depth)
    ]
