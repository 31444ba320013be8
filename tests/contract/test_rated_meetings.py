"""Meetings that two sides scored blind, read back: one's own, and the sum that names nobody."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.cast import LANG_THU, PROVINCE, QUAN_MAU, Cast, make_cast
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.actions.meeting import write_meeting
from vungmanh.meetings.actions.scoring import give_score
from vungmanh.meetings.rated import agreement_of, mine_of, rated_meetings, summed

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 8, 3, 1, tzinfo=dt.UTC)
ON, FIRST, LAST = NOW.date(), dt.date(2025, 9, 1), dt.date(2026, 8, 1)
SHEET = "MAU-bang-diem-thuong-ky"
FULL = {"3.1": 5, "3.2": 2, "3.3": 3, "4.1": 5, "4.2": 15, "4.4": 10, "5.1": 5, "6.1": 30,
        "7.1": 3, "7.2": 2}  # fmt: skip


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2025, 1, 1), last=dt.date(2026, 10, 1))


def acting(user: Any) -> Viewer:
    return viewer_for(user, on=ON)


def score(cast: Cast, cell: str, months: list[int], lost: int = 4) -> tuple[Viewer, Viewer]:
    """Meetings of one cell scored by both sides; the superior takes `lost` points off the content
    and one more each month."""
    own = acting(cast.user(f"bithu {cell}", Role.CELL_SECRETARY, cell))
    superior = acting(cast.user(f"phutrach {cell}", Role.OVERSEER, cell))
    for number, month in enumerate(months):
        day = dt.date(2026, month, 5)
        meeting = write_meeting(
            unit_id=cast[cell], kind="regular", month=day.replace(day=1), by=own, at=NOW, was={},
            set={"outcome": "held", "held_on": day.isoformat(), "starts": "19:00",
                 "ends": "21:00", "present": 9, "excused": 0, "unexcused": 0, "speakers": 6},
        )  # fmt: skip
        for by, scorer, scores in (
            (own, "self", FULL), (superior, "superior", FULL | {"4.2": 15 - lost - number})
        ):  # fmt: skip
            give_score(meeting_id=meeting.pk, scorer=scorer, sheet=SHEET, scores=scores, by=by,
                       at=NOW)  # fmt: skip
    return own, superior


CELLS = ("Chi bộ thôn Nà Mẫu", "Chi bộ thôn Đồi Mẫu", "Chi bộ thôn Ăn Mẫu")


def test_a_rater_reads_how_far_they_stood_from_the_cell(cast: Cast) -> None:
    _own, superior = score(cast, CELLS[0], [1, 2, 4, 5, 7])
    score(cast, CELLS[1], [1])
    mine = mine_of(superior, rated_meetings(superior, ON, FIRST, LAST))
    found = agreement_of(mine, LAST)
    assert found.pairs == 5
    assert found.difference is not None
    assert found.difference.estimate == 6
    assert summed(superior, mine, ON, FIRST, LAST) is None, "the sum is for the committee"


def test_the_sum_waits_for_three_raters_and_names_the_criteria_not_the_persons(cast: Cast) -> None:
    office = acting(cast.user("vanphong", Role.COMMITTEE_OFFICE, QUAN_MAU))
    for cell in CELLS[:2]:
        score(cast, cell, [1, 2, 4, 5])
    rated = rated_meetings(office, ON, FIRST, LAST)
    early = summed(office, rated, ON, FIRST, LAST)
    assert early is not None
    assert (early.raters, early.pairs, early.agreement) == (2, 8, None)
    score(cast, CELLS[2], [1, 2, 4, 5])
    found = summed(office, rated_meetings(office, ON, FIRST, LAST), ON, FIRST, LAST)
    assert found is not None
    assert found.agreement is not None
    assert (found.raters, found.agreement.pairs) == (3, 12)
    [gap] = found.gaps
    assert (gap.code, gap.meetings, gap.mean, gap.apart, gap.most) == ("4.2", 12, 5.5, 5.5, 15)
    assert "bithu" not in repr(found)


def test_other_communes_other_months_and_shut_scores_do_not_count(cast: Cast) -> None:
    score(cast, CELLS[0], [1, 2, 4])
    neighbour = acting(cast.user("lang", Role.COMMITTEE_OFFICE, LANG_THU))
    analyst = acting(cast.user("tinh", Role.PROVINCIAL_ANALYST, PROVINCE))
    assert rated_meetings(neighbour, ON, FIRST, LAST) == []
    assert len(rated_meetings(analyst, ON, dt.date(2026, 2, 1), LAST)) == 2
    give_score(
        meeting_id=write_meeting(
            unit_id=cast[CELLS[1]], kind="regular", month=dt.date(2026, 6, 1), set={}, was={},
            by=acting(cast.user("mot", Role.CELL_SECRETARY, CELLS[1])), at=NOW,
        ).pk,
        scorer="superior", sheet=SHEET, scores=FULL, at=NOW,
        by=acting(cast.user("hai", Role.OVERSEER, CELLS[1])),
    )  # fmt: skip
    assert len(rated_meetings(analyst, ON, FIRST, LAST)) == 3
