"""A year of training from the plan to who came, and back (test_journey_people)."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.people_place import OFFICE, Place, refused, words
from tests.browser.rating_window import says
from tests.browser.support_hands import fill, follow, press
from vungmanh.cadre.models import CourseSession, TrainingPlan

YEAR, COURSE = "2025", "Ghi sổ nghị quyết đủ mục"


def a_year_of_training_is_planned_held_and_taken_back(place: Place) -> None:
    commune = place.town.unit_of(OFFICE)
    page = place.at(place.phone, OFFICE, f"/boi-duong/don-vi/{commune.unit_id}/")
    before, plans = words(page, "main"), TrainingPlan.objects.count()
    place.accessible(page)
    page = place.on(page, f"/boi-duong/don-vi/{commune.unit_id}/lap/")
    fill(page, year=YEAR, title="Bồi dưỡng năm trước")
    page.get_by_role("button", name="Lập kế hoạch").click()
    plan = the_plan_is_issued(page, place)
    the_course_is_held_and_taken_back(page, place)
    act(page, place, f"{plan}mo-lai/", "Mở lại", reason="Ban hành nhầm")
    follow(page, COURSE, "/lop/")
    act(page, place, f"{place.here(page)}rut/", "Rút", reason="Nhầm")
    act(page, place, f"{plan}rut/", "Rút", reason="Nhầm")
    assert TrainingPlan.objects.count() == plans
    assert words(place.on(page, f"/boi-duong/don-vi/{commune.unit_id}/"), "main") == before


def act(page: Page, place: Place, address: str, button: str, **said: str) -> None:
    place.on(page, address)
    fill(page, **said)
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".notice.success")).to_be_visible()


def the_plan_is_issued(page: Page, place: Place) -> str:
    """With one course; not on a day after the course."""
    plan = place.here(page)
    follow(page, "Thêm lớp", "/lop/$")
    fill(page, kind="training", title=COURSE, audience="Bí thư chi bộ", days="1,5",
         asks="Nghị quyết có việc giao, có hạn", planned_on="2025-10-06")  # fmt: skip
    press(page, "Ghi lớp", "Đã ghi lớp.")
    place.on(page, f"{plan}ban-hanh/")
    fill(page, document="5-KH/ĐU", signed_on="2025-11-03")
    refused(page, "Ghi đã ban hành", "trước ngày ban hành")
    fill(page, signed_on="2025-08-04")
    page.get_by_role("button", name="Ghi đã ban hành").click()
    says(page, "5-KH/ĐU", "quá ngày dự kiến, chưa ghi buổi nào")
    return plan


def the_course_is_held_and_taken_back(page: Page, place: Place) -> None:
    """Counts of two cells in one table; more came than were called is refused, and stays typed."""
    follow(page, COURSE, "/lop/")
    course = place.here(page)
    follow(page, "Ghi một buổi", "/buoi/$")
    place.accessible(page)
    fill(page, began_on="2025-10-07", ended_on="2025-10-08")
    cell, other = (one.unit_id for one in place.cells(OFFICE)[:2])
    fill(page, **{f"goi-{cell}": "2", f"du-{cell}": "3", f"goi-{other}": "1", f"du-{other}": "1"})
    refused(page, "Ghi buổi học", "3 người dự, nhiều hơn 2")
    fill(page, **{f"du-{cell}": "2"})
    press(page, "Ghi buổi học", "Đã ghi buổi học.")
    place.on(page, course)
    says(page, "3/3 người dự")
    place.accessible(page)
    session = CourseSession.objects.get(course__title=COURSE)
    act(page, place, f"/boi-duong/buoi/{session.pk}/rut/", "Rút", reason="Ghi nhầm lớp")
    assert not CourseSession.objects.filter(course__title=COURSE).exists()
