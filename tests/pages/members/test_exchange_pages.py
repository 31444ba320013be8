"""A list from Excel through its pages: read, compared masked, accepted, carried out, undone."""

from __future__ import annotations

import datetime as dt
import html
import io
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.cast import CELLS, LANG_THU, QUAN_MAU, Cast, listed, make_cast
from vungmanh.access.models import Event
from vungmanh.core.vocabulary import Role
from vungmanh.org.models import NamesSwitch, Person
from vungmanh.outputs.members.models import MemberList

CELL = CELLS[QUAN_MAU][0]
PAGE = reverse("exchange")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(first=dt.date(2019, 1, 1))


def client(cast: Cast, role: Role, unit: str = QUAN_MAU) -> Client:
    made = Client()
    made.force_login(cast.user(f"{role}.{unit}", role, unit))
    return made


def words(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def file(*rows: list[Any]) -> SimpleUploadedFile:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as made:
        sheet = made.add_worksheet("DS")
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(number, column, value)
    return SimpleUploadedFile("ds.xlsx", data.getvalue())


def test_a_list_goes_through_its_pages_and_leaves_nothing_behind(cast: Cast) -> None:
    office = client(cast, Role.COMMITTEE_OFFICE)
    assert "Nơi này ghi theo số" in words(office.get(PAGE))
    NamesSwitch.objects.create(unit_id=cast[QUAN_MAU], from_day=dt.date(2019, 1, 1), document="QĐ")
    person = listed(cast[CELL], "Nông Thử Hòa").person
    Person.objects.filter(pk=person.pk).update(external_key="0012345")
    said = {"from_day": "2026-10-01", "status": "official"}
    assert office.post(PAGE, said).status_code == 422
    broken = office.post(PAGE, {**said, "file": SimpleUploadedFile("ds.xlsx", b"PK\x03\x04x")})
    assert "Tệp bị hỏng" in words(broken)
    sent = file(
        ["Đồng chí", "Ngày sinh", "Mã đảng viên", "Chi bộ"],
        ["Nông Thử Hòa", "03/02/1971", "0012345", CELL],
        ["Hứa Thử Mới", "04/05/1990", "0067890", CELL],
        ["Hứa Thử Lạ", "", "", "Chi bộ Không Có"],
    )
    asked = office.post(PAGE, {**said, "file": sent})
    page = asked["Location"]
    assert "Chưa rõ cột nào là họ tên" in words(office.get(page))
    sent.seek(0)
    columns = {"cot-0": "name", "cot-1": "born", "cot-2": "key", "cot-3": "unit"}
    page = office.post(page, {"act": "read", **said, **columns, "file": sent})["Location"]
    seen = words(office.get(page))
    for text in (
        "1 người mới, 1 người khác sổ, 1 dòng không nhận", "Hứa Thử Mới", "Không tìm thấy",
        "Ngày sinh: sổ “chưa ghi”, tệp “•••”",
    ):  # fmt: skip
        assert text in seen
    assert "03/02/1971" not in seen
    assert "Hứa Thử Lạ" not in seen
    shown = office.post(page, {"act": "reveal", "purpose": "đối chiếu tệp"})
    assert "03/02/1971" in words(shown)
    assert Event.objects.get(verb="person.revealed").subject == f"person:{person.pk}"
    line = MemberList.objects.get().lines.get(state="different")
    many = {"act": "take", "field": "born_on"}
    assert "Đã nhận 1 dòng" in words(office.post(page, many, follow=True))
    many = {"act": "leave", "field": "born_on"}
    assert "Đã bỏ nhận 1 dòng" in words(office.post(page, many, follow=True))
    assert office.post(page, {"act": "take", "field": "khac"}).status_code == 422
    chosen = {"act": "choose", "dong": [line.pk], f"lay-{line.pk}": ["born_on"]}
    assert office.post(page, chosen).status_code == 302
    assert "checked" in words(office.get(f"{page}?dong=different"))
    done = words(office.post(page, {"act": "carry"}, follow=True))
    assert "Đã ghi 1 người mới và 1 mục" in done
    assert Person.objects.filter(born_on=dt.date(1971, 2, 3), pk=person.pk).exists()
    assert office.get(f"{page}?dong=khac").status_code == 404
    for other in (
        client(cast, Role.COMMITTEE_OFFICE, LANG_THU), client(cast, Role.CELL_SECRETARY),
    ):  # fmt: skip
        assert other.get(page).status_code in {403, 404}
    masked = office.get(reverse("member_export"))
    assert masked["Content-Type"].endswith("sheet")
    assert office.post(reverse("member_export"), {"purpose": ""}).status_code == 302
    assert not Event.objects.filter(verb="members.exported").exists()
    full = office.post(reverse("member_export"), {"purpose": "báo cáo cấp trên"})
    assert full["Content-Type"].endswith("sheet")
    assert Event.objects.filter(verb="members.exported").exists()
    undone = words(office.post(page, {"act": "undo", "reason": "nhầm tệp"}, follow=True))
    assert "Đã hoàn tác" in undone
    assert not Person.objects.filter(name="Hứa Thử Mới").exists()
    sent.seek(0)
    office.post(PAGE, {**said, "file": sent})
    last = MemberList.objects.get(state="preview")
    thrown = office.post(reverse("exchange_list", args=[last.pk]), {"act": "throw"}, follow=True)
    assert "Đã bỏ bản xem trước" in words(thrown)
    assert not MemberList.objects.filter(state="preview").exists()


def test_a_preview_shows_first_what_matters_and_hints_at_somebody_known(cast: Cast) -> None:
    office = client(cast, Role.COMMITTEE_OFFICE)
    NamesSwitch.objects.create(unit_id=cast[QUAN_MAU], from_day=dt.date(2019, 1, 1), document="QĐ")
    for name in ("Nông Thử Hòa", "Vi Thử Ba"):
        listed(cast[CELL], name)
    sent = file(
        ["Họ và tên", "Ngày sinh", "Ngày vào Đảng", "Chi bộ"],
        ["Nông Thử Hòa", "", "", CELL],
        ["Vi Thu Ba", "", "", CELL],
        ["Hứa Thử Mới", "", "", CELL],
        ["Hứa Thử Sai", "04/05/1990", "04/05/1980", CELL],
        ["Hứa Thử Lạ", "", "", "Chi bộ Không Có"],
    )
    said = {"from_day": "2026-10-01", "status": "official", "file": sent}
    page = office.post(PAGE, said)["Location"]
    seen = words(office.get(page))
    assert "Có thể trùng với Vi Thử Ba trong sổ" in seen
    assert seen.count("Có thể trùng với") == 1
    places = [seen.index(name) for name in ("Hứa Thử Sai", "Vi Thu Ba", "Nông Thử Hòa")]
    assert places == sorted(places)  # turned away, new, the same as the register
    assert "Hứa Thử Lạ" not in seen  # of a place without names nothing is kept
    for button in ("Nhớ lựa chọn của trang này", "Nhận mọi mục sổ đang trống"):
        assert button not in words(office.get(page, {"dong": "new"}))
