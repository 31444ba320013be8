"""Laws of the quota: it agrees with the clerk, and nothing hidden decides."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.rulebook import quota_reference as clerk
from vungmanh.rulebook.grading.apportion import webster
from vungmanh.rulebook.grading.quota import Candidate, hold_quota
from vungmanh.rulebook.values.conditions import ExcellentQuota
from vungmanh.rulebook.values.quota import QuotaMethod, QuotaRounding, QuotaSharing, QuotaTies
from vungmanh.rulebook.values.words import QuotaBase

FEW = settings(max_examples=80)
GROUPS = ("agency", "school", "village")


@st.composite
def candidates(draw):
    """Scores from a narrow range, so that ties are common."""
    rated = []
    for n in range(draw(st.integers(0, 24))):
        good = draw(st.sampled_from([True, True, True, False]))
        score = draw(st.none() | st.integers(0, 6).map(lambda one: Fraction(one, 3)))
        rated.append(
            Candidate(
                id=f"{n:02}",
                group=draw(st.sampled_from(GROUPS)),
                score=score,
                eligible=good and draw(st.booleans()),
                good=good,
                tiebreaks=(draw(st.integers(0, 2)), draw(st.integers(0, 1))),
                protected=draw(st.sampled_from([False, False, False, True])),
            )
        )
    return rated


quotas = st.builds(
    ExcellentQuota,
    percent=st.sampled_from([1, 20, 29, 50, 100]),
    base=st.sampled_from(list(QuotaBase)),
    groups=st.just("nhóm tương đồng"),
)


@st.composite
def methods(draw):
    by_criteria = draw(st.booleans())
    least = draw(st.sampled_from([0, 3, 5]))
    return QuotaMethod(
        rounding=draw(st.sampled_from(list(QuotaRounding))),
        ties=QuotaTies.CRITERIA if by_criteria else QuotaTies.ALL_OR_NONE,
        criteria=("một", "hai") if by_criteria else (),
        minimum_group=least,
        pool="Gộp" if least else "",
        sharing=draw(st.sampled_from(list(QuotaSharing))),
    )


@FEW
@given(candidates(), quotas, methods())
def test_chosen_are_the_clerks_and_never_beyond_the_places(rated, quota, method):
    result = hold_quota(rated, quota, method)
    depth = len(method.criteria)
    for group in result.groups:
        mine = [one for one in rated if one.group in group.parts]
        assert set(group.chosen) == clerk.chosen(mine, group.places, depth)
        assert len(group.chosen) <= group.places <= group.cap.places
        good = sum(one.good and not one.protected for one in mine)
        if group.shared is None:
            expected = clerk.places(good, quota.percent, quota.base, method.rounding)
            assert (group.cap.good, group.places) == (good, expected)
            assert group.tied == 0 or group.unused < group.tied


@FEW
@given(candidates(), quotas, methods())
def test_everybody_eligible_is_chosen_held_back_or_protected_and_counted_once(rated, quota, method):
    result = hold_quota(rated, quota, method)
    held = [one.id for group in result.groups for one in group.held_back]
    assert len(held) == len(set(held))
    assert not result.chosen & set(held)
    protected = {one.id for one in rated if one.protected}
    assert result.chosen | set(held) == {one.id for one in rated if one.eligible} - protected
    shared = {group.shared.places: group for group in result.groups if group.shared}
    for group in shared.values():
        given_out = sum(places for _, places in group.shared.places)
        assert given_out + group.shared.left == group.cap.places


@FEW
@given(candidates(), quotas, methods(), st.randoms(use_true_random=False))
def test_order_and_ids_decide_nothing(rated, quota, method, random):
    result = hold_quota(rated, quota, method)
    shuffled = random.sample(rated, len(rated))
    assert hold_quota(shuffled, quota, method) == result
    renamed = {one.id: f"{n:02}x" for n, one in enumerate(shuffled)}
    again = hold_quota([replace(one, id=renamed[one.id]) for one in rated], quota, method)
    assert again.chosen == {renamed[one] for one in result.chosen}
    by = {(renamed[one.id], one.by) for group in result.groups for one in group.held_back}
    assert by == {(one.id, one.by) for group in again.groups for one in group.held_back}


@FEW
@given(candidates(), quotas, methods(), st.sampled_from(GROUPS))
def test_one_more_who_is_not_good_or_is_protected_changes_nothing(rated, quota, method, group):
    before = hold_quota(rated, quota, method)
    poor = Candidate("zz", group, Fraction(9), False, False)
    guarded = Candidate("zy", group, Fraction(9), True, True, (9, 9), True)
    after = hold_quota([*rated, poor, guarded], quota, method)
    assert after.chosen == before.chosen
    for old in before.groups:
        new = next(one for one in after.groups if one.name == old.name)
        assert (new.cap, new.places, new.held_back) == (old.cap, old.places, old.held_back)
        assert (new.level, new.decided_by) == (old.level, old.decided_by)


@FEW
@given(candidates(), quotas, methods(), st.data())
def test_raising_ones_score_keeps_ones_place_and_costs_no_more_than_a_tie(
    rated, quota, method, data
):
    scored = [one for one in rated if one.score is not None]
    if not scored:
        assert hold_quota(rated, quota, method).chosen == frozenset()
        return
    one = data.draw(st.sampled_from(scored))
    more = replace(one, score=one.score + Fraction(data.draw(st.integers(1, 6)), 3))
    before = hold_quota(rated, quota, method)
    after = hold_quota([more if other is one else other for other in rated], quota, method)
    assert one.id not in before.chosen or one.id in after.chosen
    lost = len(before.of(one.id).chosen) - len(after.of(one.id).chosen)
    assert lost <= max(0, after.of(one.id).tied - 1)


claims = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 30), max_size=6)


@FEW
@given(claims, st.integers(0, 40))
def test_webster_gives_out_what_it_has_and_one_more_takes_from_nobody(wanted, places):
    found, more = webster(places, wanted), webster(places + 1, wanted)
    assert sum(dict(found.places).values()) + found.left == places
    assert all(more.of(name) >= found.of(name) for name in wanted)
    assert found.left == 0 or len(found.tied) > found.left or not any(wanted.values())
    for one in wanted:
        for other in wanted:
            if wanted[one] >= wanted[other]:
                assert found.of(one) >= found.of(other)


@FEW
@given(claims.filter(lambda one: any(one.values())), st.integers(0, 40))
def test_webster_rounds_by_a_common_divisor(wanted, places):
    """The definition: some divisor rounds every claim / divisor to its places (ends allowed)."""
    found = webster(places, wanted)
    if found.left:
        assert len({wanted[name] for name in found.tied}) == 1
        return
    low = max(
        (Fraction(2 * claim, 2 * found.of(name) + 1) for name, claim in wanted.items()), default=0
    )
    high = min(
        (
            Fraction(2 * claim, 2 * found.of(name) - 1)
            for name, claim in wanted.items()
            if found.of(name)
        ),
        default=low,
    )
    assert low <= high
