"""Chấm điểm as a secretary and an overseer work with it, neither seeing the other's points."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import travel

from tests.cast import LANG_THU, PROVINCE, QUAN_MAU, Cast, make_cast
from vungmanh.access.models import User
from vungmanh.access.viewer import viewer_for
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.actions.meeting import write_meeting
from vungmanh.meetings.actions.scoring import give_score
from vungmanh.meetings.meeting_id import meeting_id
from vungmanh.meetings.models import Meeting, SheetScore

pytestmark = pytest.mark.django_db
CELL = "Chi bộ thôn Nà Mẫu"
NOW = dt.datetime(2026, 8, 3, 1, tzinfo=dt.UTC)
SHEET = "MAU-bang-diem-thuong-ky"
HELD: dict[str, Any] = {
    "outcome": "held", "starts": "19:30", "ends": "21:05", "present": 8, "excused": 1,
    "unexcused": 0, "speakers": 5,
}  # fmt: skip
OWN = {"3.1": "5", "3.2": "2", "3.3": "3", "4.1": "4,25", "4.2": "13", "4.4": "9", "5.1": "5",
       "6.1": "22", "7.1": "3", "7.2": "2"}  # fmt: skip
SUPERIOR = OWN | {"4.2": "7", "6.1": "14"}
AGREEMENT = "/sinh-hoat/cham-diem/doi-chieu/"


@pytest.fixture(autouse=True)
def noon():
    with travel(NOW, tick=False):
        yield


@pytest.fixture
def cast() -> Cast:
    cast = make_cast(first=dt.date(2025, 1, 1), last=dt.date(2026, 8, 1))
    for cell in cast.cells:  # pages open on the last month that has reported
        cast.hold(cell, 2026, held=7, not_held=0)
    return cast


def user(cast: Cast, role: Role, unit: str) -> User:
    known = User.objects.filter(username=f"mot.{role}").first()
    return known or cast.user(f"mot.{role}", role, unit)


def sign_in(cast: Cast, role: Role, unit: str = CELL) -> Client:
    client = Client()
    client.force_login(user(cast, role, unit))
    return client


def recorded(cast: Cast, month: int = 7) -> UUID:
    by = viewer_for(user(cast, Role.CELL_SECRETARY, CELL), on=NOW.date())
    day = dt.date(2026, month, 5)
    return write_meeting(
        unit_id=cast[CELL], kind="regular", month=day.replace(day=1), was={}, by=by, at=NOW,
        set=HELD | {"held_on": day.isoformat()},
    ).pk  # fmt: skip


def address(key: UUID) -> str:
    return f"/sinh-hoat/{key}/cham-diem/"


def posted(said: dict[str, str], **more: str) -> dict[str, str]:
    return {"sheet": SHEET, "was": "{}", **{f"d-{k}": v for k, v in said.items()}} | more


def words(response: HttpResponse) -> str:
    text = html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return re.sub(r"\s+", " ", text)


def both(cast: Cast, month: int = 7) -> UUID:
    key = recorded(cast, month)
    for role, said in ((Role.CELL_SECRETARY, OWN), (Role.OVERSEER, SUPERIOR)):
        answer = sign_in(cast, role).post(address(key), posted(said))
        assert answer.status_code == 302, words(answer)
    return key


# --- the form ----------------------------------------------------------------------------------


def test_a_secretary_scores_and_nothing_is_filled_in_beforehand(cast: Cast) -> None:
    client, key = sign_in(cast, Role.CELL_SECRETARY), recorded(cast)
    response = client.get(address(key))
    page = response.content.decode()
    assert "Chưa đủ để tính tổng" in page
    assert "Họp 95 phút; bảng đòi 90 phút" in page
    assert not re.findall(r'<input type="radio"[^>]*value="[^"]+"[^>]*checked', page)
    assert re.findall(r'name="d-4.2"[^>]*value=""', page), "no number stands in an empty field"
    assert 'name="d-1.1"' not in page, "what the record decides is not typed"
    answer = client.post(address(key), posted(OWN))
    assert answer.status_code == 302
    page = words(client.get(answer["Location"]))
    assert "88,25 / 100 điểm Khá" in page
    assert "đồng chí đã chấm xong; bên kia chưa chấm nên chưa mở" in page


def test_the_running_total_says_what_is_blank_and_writes_nothing(cast: Cast) -> None:
    client, key = sign_in(cast, Role.OVERSEER), recorded(cast)
    most = {code: said for code, said in SUPERIOR.items() if code not in {"4.2", "5.1"}}
    answer = client.post(address(key), posted(most | {"4.2": "x"}, act="tally"))
    page = words(answer)
    assert "Các dòng đã có điểm cộng lại" in page
    assert "Còn 2 dòng chưa chấm; để trống không phải là 0 điểm." in page
    assert "<html" not in answer.content.decode()
    assert not SheetScore.objects.exists()


def test_a_wrong_number_is_told_at_its_line_and_the_sheet_is_kept(cast: Cast) -> None:
    client, key = sign_in(cast, Role.CELL_SECRETARY), recorded(cast)
    answer = client.post(address(key), posted(OWN | {"4.2": "16"}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Dòng 4.2: ghi từ 0 đến 15 điểm, không phải 16." in page
    assert re.search(r'name="d-4.2"[^>]*value="16"', page)
    assert re.search(r'name="d-6.1" value="22" checked', page)
    assert not SheetScore.objects.exists()


def test_a_sheet_of_another_time_is_refused_and_the_points_stay(cast: Cast) -> None:
    client, key = sign_in(cast, Role.CELL_SECRETARY), recorded(cast)
    answer = client.post(address(key), posted(OWN, sheet="KH08-2025-an-phu"))
    assert answer.status_code == 422
    assert "không áp dụng cho chi bộ này" in words(answer)
    assert re.search(r'name="d-4.2"[^>]*value="13"', answer.content.decode())


def test_two_windows_of_one_side_show_both_values_and_let_a_person_choose(cast: Cast) -> None:
    client, key = sign_in(cast, Role.CELL_SECRETARY), recorded(cast)
    client.post(address(key), posted({"4.2": "10"}))
    answer = client.post(address(key), posted({"4.2": "12"}))
    assert answer.status_code == 422
    assert "Nơi khác đã ghi 10." in words(answer)
    was = html.unescape(re.findall(r'name="was" value="([^"]*)"', answer.content.decode())[0])
    assert client.post(address(key), posted({"4.2": "12"}, was=was)).status_code == 302
    assert SheetScore.objects.latest("id").scores["4.2"] == "12"


def test_an_overseer_may_score_before_the_record_has_come(cast: Cast) -> None:
    key = meeting_id(cast[CELL], "regular", dt.date(2026, 7, 1))
    client = sign_in(cast, Role.OVERSEER)
    assert client.get(address(key)).status_code == 200
    assert not Meeting.objects.exists(), "looking makes no record"
    assert client.post(address(key), posted({"5.1": "4"})).status_code == 302
    assert Meeting.objects.get().state == "preparing"


def test_an_office_types_in_the_cells_own_paper_or_scores_as_superior(cast: Cast) -> None:
    client, key = sign_in(cast, Role.COMMITTEE_OFFICE, QUAN_MAU), recorded(cast)
    page = words(client.get(address(key)))
    assert "Nhập phiếu giấy của chi bộ" in page
    client.post(f"{address(key)}?ben=self", posted(OWN))
    row = SheetScore.objects.get()
    assert (row.scorer, row.via) == ("self", "paper")


def test_a_month_without_a_sheet_says_so(cast: Cast) -> None:
    early = Meeting.objects.create(
        pk=meeting_id(cast[CELL], "regular", dt.date(2025, 3, 1)), unit_id=cast[CELL], form=1,
        kind="regular", month=dt.date(2025, 3, 1), state="recording", changed_at=NOW,
    )  # fmt: skip
    page = words(sign_in(cast, Role.CELL_SECRETARY).get(address(early.pk)))
    assert "Ngày 01/03/2025 chưa có bảng điểm" in page


# --- blind, from outside -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        (Role.OVERSEER, CELL),
        (Role.COMMITTEE_OFFICE, QUAN_MAU),
        (Role.PROVINCIAL_ANALYST, PROVINCE),
    ],
)
def test_no_page_tells_the_points_of_the_cell_before_both_are_in(
    cast: Cast, role: Role, unit: str
) -> None:
    key = recorded(cast)
    sign_in(cast, Role.CELL_SECRETARY).post(address(key), posted(OWN))
    client = sign_in(cast, role, unit)
    for path in (address(key), AGREEMENT, f"/to-chuc/{cast[CELL]}/"):
        page = client.get(path).content.decode()
        assert not re.search(r"88[,.]25|4[,.]25", page), path
    assert "Chi bộ tự chấm: đã xong, chưa mở." in words(client.get(address(key)))


def test_points_typed_on_a_phone_reach_no_other_phone_paper_or_queue(cast: Cast) -> None:
    key = recorded(cast)
    item = {
        "id": str(uuid4()), "kind": "sheet.score", "subject": str(key), "after": None, "form": 1,
        "made_at": NOW.isoformat(),
        "body": {"scorer": "self", "sheet": SHEET, "scores": OWN, "was": None},
    }  # fmt: skip
    secretary = sign_in(cast, Role.CELL_SECRETARY)
    body = {"device": str(uuid4()), "key": "ab" * 32, "name": "", "items": [item]}
    answer = secretary.post("/dien-thoai/gui/", body, content_type="application/json").json()
    assert [one["answer"] for one in answer["items"]] == ["accepted"]
    assert SheetScore.objects.get().via == "phone"
    assert "4.25" in secretary.get("/dien-thoai/du-lieu/").content.decode(), (
        "one's own is one's own"
    )
    overseer = sign_in(cast, Role.OVERSEER)
    office = sign_in(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    for client, path in (
        (overseer, "/dien-thoai/du-lieu/"),
        (overseer, f"/sinh-hoat/{key}/bien-ban/"),
        (office, f"/sinh-hoat/{key}/bien-ban/"),
        (office, "/dien-thoai/hang-cho/?trang-thai=accepted"),
        (office, f"/sinh-hoat/{cast[CELL]}/regular/2026-07/"),
    ):
        response = client.get(path)
        draft = client is overseer and path.endswith("bien-ban/")  # not filed: not his to read
        assert response.status_code == (409 if draft else 200), path
        assert not re.search(r"88[,.]25|4[,.]25", response.content.decode()), path


def test_both_sheets_open_together_with_their_difference(cast: Cast) -> None:
    key = both(cast)
    for role, unit in (
        (Role.OVERSEER, CELL), (Role.CELL_SECRETARY, CELL), (Role.COMMITTEE_OFFICE, QUAN_MAU),
        (Role.PROVINCIAL_ANALYST, PROVINCE),
    ):  # fmt: skip
        page = words(sign_in(cast, role, unit).get(address(key)))
        assert "chi bộ tự chấm 88,25 điểm (Khá), cấp trên chấm 74,25 điểm (Khá)" in page
        assert "4.2. Đủ nội dung; có biểu dương, nhắc nhở, phê bình 13 7 +6" in page
        assert "Ghi điểm" not in page
    answer = sign_in(cast, Role.OVERSEER).post(address(key), posted(OWN))
    assert answer.status_code == 422
    assert "nên không sửa điểm nữa" in words(answer)


def test_a_neighbour_finds_no_such_meeting(cast: Cast) -> None:
    key = both(cast)
    stranger = Client()
    stranger.force_login(cast.user("lang", Role.COMMITTEE_OFFICE, LANG_THU))
    assert stranger.get(address(key)).status_code == 404
    assert stranger.post(address(key), posted(OWN)).status_code == 404


# --- how far raters agree ----------------------------------------------------------------------


def test_few_meetings_say_nothing_about_a_rater(cast: Cast) -> None:
    both(cast)
    page = words(sign_in(cast, Role.OVERSEER).get(AGREEMENT))
    assert "Chưa đủ để nói: đồng chí có 1 buổi" in page
    assert "88,3 74,3 +14" in page
    office = words(sign_in(cast, Role.COMMITTEE_OFFICE, QUAN_MAU).get(AGREEMENT))
    assert "cần ít nhất 3 người để không nói riêng về ai" in office
    assert "mot.overseer" not in office


def test_a_rater_reads_their_own_strictness_with_its_interval(cast: Cast) -> None:
    for month in (1, 2, 4, 5):
        both(cast, month)
    key = recorded(cast)
    for role, said in ((Role.CELL_SECRETARY, OWN), (Role.OVERSEER, SUPERIOR | {"4.2": "5"})):
        by = viewer_for(user(cast, role, CELL), on=NOW.date())
        side = "self" if role is Role.CELL_SECRETARY else "superior"
        give_score(meeting_id=key, scorer=side, sheet=SHEET, scores=said, by=by, at=NOW)
    page = words(sign_in(cast, Role.OVERSEER).get(AGREEMENT))
    assert "Trong 5 buổi, đồng chí chấm thấp hơn bên kia trung bình 14,4 điểm." in page
    assert "từ +13,5 đến +15,3 (khoảng tin cậy 90" in page
    assert "Phần này chỉ mình đồng chí thấy." in page
    page = words(sign_in(cast, Role.CELL_SECRETARY).get(AGREEMENT))
    assert "đồng chí chấm cao hơn bên kia trung bình 14,4 điểm" in page


def test_pages_ask_as_much_for_five_meetings_as_for_one(cast: Cast) -> None:
    client = sign_in(cast, Role.OVERSEER)
    asked = []
    for months in ((1,), (2, 4, 5, 7)):
        keys = [both(cast, month) for month in months]
        client.get(AGREEMENT)
        with CaptureQueriesContext(connection) as queries:
            client.get(AGREEMENT)
        asked.append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            client.get(address(keys[-1]))
        assert len(queries) <= 40
    assert asked[0] == asked[1]
