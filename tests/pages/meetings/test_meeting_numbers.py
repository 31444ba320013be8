"""Attendance, quorum and votes of a month under the rules of 2025, by counts and by names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import travel

from tests.cast import CELLS, QUAN_MAU, Cast, make_cast
from tests.pages.meetings.conftest import address, sign_in, words
from tests.pages.meetings.test_meeting_page import HELD, act, was_of, write
from vungmanh.access.models import User
from vungmanh.access.viewer import viewer_for
from vungmanh.core.vocabulary import MembershipStatus, Role
from vungmanh.meetings.actions.roll import add_member, switch_names_on
from vungmanh.meetings.actions.tasks import give_task
from vungmanh.meetings.models import Meeting, MeetingReport
from vungmanh.meetings.roll import roll_of
from vungmanh.meetings.wishes import TaskWish
from vungmanh.org.models import Membership, MembershipCount

CELL = CELLS[QUAN_MAU][0]
NOON = dt.datetime(2025, 12, 20, 5, tzinfo=dt.UTC)
SAID = HELD | {"held_on": "2025-12-05"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with travel(NOON, tick=False):
        yield


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2025, 7, 1), last=dt.date(2025, 12, 1))


@pytest.fixture
def where(cast: Cast) -> str:
    return address(cast, month="2025-12")


def test_attendance_quorum_and_vote_are_told_with_their_rule(where: str, secretary: Client) -> None:
    page = words(secretary.post(where + "tinh/", SAID))
    assert "Có mặt 8/9 : 88,9 %" in page
    assert "Người biểu quyết có mặt 8/9 : đủ số để quyết định" in page
    assert "Tán thành 8/9 : 88,9" in page
    assert "được thông qua" in page
    assert "294-QĐ/TW" in page
    few = SAID | {"present": "4", "present_official": "4", "vote_for": "4", "excused": "5"}
    page = words(secretary.post(where + "tinh/", few))
    assert "chưa đủ 5 người, không quyết định được" in page
    assert "chưa đủ 5 phiếu để thông qua" in page


def test_more_present_than_members_is_refused_at_its_field(where: str, secretary: Client) -> None:
    answer = write(secretary, where, SAID | {"present": "40", "present_official": "9"})
    assert answer.status_code == 422
    assert "chi bộ chỉ có 9 đảng viên phải sinh hoạt" in words(answer)
    assert not Meeting.objects.exists()


@pytest.fixture
def named(cast: Cast, secretary: Client) -> list[str]:
    """Nine on the roll, one of them exempt, one on probation; their ids in order."""
    office = viewer_for(cast.user("vp", Role.COMMITTEE_OFFICE, QUAN_MAU), on=NOON.date())
    first = dt.date(2025, 8, 1)
    told = {"by": office, "at": NOON}
    switch_names_on(unit_id=cast[QUAN_MAU], from_day=first, document="QĐ 3", **told)
    for status in (MembershipStatus.EXEMPT, MembershipStatus.PROBATIONARY):
        MembershipCount.objects.create(
            unit_id=cast[CELL], status=status, count=1, valid=DateRange(first, None)
        )
    statuses = [MembershipStatus.OFFICIAL] * 7
    statuses += [MembershipStatus.EXEMPT, MembershipStatus.PROBATIONARY]
    for letter, status in zip("ABCDEGHIK", statuses, strict=True):
        add_member(unit_id=cast[CELL], name=f"Nông Thử {letter}", status=status,
                   from_day=first, **told)  # fmt: skip
    return [str(one.id) for one in roll_of(cast[CELL], NOON.date())]


def test_a_roll_by_name_adds_itself_up(where: str, secretary: Client, named: list[str]) -> None:
    page = secretary.get(where).content.decode()
    assert "Nông Thử A" in page
    assert "checked" not in page.split('class="rec-roll"')[1].split("</ul>")[0]
    assert 'name="present"' not in page
    marks = {f"roll-{who}": "present" for who in named[:5] + named[7:]}
    marks |= {f"roll-{named[5]}": "excused", f"roll-reason-{named[5]}": "đi viện",
              f"roll-{named[6]}": "away"}  # fmt: skip
    said = {"outcome": "held", "held_on": "2025-12-05", "vote_for": "6", **marks}
    page = words(secretary.post(where + "tinh/", said))
    # Six official members are left, one of them absent; the exempt one came: a base of seven.
    assert "Người biểu quyết có mặt 6/7 : đủ số để quyết định" in page
    assert "Tán thành 6/7" in page
    answer = write(secretary, where, said, "file")
    assert answer.status_code == 200
    facts = Meeting.objects.get().facts
    assert (facts["present"], facts["present_official"], facts["exempt_present"]) == (7, 6, 1)
    assert facts["roll"][named[5]] == {"reason": "đi viện", "status": "excused"}
    assert "Nông" not in str(facts)
    assert MeetingReport.objects.get().present == 7
    assert "Người biểu quyết có mặt 6/7" in words(answer)  # frozen as the roll showed it
    member = Membership.objects.get(person=named[0])
    member.status = MembershipStatus.EXEMPT
    member.save()
    assert "Người biểu quyết có mặt 6/7" in words(secretary.get(where))


def test_marks_survive_an_error_elsewhere(where: str, secretary: Client, named: list[str]) -> None:
    said = {"outcome": "held", "starts": "99:99", f"roll-{named[0]}": "unexcused"}
    answer = write(secretary, where, said)
    assert answer.status_code == 422
    part = answer.content.decode().split(f'name="roll-{named[0]}" value="unexcused"')[1]
    assert part.startswith(" checked")


def test_the_page_costs_as_many_queries_with_a_long_history_as_with_a_short_one(
    cast: Cast, where: str, secretary: Client
) -> None:
    office = sign_in(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            secretary.get(where)
        return len(queries)

    write(secretary, where, SAID, "file")
    act(office, where, "return", reason="thiếu chữ ký")
    cost()  # whatever is loaded once
    short = cost()
    for n in range(3):
        write(secretary, where, SAID | {"place": f"Nơi {n}"}, "file")
        act(office, where, "return", reason="thiếu chữ ký")
    assert cost() == short
    assert was_of(secretary.get(where)) != "{}"


def test_the_agenda_opens_with_what_is_left_and_the_theme_of_the_quarter(
    cast: Cast, secretary: Client
) -> None:
    first, thematic = (address(cast, month=m, kind=k)
                       for m, k in (("2026-01", "regular"), ("2026-03", "thematic")))  # fmt: skip
    page = words(secretary.get(first))
    assert "Chuyên đề của quý chưa ghi tên chuyên đề họp chậm nhất tháng 3/2026" in page
    plan = {"planned_on": "2026-03-10", "theme": "Học tập về tiết kiệm"}
    assert write(secretary, thematic, plan, "plan").status_code == 200
    give_task(
        unit_id=cast[CELL], wish=TaskWish("Sửa đường", "Vi Thử Một", NOON.date(), "500 m"),
        by=viewer_for(User.objects.get(username="mot.cell_secretary"), on=NOON.date()), at=NOON,
    )  # fmt: skip
    page = words(secretary.get(first))
    assert "1 việc còn lại Sửa đường Vi Thử Một" in page
    assert "Học tập về tiết kiệm" in page
    wrong = write(secretary, address(cast, month="2026-02", kind="thematic"), plan, "plan")
    assert "không phải kỳ sinh hoạt chuyên đề" in words(wrong)
