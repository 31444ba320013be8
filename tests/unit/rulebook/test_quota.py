"""Who gets the best grade under the cap."""

from datetime import date
from fractions import Fraction

import pytest

from tests.unit.rulebook.quota_reference import places
from vungmanh.core.vocabulary import Sector, UnitKind
from vungmanh.rulebook import shipped_rulebook
from vungmanh.rulebook.grading.groups import group_label, like_kind, pooled_groups
from vungmanh.rulebook.grading.quota import Candidate, HeldBackReason, cap_of, hold_quota
from vungmanh.rulebook.values.conditions import ExcellentQuota
from vungmanh.rulebook.values.quota import (
    QuotaGrouping,
    QuotaMethod,
    QuotaRounding,
    QuotaSharing,
    QuotaTies,
)
from vungmanh.rulebook.values.words import QuotaBase

DOWN = QuotaMethod()
BY_CRITERIA = QuotaMethod(ties=QuotaTies.CRITERIA, criteria=("kỳ họp", "việc đúng hạn"))
POOLED = QuotaMethod(minimum_group=5, pool="Gộp")


def quota(percent=20, base=QuotaBase.GOOD_OR_BETTER):
    return ExcellentQuota(percent, base, "nhóm tương đồng")


def eligible(name, score, *ties, group="village", **more):
    points = None if score is None else Fraction(score)
    return Candidate(name, group, points, True, True, ties, **more)


def good(count, group="village"):
    return [Candidate(f"{group}-{n}", group, Fraction(75), False, True) for n in range(count)]


def only(result):
    (group,) = result.groups
    return group


@pytest.mark.parametrize("percent", [1, 20, 29, 33, 80, 100])
@pytest.mark.parametrize("base", list(QuotaBase))
@pytest.mark.parametrize("rounding", list(QuotaRounding))
def test_cap_is_the_clerks_for_every_size_of_group(percent, base, rounding):
    for count in range(121):
        cap = cap_of(count, quota(percent, base), rounding)
        assert cap.places == places(count, percent, base, rounding)
        assert cap.base == (count - cap.places if base is QuotaBase.GOOD_ONLY else count)


def test_cap_does_not_fall_into_the_traps_of_floats():
    assert [cap_of(n, quota(), QuotaRounding.DOWN).places for n in range(5, 101, 5)] == list(
        range(1, 21)
    )
    assert int(5 * (1 - 0.8)) == 0  # what would have been
    assert cap_of(100, quota(29), QuotaRounding.DOWN).places == 29
    assert int(100 * 0.29) == 28


def test_only_rounding_down_never_passes_the_percentage():
    caps = {rounding: cap_of(38, quota(), rounding) for rounding in QuotaRounding}
    assert [cap.places for cap in caps.values()] == [7, 8, 8]
    assert [cap.passes_percent for cap in caps.values()] == [False, True, True]
    assert caps[QuotaRounding.DOWN].exact == Fraction(38, 5)


def test_of_good_only_the_base_is_what_choosing_leaves():
    cap = cap_of(37, quota(base=QuotaBase.GOOD_ONLY), QuotaRounding.DOWN)
    assert (cap.places, cap.base, cap.exact) == (6, 31, Fraction(31, 5))


def test_percentage_of_nothing_or_above_everything_is_refused():
    with pytest.raises(ValueError, match="từ 1 đến 100"):
        quota(0)
    with pytest.raises(ValueError, match="từ 1 đến 100"):
        quota(101)


def test_the_best_scores_are_chosen_and_the_next_is_beyond_the_cap():
    group = only(hold_quota([eligible("a", 98), eligible("b", 95), *good(5)], quota(), DOWN))
    assert (group.places, group.chosen, group.cut) == (1, ("a",), 98)
    assert group.held("b").reason is HeldBackReason.BEYOND_CAP
    assert group.held("a") is None


def test_tie_across_the_cap_gets_nothing_and_nobody_overtakes_it():
    rated = [eligible("a", 98), eligible("b", 95), eligible("c", 95), eligible("d", 94), *good(6)]
    group = only(hold_quota(rated, quota(), DOWN))
    assert (group.places, group.chosen, group.tied, group.unused) == (2, ("a",), 2, 1)
    assert [one.reason.value for one in group.held_back] == [
        "tied_at_cut",
        "tied_at_cut",
        "beyond_cap",
    ]


def test_tie_that_ends_at_the_cap_is_chosen_whole():
    rated = [eligible("a", 95), eligible("b", 95), eligible("c", 90), *good(7)]
    group = only(hold_quota(rated, quota(), DOWN))
    assert (group.chosen, group.tied) == (("a", "b"), 0)


def test_published_criteria_break_a_tie_in_their_order():
    rated = [eligible("a", 95, 11, 9), eligible("b", 95, 12, 1), eligible("c", 95, 12, 2), *good(3)]
    assert hold_quota(rated, quota(), BY_CRITERIA).chosen == {"c"}


def test_tie_left_after_the_criteria_is_all_or_none():
    rated = [eligible("a", 95, 12, 2), eligible("b", 95, 12, 2), eligible("c", 95, 1, 9), *good(3)]
    group = only(hold_quota(rated, quota(), BY_CRITERIA))
    assert (group.chosen, group.tied, group.unused) == ((), 2, 1)
    assert group.held("c").reason is HeldBackReason.BEYOND_CAP


def test_criterion_that_is_not_known_of_one_decides_for_none_of_the_equals():
    rated = [eligible("a", 95, 12, 2), eligible("b", 95, None, 3), *good(4)]
    assert only(hold_quota(rated, quota(), BY_CRITERIA)).tied == 2


def test_protected_ones_are_neither_base_nor_chosen():
    rated = [eligible("a", 90), eligible("army", 99, protected=True), *good(4)]
    group = only(hold_quota(rated, quota(), DOWN))
    assert (group.cap.good, group.chosen, group.protected) == (5, ("a",), ("army",))


def test_without_a_score_one_counts_for_the_base_and_is_said_to_lack_it():
    group = only(hold_quota([eligible("a", None), *good(4)], quota(), DOWN))
    assert (group.cap.good, group.chosen) == (5, ())
    assert group.held("a").reason is HeldBackReason.NO_SCORE


def test_group_where_nobody_is_good_has_an_empty_cap_and_no_crash():
    poor = Candidate("a", "school", Fraction(60), False, False)
    group = only(hold_quota([poor], quota(), POOLED))
    assert (group.cap.good, group.places, group.chosen, group.cut) == (0, 0, (), None)


def test_nobody_rated_gives_no_groups():
    assert hold_quota([], quota(), POOLED).groups == ()


def test_groups_of_unlike_kind_do_not_compete():
    rated = [*good(9), eligible("v", 91), *good(4, "school"), eligible("s", 90, group="school")]
    assert hold_quota(rated, quota(), POOLED).chosen == {"v", "s"}


def test_small_groups_are_pooled_and_ranked_together():
    rated = [
        *good(2),
        eligible("v", 91),
        *good(3, "school"),
        eligible("s", 95, group="school"),
        *good(5, "agency"),
    ]
    result = hold_quota(rated, quota(), POOLED)
    pool = result.of("v")
    assert (pool.name, pool.parts, pool.cap.good) == ("Gộp", ("school", "village"), 7)
    assert result.chosen == {"s"}
    assert result.of("agency-0").name == "agency"


def test_small_groups_that_share_places_are_not_compared_by_score():
    method = QuotaMethod(minimum_group=9, pool="Gộp", sharing=QuotaSharing.APPORTIONED)
    rated = [
        *good(5),
        eligible("v", 91),
        *good(2, "school"),
        eligible("s", 99, group="school"),
    ]
    result = hold_quota(rated, quota(), method)
    assert result.chosen == {"v"}
    assert (result.of("s").places, result.of("s").cap.places) == (0, 1)
    assert result.of("s").held("s").reason is HeldBackReason.BEYOND_CAP


def test_one_small_group_alone_is_not_pooled():
    assert pooled_groups({"village": 4, "school": 20, "agency": 0}, POOLED) == ()
    assert pooled_groups({"village": 4, "school": 1, "agency": 5}, POOLED) == ("school", "village")
    assert pooled_groups({"village": 4, "school": 1}, DOWN) == ()


def test_groups_are_of_like_kind_by_the_rule_and_told_in_words():
    assert like_kind(Sector.SCHOOL, UnitKind.CHI_BO, QuotaGrouping.SECTOR) == "school"
    code = like_kind(Sector.SCHOOL, UnitKind.CHI_BO, QuotaGrouping.SECTOR_AND_KIND)
    assert group_label(code) == "Trường học, Chi bộ"
    assert group_label("school") == "Trường học"
    assert group_label("Gộp/xa") == "Gộp/xa"


@pytest.mark.parametrize(
    ("rated", "method", "what"),
    [
        ([eligible("a", 1), eligible("a", 2)], DOWN, "named twice"),
        ([Candidate("a", "g", None, True, False)], DOWN, "good or better"),
        ([eligible("a", 1, 5)], BY_CRITERIA, "one for each criterion"),
        ([eligible("a", 1, group="Gộp"), *good(1), *good(1, "school")], POOLED, "name of the pool"),
    ],
)
def test_what_contradicts_itself_is_refused(rated, method, what):
    with pytest.raises(ValueError, match=what):
        hold_quota(rated, quota(), method)


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"ties": QuotaTies.CRITERIA}, "tiêu chí phụ"),
        ({"criteria": ("a",)}, "tiêu chí phụ"),
        ({"ties": QuotaTies.CRITERIA, "criteria": ("a", "a")}, "hai lần"),
        ({"ties": QuotaTies.CRITERIA, "criteria": (" ",)}, "để trống"),
        ({"minimum_group": -1}, "từ 0 trở lên"),
        ({"minimum_group": 5}, "đặt tên nhóm gộp"),
        ({"pool": "Gộp"}, "đặt tên nhóm gộp"),
    ],
)
def test_method_that_contradicts_itself_is_refused(fields, what):
    with pytest.raises(ValueError, match=what):
        QuotaMethod(**fields)


def test_shipped_rules_give_a_fifth_rounded_down_in_every_regime_since_2018():
    for day in (date(2018, 12, 1), date(2020, 12, 1), date(2024, 12, 1), date(2026, 12, 1)):
        view = shipped_rulebook().on(day)
        method = view.of(QuotaMethod)
        assert view.rule("grade_quota.method").caution == "mẫu, tỉnh chưa ban hành"
        assert cap_of(37, view.of(ExcellentQuota), method.rounding).places == 7
