"""The month of a cell from the first line of its plan to its seal, as the people of it meet it."""

from __future__ import annotations

import html
import json
import re

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.cast import LANG_THU, Cast
from tests.pages.meetings.conftest import CELL, NOON, address, words
from vungmanh.meetings.models import Meeting, MeetingReport

HELD = {
    "outcome": "held", "held_on": "2019-12-05", "starts": "19:00", "ends": "20:40",
    "place": "Nhà văn hóa thôn", "chair": "Vi Thử Một", "clerk": "Nông Thử Hai", "present": "8",
    "present_official": "8", "excused": "1", "excused_reasons": "đi viện", "unexcused": "0",
    "discussion": "Bàn việc sửa đường.", "conclusion": "Sửa xong trước Tết.", "vote_for": "8",
    "vote_against": "0",
}  # fmt: skip

pytestmark = pytest.mark.django_db


def was_of(response: HttpResponse) -> str:
    """What a page was opened with, as its form sends it back."""
    found = re.search(r'name="was" value="([^"]*)"', response.content.decode())
    return html.unescape(found[1]) if found else "{}"


def write(client: Client, where: str, said: dict, act: str = "write") -> HttpResponse:
    """Open the page, fill the form in, press a button."""
    was = was_of(client.get(where))
    known = {key: value for key, value in json.loads(was).items() if not isinstance(value, dict)}
    return client.post(where, {**known, **said, "was": was, "act": act}, follow=True)


def act(client: Client, where: str, name: str, **more: str) -> HttpResponse:
    return client.post(where, {"act": name, **more}, follow=True)


def test_a_month_goes_from_plan_to_seal(cast: Cast, secretary: Client, office: Client) -> None:
    where = address(cast)
    assert "chưa ghi gì, hạn nộp" in words(secretary.get(where))
    plan = {"planned_on": "2019-12-05", "planned_at": "19:00", "place": "Nhà văn hóa",
            "items": "Đánh giá năm\n\nBàn việc Tết", "papers": ""}  # fmt: skip
    page = words(write(secretary, where, plan, "plan"))
    assert "đang chuẩn bị, dự kiến họp 05/12/2019" in page
    assert "Đánh giá năm" in page
    assert "đã báo họp lúc 19:00 ngày 05/12/2019" in words(act(secretary, where, "announce"))
    page = words(write(secretary, where, HELD))
    assert "đang ghi, chưa nộp" in page
    assert "Đã lưu nháp" in page
    page = words(write(secretary, where, HELD, "file"))
    assert "họp 05/12/2019, 8 người có mặt; đã nộp, chờ xác nhận" in page
    assert MeetingReport.objects.get(unit_id=cast[CELL], month="2019-12-01").present == 8
    page = words(office.get(where))
    assert "Xác nhận" in page
    assert "100 phút" in page
    assert "đã xác nhận" in words(act(office, where, "confirm"))
    assert "đã khóa" in words(act(office, where, "seal"))
    page = words(secretary.get(where))
    assert "Lưu nháp" not in page
    assert "Sửa xong trước Tết." in page


def test_each_error_stands_at_its_field_and_nothing_typed_is_lost(
    cast: Cast, secretary: Client
) -> None:
    where = address(cast)
    bad = HELD | {"held_on": "2019-11-31", "present": "muời", "starts": "25:00"}
    answer = write(secretary, where, bad)
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "Ngày này không có trong lịch" in words(answer)
    assert "Ghi số người bằng chữ số" in words(answer)
    assert "Ghi giờ và phút" in words(answer)
    assert 'value="muời"' in body
    assert "Sửa xong trước Tết." in body
    assert not Meeting.objects.exists()


def test_a_meeting_before_the_cell_and_of_days_to_come_is_refused_in_words(
    cast: Cast, secretary: Client
) -> None:
    answer = write(secretary, address(cast), HELD | {"held_on": "2019-12-25"})
    assert "chưa đến" in words(answer)
    answer = write(secretary, address(cast), HELD | {"held_on": "2019-10-05"})
    assert "không thuộc kỳ đang ghi (tháng 12/2019)" in words(answer)
    assert secretary.get(address(cast, month="2019-13")).status_code == 404
    assert secretary.get(address(cast, kind="plan")).status_code == 404


def test_filing_half_a_record_keeps_the_draft_and_says_what_is_missing(
    cast: Cast, secretary: Client
) -> None:
    where = address(cast)
    answer = write(secretary, where, {"outcome": "held", "place": "Nhà văn hóa"}, "file")
    assert answer.status_code == 422
    assert "Ghi ngày họp." in words(answer)
    assert Meeting.objects.get().facts["place"] == "Nhà văn hóa"
    # The page that came back knows that the draft was kept: no conflict with oneself.
    again = {**HELD, "place": "Sân kho", "was": was_of(answer), "act": "file"}
    assert secretary.post(where, again, follow=True).status_code == 200
    assert Meeting.objects.get().facts["place"] == "Sân kho"


def test_two_who_write_different_fields_are_merged_and_the_same_field_is_asked(
    cast: Cast, secretary: Client, office: Client
) -> None:
    where = address(cast)
    opened = was_of(secretary.get(where))
    write(office, where, {"outcome": "held", "place": "Trụ sở xã", "present": "7"})
    mine = {"outcome": "held", "clerk": "Nông Thử Hai", "was": opened, "act": "write"}
    assert secretary.post(where, mine, follow=True).status_code == 200
    assert Meeting.objects.get().facts["place"] == "Trụ sở xã"

    answer = secretary.post(where, {**mine, "present": "8", "speakers": "3"})
    assert answer.status_code == 422
    page = words(answer)
    assert "Đã có trên máy chủ: 7" in page
    assert "Đồng chí vừa ghi: 8" in page
    assert 'name="speakers" value="3"' in answer.content.decode()
    chosen = {**mine, "present": "8", "speakers": "3", "was": was_of(answer)}
    assert secretary.post(where, chosen).status_code == 422  # nobody chose
    assert secretary.post(where, {**chosen, "chosen-present": "mine"}).status_code == 302
    assert Meeting.objects.get().facts["present"] == 8
    late = {**mine, "present": "9", "was": opened, "chosen-present": "theirs"}
    assert secretary.post(where, late).status_code == 302
    assert Meeting.objects.get().facts["present"] == 8


def test_a_record_is_returned_with_a_reason_corrected_and_compared(
    cast: Cast, secretary: Client, office: Client
) -> None:
    where = address(cast)
    write(secretary, where, HELD, "file")
    assert act(office, where, "return", reason="").status_code == 422
    act(office, where, "return", reason="Thiếu một người vắng")
    page = words(secretary.get(where))
    assert "bị trả lại, chờ chi bộ sửa" in page
    assert "Thiếu một người vắng" in page
    write(secretary, where, HELD | {"present": "7", "present_official": "7", "vote_for": "7",
                                    "excused": "2"}, "file")  # fmt: skip
    act(office, where, "confirm")
    assert act(secretary, where, "correct", reason=" ").status_code == 422
    page = words(act(secretary, where, "correct", reason="đếm nhầm"))
    assert "đang đính chính lần 1" in page
    assert MeetingReport.objects.get().present == 7
    write(secretary, where, HELD, "file")
    page = words(office.get(where))
    assert "Bản đính chính lần 1" in page
    assert re.search(r"Đảng viên có mặt 7 8", page)
    assert "Đảng viên có mặt: 7 → 8" in page


def test_what_the_office_types_from_paper_is_marked_so(
    cast: Cast, secretary: Client, office: Client
) -> None:
    where = address(cast)
    assert "Đồng chí nhập thay chi bộ, từ bản giấy." in words(office.get(where))
    write(office, where, HELD, "file")
    page = words(secretary.get(where))
    assert "Bản này văn phòng nhập thay, từ bản giấy." in page
    assert "Văn phòng nhập thay, từ bản giấy" in page  # in the history besides
    assert "rút lại" in page.lower()


def test_a_meeting_not_held_says_why_and_counts_as_not_held(cast: Cast, secretary: Client) -> None:
    where = address(cast, month="2019-11")
    answer = write(secretary, where, {"outcome": "not_held"}, "file")
    assert "Ghi vì sao tháng này không họp" in words(answer)
    page = words(
        write(secretary, where, {"outcome": "not_held", "not_held_reason": "ngập"}, "file")
    )
    assert "không họp; đã nộp, chờ xác nhận" in page
    assert MeetingReport.objects.get().state == "not_held"


def test_whoever_only_looks_gets_no_form_and_no_button(
    cast: Cast, secretary: Client, overseer: Client, analyst: Client
) -> None:
    where = address(cast)
    write(secretary, where, HELD)
    for client in (overseer, analyst):  # a draft is for those who write it
        page = words(client.get(where))
        assert "Bản ghi chưa nộp; nộp rồi mới xem được." in page
        assert "Sửa xong trước Tết." not in page
    write(secretary, where, HELD, "file")
    for client in (overseer, analyst):
        page = words(client.get(where))
        assert "8 người có mặt" in page
        assert "Sửa xong trước Tết." in page
        assert "Lưu nháp" not in page
        assert client.post(where, {"act": "confirm"}).status_code == 403


def test_a_month_of_another_commune_and_one_of_no_cell_are_not_to_be_found(
    cast: Cast, secretary: Client, office: Client
) -> None:
    stranger = f"/sinh-hoat/{cast[LANG_THU]}/regular/2019-12/"
    assert secretary.get(stranger).status_code == 404
    assert office.post(stranger, {"act": "write", **HELD}).status_code == 404
    assert Meeting.objects.count() == 0


def test_an_unknown_act_says_so(cast: Cast, secretary: Client) -> None:
    answer = secretary.post(address(cast), {"act": "bay"})
    assert answer.status_code == 400
    assert "Tải lại trang" in words(answer)


def test_the_tally_is_decided_by_the_server_and_keeps_nothing(
    cast: Cast, secretary: Client
) -> None:
    answer = secretary.post(address(cast) + "tinh/", HELD)
    page = words(answer)
    assert "100 phút" in page
    assert "Có mặt 8/9" in page
    assert "Chưa có căn cứ về diện biểu quyết ở ngày này." in page
    assert not Meeting.objects.exists()
    assert secretary.post(address(cast) + "tinh/", HELD | {"starts": "bảy giờ"}).status_code == 200


def test_texts_with_markup_are_shown_as_text(cast: Cast, secretary: Client) -> None:
    where = address(cast)
    said = HELD | {"discussion": "<script>alert(1)</script><b>đậm</b>"}
    page = write(secretary, where, said, "file").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_months_to_come_are_prepared_and_not_recorded(cast: Cast, secretary: Client) -> None:
    page = words(secretary.get(address(cast, month="2020-01")))
    assert "chưa đến kỳ, chuẩn bị trước được" in page
    assert "Lưu chuẩn bị" in page
    assert "Lưu nháp" not in page
    assert "Lưu chuẩn bị" not in words(secretary.get(address(cast, month="2021-01")))
    assert NOON.year == 2019
