"""Shares of the best grade with exact intervals, and excellent again."""

from math import comb, isnan

import pytest

from vungmanh.analysis.fairness import excellent_again, excellent_shares, size_class


def at_least(k, n, share):
    return sum(comb(n, j) * share**j * (1 - share) ** (n - j) for j in range(k, n + 1))


def test_share_stands_with_the_interval_whose_tails_are_the_binomials():
    rated = [("village", n < 7) for n in range(37)] + [("school", n < 1) for n in range(4)]
    school, village = excellent_shares(rated)
    assert (school.label, school.k, school.n) == ("school", 1, 4)
    assert (village.label, village.k, village.n, village.share) == ("village", 7, 37, 7 / 37)
    for row in (school, village):
        assert at_least(row.k, row.n, row.low) == pytest.approx(0.025)
        assert 1 - at_least(row.k + 1, row.n, row.high) == pytest.approx(0.025)
    assert school.high - school.low > village.high - village.low


def test_nobody_and_everybody_excellent_have_one_sided_intervals():
    none, every = excellent_shares([("a", False)] * 5 + [("b", True)] * 5)
    assert (none.low, every.high) == (0, 1)
    assert none.high == pytest.approx(1 - 0.025 ** (1 / 5))
    assert every.low == pytest.approx(0.025 ** (1 / 5))


def test_nothing_rated_gives_no_rows():
    assert excellent_shares([]) == ()
    assert excellent_again([]) == ()


def test_excellent_again_stands_beside_excellent_newly():
    pairs = [("a", True, n < 18) for n in range(20)] + [("a", False, n < 2) for n in range(80)]
    (row,) = excellent_again(pairs)
    assert (row.again.k, row.again.n, row.newly.k, row.newly.n) == (18, 20, 2, 80)
    assert row.tells


def test_luck_alone_is_not_told_as_keeping_the_grade():
    pairs = [("a", True, n < 1) for n in range(4)] + [("a", False, n < 3) for n in range(16)]
    (row,) = excellent_again(pairs)
    assert not row.tells


def test_nobody_excellent_before_tells_nothing_of_again():
    (row,) = excellent_again([("a", False, True)])
    assert (row.again.k, row.again.n) == (0, 0)
    assert isnan(row.again.share)
    assert not row.tells


@pytest.mark.parametrize(
    ("members", "said"),
    [(0, "dưới 10"), (9, "dưới 10"), (10, "10 đến 29"), (29, "10 đến 29"), (30, "từ 30")],
)
def test_size_is_told_in_classes(members, said):
    assert size_class(members) == said
    assert size_class(None) == "không rõ"
