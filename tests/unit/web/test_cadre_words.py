"""What pages of posts say of a unit's figures, where these are old or missing."""

from __future__ import annotations

import datetime as dt

import pytest

from vungmanh.analysis.rebound import Rebound
from vungmanh.strengthening.comparison import Comparison
from vungmanh.strengthening.rotations import UnitState
from vungmanh.web.cadre.present import course_rows, unit_state


@pytest.mark.parametrize(("month", "is_old"), [(4, False), (3, True)])
def test_a_state_read_from_an_older_month_says_so(month: int, is_old: bool) -> None:
    one = UnitState(dt.date(2022, 5, 27), dt.date(2022, month, 1), None, 8, 12, 1)
    assert unit_state(one)["is_old"] is is_old


def test_why_the_year_after_is_not_known_is_told() -> None:
    expected = Rebound(*[70.0] * len(Rebound.__dataclass_fields__))
    whole = Comparison(12, 90.9, 82.1, 80.0, 82.1, 30, expected)
    silent = Comparison(12, 90.9, None, 80.0, 82.1, 30, expected)
    assert "Vì sao chưa rõ" not in dict(course_rows(whole))
    assert "chưa đến 70 % số kỳ" in dict(course_rows(silent))["Vì sao chưa rõ"].replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert course_rows(None) == []
