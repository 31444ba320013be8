"""What an estimate says must be kept in mind before it is believed."""

from __future__ import annotations

import pytest

from vungmanh.strengthening.figures.estimates import doubts_of
from vungmanh.strengthening.models import Assessment


@pytest.mark.parametrize(("due", "is_told"), [(6, True), (24, False)])
def test_months_of_what_went_into_a_unit_are_told_apart_from_its_own(
    due: int, *, is_told: bool
) -> None:
    """Beside "6 in 6 due" a bare "23 reports of 24 due" reads as if months were counted twice."""
    figures = {
        "parts": [], "due": 24.0, "received": 23.0, "set_aside": 0.0, "december": False,
    }  # fmt: skip
    told = doubts_of(Assessment(due=due, statistics=figures))
    heirs = [one for one in told if "đã nhập vào" in one]
    assert [("24 kỳ" in one, f"{due} kỳ" in one) for one in heirs] == [(True, True)] * is_told
    assert any("23 trong 24" in one for one in told)
