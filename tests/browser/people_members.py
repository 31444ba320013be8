"""Members: admitted, moved, excused, written down twice, listed in Excel, taught; and every one of
these taken back (test_journey_people).
"""

from __future__ import annotations

import datetime as dt

import xlsxwriter
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.people_place import NEIGHBOUR, OFFICE, Place, refused, words
from tests.browser.province import picture
from tests.browser.rating_window import says
from tests.browser.support_hands import do, fill, follow, press
from tests.cast import listed
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.models import Membership, Person, UnitVersion
from vungmanh.org.queries import members_of

ON_THE_WAY, COMING = "Quần chúng Thử", "Hứa Thử Thêm"
RECORDED = "Đã ghi."
LIST = "#main"


def members_page(cell: UnitVersion) -> str:
    return f"/dang-vien/don-vi/{cell.unit_id}/"


def step(page: Page, told: str = RECORDED, **said: str) -> None:
    """The step of an admission that comes now."""
    do(page, "step", told, **said)


def somebody_is_admitted_step_by_step(place: Place, cell: UnitVersion) -> str:
    """Too young is refused with its source until the birthday; a probation of thirteen months is
    refused."""
    page = place.at(place.desk, OFFICE, members_page(cell))
    follow(page, "Lập hồ sơ kết nạp", "/ket-nap/moi/")
    fill(page, who=ON_THE_WAY, born_on="2007-09-01", begun_on="2025-07-05")
    press(page, "Lập hồ sơ", "Đã lập hồ sơ. Ghi từng bước khi làm xong.")
    address = place.here(page)
    step(page, done_on="2025-07-10")
    place.accessible(page)
    fill(page.locator('form:has(input[value="step"])'), done_on="2025-08-01", document="NQ 1")
    refused(page, "Ghi bước này", "cần đủ 18", "294-QĐ/TW")
    step(page, done_on="2025-09-02", document="NQ 1-NQ/CB")
    step(page, done_on="2025-09-20", document="QĐ 2-QĐ/ĐU")
    step(page, done_on="2025-09-28")
    step(page, done_on="2025-10-05", document="BB 3")
    picture(page, "ket-nap")
    fold(page, "Kéo dài thời gian dự bị")
    fill(page.locator('form:has(input[value="extend"])'), months="1", done_on="2026-10-05",
         document="QĐ 9")  # fmt: skip
    refused(page, "Ghi kéo dài", "Chỉ ghi được khi tỉnh có quy định", "294-QĐ/TW")
    step(page, done_on="2026-10-10", document="NQ 4-NQ/CB")
    last = {"done_on": "2026-10-20", "document": "QĐ 5-QĐ/ĐU"}
    fill(page.locator('form:has(input[value="step"])'), official_from="2026-11-05", **last)
    refused(page, "Ghi bước này", "12 tháng")
    step(page, official_from="", **last)
    return address


def fold(page: Page, words_: str) -> None:
    page.locator("details > summary").filter(has_text=words_).click()


def the_admission_is_taken_back(place: Place, address: str, steps: int) -> None:
    page = place.on(place.desk, address)
    for _ in range(steps + 1):
        do(page, "back", "Đã rút.", reason="Ghi nhầm người")
    says(page, "Đã rút")


def two_move_to_the_neighbour(place: Place, start: UnitVersion, end: UnitVersion) -> None:
    """Sent by one office, accepted by the other; nobody is lost on the way, and all comes back."""
    sender = place.at(place.desk, OFFICE, members_page(start))
    before = words(sender, "main")
    receiver = place.at(place.phone, NEIGHBOUR, members_page(end))
    came_to = words(receiver, "main")
    counted = count(start) + count(end)
    follow(sender, "Giới thiệu chuyển sinh hoạt", "/chuyen-sinh-hoat/moi/")
    fill(sender, kind="official", status="official", count="2", decided_on="2026-10-01",
         document="Giấy giới thiệu 7")  # fmt: skip
    refused(sender, "Giới thiệu", "nơi đến")
    fill(sender, unit_words=end.official_code)
    press(sender, "Giới thiệu", "Đã giới thiệu.")
    address = place.here(sender)
    says(sender, start.name, end.name, "Giấy giới thiệu 7")
    assert words(place.on(sender, members_page(start)), "main") == before
    place.on(receiver, address)
    place.accessible(receiver)
    do(receiver, "accept", RECORDED, on="2026-10-06")
    assert (count(start) + count(end)) == counted
    assert words(place.on(sender, members_page(start)), "main") != before
    place.on(receiver, address)
    do(receiver, "back", "Đã rút.", reason="Chưa đến nhận")
    place.on(sender, address)
    do(sender, "withdraw", "Đã rút.", reason="Ghi nhầm nơi đến")
    assert words(place.on(sender, members_page(start)), "main") == before
    assert words(place.on(receiver, members_page(end)), "main") == came_to


def count(cell: UnitVersion) -> int:
    return sum(members_of(cell.unit_id, timezone.localdate()).values())


def somebody_is_excused_and_back(place: Place, row: Membership) -> None:
    address = f"/dang-vien/nguoi/{row.person_id}/"
    page = place.at(place.phone, OFFICE, address)
    before = words(page, "main table >> nth=1")
    follow(page, "Ghi miễn sinh hoạt", "/mien/$")
    place.accessible(page)
    fill(page, from_day="2026-10-01", document="NQ 5-NQ/CB")
    refused(page, "Ghi", "Ghi miễn đến ngày nào")
    fill(page, until="2026-12-01")
    press(page, "Ghi", "Đã ghi; danh sách và số đảng viên đổi từ ngày ấy.")
    place.on(page, address)
    says(page, MembershipStatus.EXEMPT.label)
    do(page, "back", "Đã rút; danh sách và số đảng viên như trước.", reason="Nhầm người")
    assert words(place.on(page, address), "main table >> nth=1") == before


def two_entries_are_merged_and_taken_apart(place: Place, first: UnitVersion) -> None:
    """One person on the lists of two cells, once without accents."""
    second = next(
        one for one in place.cells(OFFICE)
        if one != first and Membership.objects.filter(unit_id=one.unit_id).exists()
    )  # fmt: skip
    for cell, name, since in ((first, "Vi Thử Đôi", 8), (second, "Vi Thu Doi", 9)):
        row = listed(cell.unit_id, name, since=dt.date(2026, since, 1))
        Person.objects.filter(pk=row.person_id).update(born_on=dt.date(1980, 3, 4))
    page = place.at(place.desk, OFFICE, "/dang-vien/trung/")
    place.accessible(page)
    before = words(page, "main")
    found = page.locator('main a[href^="/dang-vien/trung/"]').first
    found.click()
    page.wait_for_load_state()
    says(page, "là một người hay hai người?", "tên giống nhau khi bỏ dấu")
    place.accessible(page)
    address, people = place.here(page), Person.objects.filter(merged_into=None).count()
    page.locator('[name="kept"]').first.check()
    page.locator('form:has(input[value="merge"]) [name="reason"]').fill("Cùng một người")
    overlap = page.locator('[name="overlap"]')
    if overlap.count():
        refused(page, "Gộp làm một", "Chọn cách xử lý những ngày trùng")
        overlap.last.check()
    page.get_by_role("button", name="Gộp làm một").click()
    says(page, "Đã gộp")
    assert Person.objects.filter(merged_into=None).count() == people - 1
    place.on(page, address)
    do(page, "undo", "Đã rút", reason="Gộp nhầm")
    assert Person.objects.filter(merged_into=None).count() == people
    assert words(place.on(page, "/dang-vien/trung/"), "main") == before


def a_list_comes_from_excel(place: Place, row: Membership, cell: UnitVersion) -> None:
    """Read beside the register, a difference accepted, written, undone; the file is not kept."""
    page = place.at(place.desk, OFFICE, members_page(cell))
    before = words(page, "main")
    place.on(page, "/dang-vien/trao-doi/")
    place.accessible(page)
    path = place.folder / "danh-sach.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("DS")
        sheet.write_row(0, 0, ["Họ và tên", "Ngày sinh", "Mã đảng viên", "Chi bộ"])
        sheet.write_row(1, 0, [row.person.name, "03/02/1971", "0012345", cell.name])
        sheet.write_row(2, 0, [COMING, "04/05/1990", "0067890", cell.name])
        sheet.write_row(3, 0, ["Hứa Thử Lạ", "", "", "Chi bộ Không Có"])
    fill(page, from_day="2026-10-01", status="official")
    page.locator('[name="file"]').set_input_files(path)
    page.get_by_role("button", name="Đọc và đối chiếu").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 người mới, 1 người khác sổ")
    says(page, COMING, "Không tìm thấy")
    expect(page.locator("main")).not_to_contain_text("03/02/1971")
    place.accessible(page)
    for box in page.locator('input[name^="lay-"]').all():
        box.check()
    page.get_by_role("button", name="Nhớ lựa chọn của trang này").click()
    page.wait_for_load_state()
    assert not Person.objects.filter(name=COMING).exists()
    page.get_by_role("button", name="Ghi vào sổ").click()
    says(page, "Đã ghi 1 người mới và")
    assert Person.objects.get(pk=row.person_id).born_on == dt.date(1971, 2, 3)
    fold(page, "Hoàn tác")
    do(page, "undo", "Đã hoàn tác", reason="Nhầm tệp")
    assert not Person.objects.filter(name=COMING).exists()
    assert Person.objects.get(pk=row.person_id).born_on == row.person.born_on
    assert words(place.on(page, members_page(cell)), "main") == before
