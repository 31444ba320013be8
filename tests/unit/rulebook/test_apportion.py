"""Places shared over groups by Webster's method."""

import pytest

from tests.unit.rulebook.quota_reference import hamilton
from vungmanh.rulebook.grading.apportion import webster


def test_next_place_goes_to_the_largest_quotient():
    # 53 / 1, 53 / 3, 24 / 1, 53 / 5, 23 / 1 ... by hand
    found = webster(7, {"a": 53, "b": 24, "c": 23})
    assert dict(found.places) == {"a": 3, "b": 2, "c": 2}
    assert (found.tied, found.left) == ((), 0)


def test_equal_claims_get_equal_places_or_it_is_said_that_they_cannot():
    assert webster(6, {"a": 5, "b": 5, "c": 5}).places == (("a", 2), ("b", 2), ("c", 2))
    found = webster(7, {"a": 5, "b": 5, "c": 5})
    assert (found.places, found.tied, found.left) == (
        (("a", 2), ("b", 2), ("c", 2)),
        ("a", "b", "c"),
        1,
    )


def test_of_equal_quotients_the_larger_claim_goes_first():
    # After two places of a: a 15 / 5 = 3, b 3 / 1 = 3
    assert dict(webster(3, {"a": 15, "b": 3}).places) == {"a": 3, "b": 0}


def test_nobody_gets_more_than_it_can_use_and_the_rest_is_left():
    found = webster(4, {"a": 10, "b": 3, "c": 0}, {"a": 1, "b": 1, "c": 5})
    assert (dict(found.places), found.tied, found.left) == ({"a": 1, "b": 1, "c": 0}, (), 2)


def test_hamilton_takes_a_place_away_when_there_is_one_more_and_webster_does_not():
    claims = {"a": 6, "b": 6, "c": 2}
    assert (hamilton(10, claims)["c"], hamilton(11, claims)["c"]) == (2, 1)
    assert webster(10, claims).of("c") <= webster(11, claims).of("c")


def test_negative_numbers_are_refused():
    with pytest.raises(ValueError, match="counts"):
        webster(-1, {"a": 1})
    with pytest.raises(ValueError, match="counts"):
        webster(1, {"a": -1})
