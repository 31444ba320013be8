"""Two months without a network, the answer in the wrong order: afterwards every page says the same,
and nobody typed anything twice."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.phone_hand import CELL, Hand, cell_of_fifteen, months_ago, secretary
from tests.cast import QUAN_MAU, Cast
from vungmanh.access.viewer import viewer_for
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.actions.tasks import give_task
from vungmanh.meetings.models import MeetingReport, MeetingVersion, Task
from vungmanh.meetings.queries import marks_by_year
from vungmanh.meetings.wishes import TaskWish
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.actions.following import assess_moved
from vungmanh.strengthening.models import Assessment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Cast:
    cast = cell_of_fifteen()
    assess_months(months=[months_ago(1)], by=None, at=timezone.now())
    return cast


def last_marks(cast: Cast) -> str:
    return str(Assessment.objects.get(unit_id=cast[CELL]).marks)[-2:]


def test_what_two_phones_recorded_is_told_alike_everywhere(
    cast: Cast, phone: Page, open_page: Any, live_server: Any, sign_in: Any
) -> None:
    earlier, later = months_ago(2), months_ago(1)
    writer, boss = secretary(cast), cast.user("phu-trach", Role.OVERSEER, CELL)
    task = give_task(
        unit_id=cast[CELL],
        wish=TaskWish("Sửa mương đầu thôn", "Phó bí thư", earlier.replace(day=20), "ảnh chụp"),
        by=viewer_for(writer, on=timezone.localdate()),
        at=dt.datetime.combine(earlier, dt.time(2), tzinfo=dt.UTC),
    )
    other = open_page(width=360, height=740, has_touch=True, is_mobile=True)
    sign_in(phone, writer)
    sign_in(other, boss)
    hand, overseer = Hand(phone, live_server.url), Hand(other, live_server.url)
    for one in (hand, overseer):
        one.open()
        one.cut()
    assert last_marks(cast) == "--"
    hand.record(later)
    hand.record(earlier, speakers=6)
    overseer.score(later, points="3")
    overseer.join()  # points of a meeting of which nothing has come yet
    overseer.expect_unsent(0)
    hand.join()
    hand.expect_unsent(0)
    hand.rest()
    overseer.rest()

    # The ledger and the grid of twelve months.
    marks = marks_by_year(cast[CELL], until=later)
    assert [marks[month.year][month.month - 1] for month in (earlier, later)] == ["H", "H"]
    # The task due between the two meetings came onto the second agenda by itself.
    report = MeetingReport.objects.get(unit_id=cast[CELL], kind="regular", month=earlier)
    assert (report.tasks_due, report.tasks_on_time) == (1, 0)
    report = MeetingReport.objects.get(unit_id=cast[CELL], kind="regular", month=later)
    assert report.longest_carried == 1
    assert Task.objects.get(pk=task.pk).state == "open"
    # The signals.
    assess_moved(at=timezone.now())
    assert last_marks(cast) == "HH"

    # The office confirms; the minutes in Word say what was recorded.
    desk = open_page(width=1280, height=900)
    sign_in(desk, cast.user("van-phong", Role.COMMITTEE_OFFICE, QUAN_MAU))
    desk.goto(f"{live_server.url}/sinh-hoat/")
    desk.goto(f"{live_server.url}/sinh-hoat/{cast[CELL]}/regular/{later:%Y-%m}/")
    expect(desk.get_by_text("Sửa mương đầu thôn")).to_be_visible()
    expect(desk.get_by_text("chuyển tiếp 1 lần")).to_be_visible()
    desk.get_by_role("button", name="Xác nhận").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("đã xác nhận")
    version = MeetingVersion.objects.get(meeting__unit_id=cast[CELL], meeting__month=later)
    assert version.confirmed_by is not None
    told = words_of(desk.request.get(
        f"{live_server.url}/sinh-hoat/{version.meeting_id}/bien-ban.docx"
    ).body())  # fmt: skip
    for said in (CELL.removeprefix("Chi bộ "), date_vi(later.replace(day=5)), "Sửa mương đầu thôn",
                 "15"):  # fmt: skip
        assert said.casefold() in told.casefold()


def words_of(document: bytes) -> str:
    import docx

    opened = docx.Document(io.BytesIO(document))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in opened.paragraphs), *cells])
