"""A programme from its draft to its final report: three communes are chosen and strengthened. One
leaves and holds, one leaves and relapses, one does not move and the system says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.rating_clock import Clock, clock
from tests.browser.rating_window import says
from tests.browser.support_course import (
    DECIDED,
    MEASURE,
    TITLE,
    WEAKNESS,
    an_overseer_files_a_visit_from_a_phone,
    every_figure_of_the_final_report_opens_to_its_records,
    it_is_chosen_again_after_a_second_bad_year,
    one_relapses_by_the_figures,
    the_other_has_held_and_its_file_is_done,
    the_slow_mover_is_found_by_the_system,
    three_files_get_causes_and_measures,
    two_leave_and_the_slow_one_may_not,
)
from tests.browser.support_hands import Desk, Story, fill, follow, press
from tests.browser.support_place import (
    BAD,
    CHOSEN,
    LEFT_OUT,
    PROVINCE,
    RELAPSING,
    SLOW,
    Place,
)
from tests.cast import december

__all__ = ["clock"]
pytestmark = pytest.mark.django_db(transaction=True)
MERGES = "Xã này sắp nhập với xã bên, củng cố sau khi nhập."
ATTACHED = dt.date(2020, 1, 20)


@pytest.fixture
def story(
    clock: Clock, desk: Page, phone: Page, sign_in: Callable[[Page, Any], None], live_server: Any
) -> Story:
    clock.to(2020, 1, 6)
    return Story(Place(), clock, live_server.url, desk, phone, sign_in)


def test_a_programme_from_its_draft_to_its_final_report(story: Story) -> None:
    two_bad_years_are_told_and_explained(story)
    an_analyst_starts_a_programme_and_the_board_approves_it(story)
    a_selection_is_run_and_put_forward(story)
    story.clock.to(2020, 1, 10)
    the_board_decides_with_one_override(story)
    story.clock.to(2020, 1, 13)
    the_planner_assigns_overseers(story)
    story.clock.to(2020, 2, 4)
    an_overseer_files_a_visit_from_a_phone(story)
    three_files_get_causes_and_measures(story)
    story.clock.to(2020, 8, 5)
    the_slow_mover_is_found_by_the_system(story)
    story.clock.to(2021, 4, 7)
    two_leave_and_the_slow_one_may_not(story)
    story.clock.to(2022, 1, 6)
    one_relapses_by_the_figures(story)
    story.clock.to(2022, 5, 5)
    the_other_has_held_and_its_file_is_done(story)
    story.clock.to(2023, 1, 6)
    it_is_chosen_again_after_a_second_bad_year(story)
    story.clock.to(2024, 1, 5)
    every_figure_of_the_final_report_opens_to_its_records(story)
    assert sorted(story.analyst.files()) == sorted([RELAPSING, SLOW])  # what is still open


# --- chosen --------------------------------------------------------------------------------------


def two_bad_years_are_told_and_explained(story: Story) -> None:
    """Four communes met every other month for two years; each may answer before it is chosen."""
    place = story.place
    place.tell(dt.date(2018, 1, 1), december(2019))
    place.assess(december(2018), december(2019))
    place.grade(2019, dict.fromkeys(BAD, "hoan_thanh"))
    for unit, office in place.offices.items():
        assert Desk(office).explain(unit, "Đúng như số liệu, đảng ủy xin được giúp.") >= 1


def an_analyst_starts_a_programme_and_the_board_approves_it(story: Story) -> None:
    page = story.at(story.place.analyst, "/cung-co/")
    follow(page, "Lập đề án", "/cung-co/moi/$")
    fill(page, title=TITLE, first_year="2020", last_year="2023", level_dang_bo_tinh="4",
         weaknesses=WEAKNESS,
         measures=[MEASURE, "restore_meetings"])  # fmt: skip
    press(page, "Lập bản thảo", "Đã lập bản thảo với các mốc của mẫu.")
    fill(page, **{"form-0-text": "Mọi chi bộ họp đủ kỳ", "form-0-indicator": "hop-du-ky",
                  "form-0-aim_value": "95", "form-0-due_on": "2023-12-31"})  # fmt: skip
    press(page, "Ghi chỉ tiêu", "Đã ghi chỉ tiêu.")
    says(page, "Mọi chi bộ họp đủ kỳ", WEAKNESS)
    story.programme = story.here()
    follow(page, "Trình duyệt", "/viec/trinh/$")
    press(page, "Trình duyệt", "Đã trình; chờ thường vụ cấp ủy duyệt.")
    page = story.at(story.place.board_user, story.programme)
    follow(page, "Duyệt đề án", "/viec/duyet/$")
    fill(page, number="453-QĐ/TU", decided_on="2020-01-06")
    press(page, "Duyệt, ghi quyết định", "Đã duyệt; đề án đang thực hiện.")


def a_selection_is_run_and_put_forward(story: Story) -> None:
    page = story.at(story.place.analyst, f"{story.programme}lua-chon/")
    follow(page, "Lập danh sách năm", "/lua-chon/moi/$")
    says(page, f"Lập danh sách nơi cần củng cố của {PROVINCE}.", "tỉnh chưa ban hành")
    fill(page, year="2020", month="2019-12", capacity="4", grey="lots")
    press(page, "Lập danh sách đề nghị", "Đã lập danh sách đề nghị.")
    says(page, "4 trong 15 nơi được xét nằm trong danh sách", *BAD)
    follow(page, "Trình danh sách", "/viec/trinh/$")
    press(page, "Trình danh sách", "Đã trình; chờ thường vụ cấp ủy quyết định.")


def the_board_decides_with_one_override(story: Story) -> None:
    page = story.at(story.place.board_user, f"{story.programme}lua-chon/")
    follow(page, f"Năm 2020, {PROVINCE}", "/lua-chon/[0-9a-f-]{36}/$")
    selection = story.here()
    follow(page, f"Đưa ra {LEFT_OUT}", "/khac-tieu-chi/")
    fill(page, way="dua-ra", reason=MERGES)
    press(page, "Ghi quyết định khác", "Đã ghi quyết định khác tiêu chí, kèm tên và lý do.")
    says(page, "3 trong 15 nơi được xét nằm trong danh sách", MERGES, "thuong.vu")
    follow(page, "Quyết định", "/viec/quyet-dinh/$")
    fill(page, number="12-QĐ/TU", decided_on=DECIDED.isoformat())
    press(page, "Quyết định, lập hồ sơ", "Đã quyết định; hồ sơ củng cố của từng nơi đã lập.")
    assert "đúng từng byte" in story.analyst.read(selection, **{"tinh-lai": "1"})
    story.files = story.analyst.files()
    assert sorted(story.files) == sorted(CHOSEN)


def the_planner_assigns_overseers(story: Story) -> None:
    page = story.at(story.place.analyst, "/cung-co/phu-trach/")
    follow(page, "Lập kế hoạch phân công", "/phu-trach/moi/$")
    fill(page, valid_from=ATTACHED.isoformat(), last_day="2020-12-31", cover="files",
         more="uy.vien.1, uy.vien.2")  # fmt: skip
    press(page, "Lập kế hoạch", "Đã lập bản thảo; xem lại từng chi bộ rồi trình.")
    cells = story.place.cells_of(CHOSEN)
    says(page, *cells, "đã tốt nhất", "uy.vien.1", "uy.vien.2")
    plan = story.here()
    follow(page, "Trình duyệt", "/viec/trinh/$")
    press(page, "Trình duyệt", "Đã trình; chờ ban thường vụ duyệt.")
    page = story.at(story.place.board_user, plan)
    follow(page, "Duyệt", "/viec/duyet/$")
    fill(page, number="15-QĐ/TU", decided_on="2020-01-13")
    press(page, "Duyệt, ghi quyết định", "Đã duyệt; phân công có hiệu lực theo ngày đã ghi.")
    assert {story.place.in_charge(one).username for one in cells} == {"uy.vien.1", "uy.vien.2"}
