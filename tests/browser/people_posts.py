"""Posts, terms, rotations, a new secretary: each recorded and taken back (test_journey_people)."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.people_place import (
    ANALYST,
    NEIGHBOUR,
    OFFICE,
    PAPER,
    Place,
    refused,
    row_link,
    words,
)
from tests.browser.rating_window import says
from tests.browser.support_hands import fill, follow, press
from vungmanh.access.models import Event
from vungmanh.cadre.models import Rotation, Term
from vungmanh.org.models import Appointment, Person, UnitVersion

DEPUTY, ACTING, NEW = "Nông Thử Phó", "Nông Thử Giao", "Hứa Thử Mới"
ALLOWED = ("Công văn 2-CV/TU", "Nơi này chưa có nguồn")
HELD, TERMS = "#chuc-danh", "#nhiem-ky"
KEPT = (Event, Appointment, Rotation, Term, Person)


def posts_of(cell: UnitVersion) -> str:
    return f"/can-bo/don-vi/{cell.unit_id}/"


def a_congress_is_recorded(place: Place, cell: UnitVersion) -> None:
    page = place.desk
    says(page, "Chưa ghi đại hội nào")
    follow(page, "Ghi đại hội, nhiệm kỳ", "/nhiem-ky/$")
    fill(page, began_on="2026-09-01", document="Nghị quyết đại hội 1-NQ/CB", ordinal="3", seats="3")
    confirm(page, "Đã ghi nhiệm kỳ.")
    follow(page, "Ghi báo cáo, chuẩn y", "/nhiem-ky/[0-9a-f-]{36}/$")
    fill(page, reported_on="2026-08-05")
    refused(page, "Ghi", "Ngày báo cáo phải từ ngày đại hội đến hôm nay.")
    fill(page, reported_on="2026-09-05", approved_on="2026-09-15")
    press(page, "Ghi", "Đã ghi ngày báo cáo, chuẩn y.")
    expect(page.locator(TERMS)).to_contain_text("Đại hội lần thứ 3, 01/09/2026")


def a_deputy_is_appointed_after_reading_the_rules(place: Place, cell: UnitVersion) -> None:
    """First what the rules say, then the record; the secretary's post is not given twice."""
    page = place.desk
    follow(page, "Ghi người giữ chức", "/ghi/$")
    place.accessible(page)
    fill(page, post="secretary", holder=DEPUTY, way="appointed", from_day="2026-10-01",
         document=PAPER, proposed="co", other_posts="5")  # fmt: skip
    page.get_by_role("button", name="Đối chiếu quy định").click()
    says(page, "Bí thư đang có người giữ", "không phải điều của một văn bản")
    fill(page, post="deputy_secretary")
    page.get_by_role("button", name="Đối chiếu lại").click()
    said = page.locator("#doi-chieu")
    expect(said).to_contain_text("chỉ định theo đề nghị của chi bộ")
    expect(said).to_contain_text("cần kiểm tra")
    assert not Appointment.objects.filter(holder_name=DEPUTY).exists()
    allow(page)
    place.accessible(page)
    press(page, "Xác nhận ghi", "Đã ghi người giữ chức.")
    expect(page.locator(HELD)).to_contain_text(DEPUTY)
    row = Appointment.objects.get(holder_name=DEPUTY)
    place.on(page, f"/can-bo/chuc-danh/{row.pk}/")
    says(page, "Ngoại lệ", *ALLOWED)
    place.on(page, posts_of(cell))


def a_rotation_follows_both_units_and_is_cancelled(place: Place, cell: UnitVersion) -> None:
    """By the province, out of the neighbour commune, with a day of return; both rows come back."""
    left = next(one for one in place.cells(NEIGHBOUR) if place.posts(one).count("secretary") == 1)
    row = place.secretary(left)
    page = place.at(place.desk, ANALYST, posts_of(left))
    before = words(page, HELD)
    place.on(page, posts_of(cell))
    follow(page, "Luân chuyển về đây", "/luan-chuyen/$")
    page.get_by_label("Tìm nơi đi theo tên").fill(left.name)
    page.get_by_role("button", name="Tìm", exact=True).click()
    page.locator(f'main a[href="?di={left.unit_id}"]').click()
    page.wait_for_load_state()
    fill(page, left=str(row.pk), to_post="committee_member", way="rotated_sideways",
         began_on="2026-10-05", return_on="2026-10-01", aim="Giúp chi bộ họp đủ kỳ",
         document="Quyết định 9-QĐ/TU", years_left="12", planned="co", adds_post="khong",
         head="khong", local="khong")  # fmt: skip
    refused(page, "Đối chiếu quy định", "Ngày dự kiến thôi giữ phải sau ngày nhận.")
    fill(page, return_on="2029-10-05")
    page.get_by_role("button", name="Đối chiếu quy định").click()
    says(page, "Số năm công tác còn lại: 12, cần ít nhất 10")
    allow(page)
    assert not Rotation.objects.filter(to_unit_id=cell.unit_id).exists()
    press(page, "Xác nhận ghi", "Đã ghi quyết định luân chuyển; cả hai nơi được theo dõi.")
    says(page, left.name, cell.name, "Dự kiến về ngày", "05/10/2029", "Nơi đi", "Nơi đến")
    place.accessible(page)
    follow(page, "Hủy quyết định", "/rut/$")
    fill(page, reason="Ghi nhầm người")
    press(page, "Hủy quyết định", "Đã hủy quyết định.")
    assert words(place.on(page, posts_of(left)), HELD) == before


def allow(page: Page) -> None:
    """Name who allowed what a rule lets somebody allow, and why."""
    for field, said in zip(("cho-phep", "ly-do"), ALLOWED, strict=True):
        for box in page.locator(f'input[name^="{field}-"]').all():
            box.fill(said)


def conditions_are_checked_on_a_phone_and_nothing_is_kept(place: Place, cell: UnitVersion) -> None:
    page = place.at(place.phone, ANALYST, f"/can-bo/don-vi/{cell.unit_id}/doi-chieu/")
    says(page, "không lưu, không ghi nhật ký")
    before = [one.objects.count() for one in KEPT]
    name = place.secretary(cell).holder_name
    fill(page, post="secretary", way="rotated_sideways", from_day="2026-12-01", name=name,
         years_left="7", planned="co", head="khong")  # fmt: skip
    page.get_by_role("button", name="Đối chiếu", exact=True).click()
    answer = page.locator("#ket-qua")
    expect(answer).to_contain_text(name)
    expect(answer).to_contain_text("Chưa đạt: Số năm công tác còn lại: 7, cần ít nhất 10.")
    expect(answer).to_contain_text("Chưa rõ")
    place.accessible(page)
    assert [one.objects.count() for one in KEPT] == before
    place.on(page, f"/can-bo/don-vi/{cell.unit_id}/doi-chieu/")
    assert name not in page.content()


def a_secretary_is_replaced_in_steps_on_a_phone(place: Place, cell: UnitVersion) -> None:
    """Leaves, somebody acts, somebody comes, what lay open is handed over: each step leads on."""
    page = place.at(place.phone, OFFICE, replacing(cell))
    before = words(page, "main")
    page.locator('main a[href$="/thoi/"]').first.click()
    page.wait_for_load_state()
    place.accessible(page)
    fill(page, on="2026-10-06", document=PAPER, reason="Nghỉ theo nguyện vọng")
    press(page, "Ghi thôi giữ chức", "Đã ghi thôi giữ chức.")
    place.on(page, replacing(cell))
    says(page, "khuyết bí thư")
    follow(page, "Giao phụ trách", "/ghi/")
    coming(page, ACTING, "2026-10-08")
    refused(page, "Đối chiếu quy định", "Giao phụ trách đến ngày nào?")
    fill(page, planned_until="2026-12-08")
    confirm(page, "Đã ghi người giữ chức.")
    place.on(page, replacing(cell))
    follow(page, "Ghi người mới", "/ghi/")
    coming(page, NEW, "2026-10-20")
    confirm(page, "Đã ghi người giữ chức.")
    place.on(page, replacing(cell))
    says(page, f"đã thay bí thư: {NEW} nhận chức từ 20/10/2026")
    follow(page, "Xem và xác nhận", "/ban-giao/$")
    fill(page, document="Biên bản bàn giao 3")
    for box in page.locator('input[name="keys"]').all():
        box.check()
    page.get_by_role("button", name="Xác nhận bàn giao").click()
    place.on(page, replacing(cell))
    says(page, "Đã bàn giao", "Biên bản bàn giao 3")
    it_is_taken_back_in_steps(place, cell)
    assert words(place.on(page, replacing(cell)), "main") == before


def it_is_taken_back_in_steps(place: Place, cell: UnitVersion) -> None:
    page = place.phone
    row = Appointment.objects.get(unit_id=cell.unit_id, holder_name=NEW)
    place.on(page, f"/can-bo/chuc-danh/{row.pk}/ban-giao/")
    fill(page, reason="Ghi nhầm người nhận")
    page.get_by_role("button", name="Rút", exact=True).click()
    says(page, "Đã rút lần bàn giao.")
    for name in (NEW, ACTING):
        place.on(page, posts_of(cell))
        row_link(page, name, "Rút")
        taken_back(page)
    row_link(page, "Nghỉ theo nguyện vọng", "Rút lần thôi ghi nhầm")
    taken_back(page)


def the_deputy_and_the_congress_are_taken_back(place: Place, cell: UnitVersion) -> None:
    page = place.at(place.desk, OFFICE, posts_of(cell))
    row_link(page, DEPUTY, "Rút")
    taken_back(page)
    follow(page, "Rút nhiệm kỳ này", "/rut/$")
    fill(page, reason="Nhầm chi bộ")
    press(page, "Rút", "Đã rút nhiệm kỳ ghi nhầm.")


def replacing(cell: UnitVersion) -> str:
    return f"/can-bo/don-vi/{cell.unit_id}/thay/"


def coming(page: Page, name: str, day: str) -> None:
    fill(page, holder=name, from_day=day, document=PAPER, proposed="co")


def confirm(page: Page, told: str) -> None:
    page.get_by_role("button", name="Đối chiếu quy định").click()
    expect(page.locator("#doi-chieu")).to_be_visible()
    allow(page)
    press(page, "Xác nhận ghi", told)


def taken_back(page: Page) -> None:
    fill(page, reason="Ghi nhầm chi bộ")
    press(page, "Rút", "Đã rút; nhật ký vẫn giữ cả lần ghi và lần rút.")
