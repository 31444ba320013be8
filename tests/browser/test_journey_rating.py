"""A district of seventy organisations rates a year by the rules of 2019, everybody at his own
account; a year later the same grades come out; the commune that succeeds it rates by those of 2025.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.rating_clock import Clock, clock
from tests.browser.rating_hand import Hand, answered
from tests.browser.rating_place import (
    AGENCIES,
    CELLS,
    COMMUNES,
    DIRECT,
    DISTRICT,
    QUAN_MAU,
    SCHOOLS,
    SEVENTY,
    STAYING,
    SUCCESSOR,
    VILLAGES,
    make_place,
)
from tests.browser.rating_story import (
    APPEALING,
    BEST,
    COMPLAINING,
    FAIR,
    GOOD,
    LESS,
    NAMES,
    REOPENED,
    RETURNED,
    TOO_HIGH,
    WISHED,
    Story,
    decide_all,
    hear,
    open_cycle,
    open_opinions,
    propose_all,
    rate_self,
    verify_all,
)
from tests.browser.rating_window import act, fill_sheet, paper, printed, says, words_of
from tests.cast import PROVINCE

__all__ = ["clock"]
pytestmark = pytest.mark.django_db(transaction=True)
VILLAGE, FIRST_SCHOOL, HELD = VILLAGES[QUAN_MAU][0], SCHOOLS[0], SCHOOLS[3]
COLLECTIVES = (*COMMUNES, FIRST_SCHOOL)
BODIES = ("Các ban của cấp ủy cấp trên", "Cơ quan liên quan", "Cấp ủy viên")
BELOW = ("Các ban của đảng ủy", "Mặt trận", "Chính quyền", "Cấp ủy viên")
SAME = "tất cả ra đúng như cũ"


@pytest.fixture
def story(
    clock: Clock, desk: Page, phone: Page, sign_in: Callable[[Page, Any], None], live_server: Any
) -> Story:
    return Story(make_place(), clock, live_server.url, desk, phone, sign_in)


def test_seventy_organisations_are_rated_and_their_successor_after_them(
    story: Story, tmp_path: Path
) -> None:
    story.clock.to(2019, 12, 2)
    the_cycles_are_opened(story)
    everybody_rates_itself(story)
    story.clock.to(2019, 12, 6)
    the_communes_rate_their_villages(story)
    one_is_returned_and_all_are_heard_blind(story)
    story.clock.to(2019, 12, 17)
    the_cap_is_looked_at_before_the_vote(story)
    story.clock.to(2019, 12, 27)
    everything_is_decided_and_told(story)
    the_papers_are_printed(story, tmp_path)
    story.clock.to(2020, 1, 20)
    some_object_and_one_is_rated_anew(story)
    grades = all_grades(story)
    assert sorted(grades) == sorted(SEVENTY)
    assert Counter(grades.values()) == {NAMES[BEST]: 10, NAMES[GOOD]: 59, NAMES[FAIR]: 1}
    story.clock.to(2021, 1, 10)
    a_year_of_records_later_all_comes_out_the_same(story)
    assert all_grades(story) == grades
    story.clock.to(2025, 12, 2)
    the_successor_rates_by_the_rules_of_its_day(story)


# --- 2019 ----------------------------------------------------------------------------------------


def the_cycles_are_opened(story: Story) -> None:
    page = story.at(story.desk, story.office(), "/xep-loai/mo/?nam=2019")
    says(page, "Mở kỳ xếp loại năm 2019 của Đảng bộ huyện Thử.", "ban thường vụ huyện ủy",
         "Số xuất sắc không quá 20 phần trăm", "Xếp loại các năm 2019–2022", *BODIES)  # fmt: skip
    page.locator("form[method=post] button.main-act").click()
    says(page, "Đã mở kỳ xếp loại", "0 trong 96 hồ sơ năm 2019 đã tự xếp loại")
    board = story.opened(DISTRICT, page.url.removeprefix(story.url))
    assert sorted(board.units) == sorted(board.collectives) == sorted(DIRECT)
    for commune, cells in VILLAGES.items():
        board = open_cycle(story, commune, 2019)
        assert (sorted(board.units), board.collectives) == (sorted(cells), {})


def everybody_rates_itself(story: Story) -> None:
    a_secretary_rates_the_cell_on_a_phone(story)
    for commune, cells in VILLAGES.items():
        for cell in cells:
            if cell != VILLAGE:
                rate_self(story, cell, commune)
    for unit in DIRECT:
        rate_self(story, unit, DISTRICT)
    for unit in COLLECTIVES:
        rate_self(story, unit, DISTRICT, collective=True)
    told = Hand(story.office()).read(story.cycles[DISTRICT].cycle)
    assert "52 trong 96 hồ sơ năm 2019 đã tự xếp loại, 0 đã có quyết định" in told


def a_secretary_rates_the_cell_on_a_phone(story: Story) -> None:
    """From the list of cycles, which knows only this cell, to the rating handed in."""
    page = story.at(story.phone, story.place.speaker(VILLAGE), "/xep-loai/")
    page.get_by_role("link", name="Năm 2019, Đảng bộ xã Quan Mẫu").click()
    expect(page).to_have_url(re.compile("/ho-so/"))
    says(page, "chưa tự xếp loại năm 2019", "Kỳ họp đã họp", "mẫu, tỉnh chưa ban hành")
    asked = Hand(story.place.speaker(VILLAGE)).sheet(story.dossier(VILLAGE, QUAN_MAU))
    fill_sheet(page, answered(asked, "xuat_sac", 1.0))
    says(page, f"Đủ căn cứ cho mức “{NAMES[BEST]}”.")
    act(page, "rate_self", "Đã nộp bản tự xếp loại.", grade=BEST, points=WISHED[VILLAGE])
    says(page, f"tự xếp “{NAMES[BEST]}” năm 2019")
    assert page.locator('button:has-text("Nộp bản tự xếp loại")').count() == 0


def the_communes_rate_their_villages(story: Story) -> None:
    """Lower before upper: the first by its office in the browser, row after row of one page."""
    cycle = story.cycles[QUAN_MAU].cycle
    page = story.at(story.desk, story.office(QUAN_MAU), cycle)
    page.get_by_role("link", name="Nhiều hồ sơ một lượt").click()
    says(page, "8 hồ sơ năm 2019 chờ mở lấy ý kiến.")
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Mở lấy ý kiến các hồ sơ đã chọn").click()
    says(page, "Đã mở lấy ý kiến 8 hồ sơ.")
    for body in BELOW[:2]:
        page.goto(f"{story.url}{cycle}nhieu-ho-so/?buoc=give_opinion&noi={body}")
        for cell in VILLAGES[QUAN_MAU]:
            grade = BEST if cell in WISHED else GOOD
            page.get_by_label(f"Mức của {cell}", exact=True).select_option(grade)
        page.get_by_role("button", name="Ghi ý kiến của các dòng đã chọn").click()
        says(page, "Đã ghi ý kiến về 8 hồ sơ.")
    for commune in list(COMMUNES)[1:]:
        open_opinions(story, commune)
        hear(story, commune, BELOW[1])
    for commune in COMMUNES:
        verify_all(story, commune)
        propose_all(story, commune)
        decide_all(story, commune, "3-QĐ/ĐU", "2019-12-06")
    page.goto(f"{story.url}{cycle}dieu-hanh/")
    page.get_by_role("button", name="Đóng kỳ").click()
    says(page, "Kỳ xếp loại năm 2019 đã đóng.")


def one_is_returned_and_all_are_heard_blind(story: Story) -> None:
    page = story.at(story.desk, story.office(), story.dossier(RETURNED))
    act(page, "return", "Đã trả lại hồ sơ cho tổ chức sửa.", reason=LESS)
    page = story.at(story.phone, story.place.speaker(RETURNED), story.dossier(RETURNED))
    says(page, LESS, "chưa tự xếp loại năm 2019")
    act(page, "rate_self", "Đã nộp bản tự xếp loại.", grade=GOOD, points="79")
    open_opinions(story, DISTRICT)
    hear(story, DISTRICT, BODIES[0])
    own = SCHOOLS[2]  # whose overseer this was in the year
    overseer = story.place.overseer(own)
    page = story.at(story.desk, overseer, story.dossier(own))
    says(page, "Trong năm xếp loại đồng chí", "nên không tham gia xếp loại")
    assert page.locator('input[value="give_opinion"]').count() == 0
    page = story.at(story.desk, overseer, story.dossier(FIRST_SCHOOL))
    says(page, "đã cho ý kiến, chưa mở")
    levels = page.locator("#tung-cap")
    expect(levels.get_by_role("row").filter(has_text=BODIES[0])).not_to_contain_text("Hoàn thành")
    act(page, "give_opinion", "Đã ghi ý kiến.", body=BODIES[1], grade=GOOD, reason=LESS)
    expect(levels.get_by_role("row").filter(has_text=BODIES[0])).to_contain_text(NAMES[BEST])
    told = Hand(story.place.speaker(FIRST_SCHOOL)).read(story.dossier(FIRST_SCHOOL))
    assert LESS not in told
    hear(story, DISTRICT, BODIES[1])


def the_cap_is_looked_at_before_the_vote(story: Story) -> None:
    verify_all(story, DISTRICT)
    propose_all(story, DISTRICT)
    page = story.at(story.desk, story.office(), story.cycles[DISTRICT].cycle)
    page.get_by_role("link", name="Tỷ lệ xuất sắc").click()
    says(page, "12 nơi được đề xuất mức cao nhất, tỷ lệ cho 7; 5 nơi bị giữ lại.",
         "20 % của 16 là 3,2, làm tròn xuống 3", "Gộp 2 nhóm nhỏ: Xã, phường; Y tế.")  # fmt: skip
    held = page.get_by_role("row").filter(has_text="bị giữ lại do tỷ lệ")
    for unit in (*SCHOOLS[3:5], QUAN_MAU):
        expect(held.filter(has=page.get_by_role("link", name=unit, exact=True))).to_have_count(1)
    page.get_by_role("link", name="Đối chiếu trước khi biểu quyết").click()
    says(page, "48 đơn vị đã có mức", "Chờ đợi theo số liệu", "Chưa có xếp loại năm 2018")
    analyst = story.at(story.desk, story.office(PROVINCE), story.cycles[DISTRICT].cycle)
    analyst.get_by_role("link", name="Đối chiếu trước khi biểu quyết").click()
    says(analyst, "Đối chiếu trước khi biểu quyết", "48 đơn vị đã có mức")


def everything_is_decided_and_told(story: Story) -> None:
    cycle = story.cycles[DISTRICT].cycle
    page = story.at(story.desk, story.office(), f"{cycle}quyet-dinh/")
    says(page, "52 hồ sơ năm 2019 đủ để quyết định.", "Còn 44 hồ sơ chưa đề xuất")
    page.get_by_label("Số, ký hiệu văn bản").fill("12-QĐ/HU")
    page.get_by_label("Ngày văn bản").fill("2019-12-27")
    page.get_by_role("button", name="Quyết định 52 hồ sơ").click()
    says(page, "Xác nhận: ghi 52 quyết định", f"{NAMES[BEST]}: 7;", "5 nơi bị tỷ lệ giữ lại.")
    page.get_by_role("button", name="Đúng, ghi 52 quyết định").click()
    says(page, "Đã ghi 52 quyết định, cùng số liệu và quy định đã dùng.")
    page.goto(f"{story.url}{cycle}dieu-hanh/")
    page.get_by_role("button", name="Thông báo tất cả").click()
    says(page, "Đã thông báo kết quả", "44 hồ sơ chưa quyết định")
    page = story.at(story.phone, story.place.speaker(HELD), story.dossier(HELD))
    says(page, f"được xếp “{NAMES[GOOD]}” năm 2019", "Đủ điều kiện xuất sắc, bị giữ lại do tỷ lệ",
         "nhóm “Trường học” có 16 nơi từ hoàn thành tốt trở lên, chỉ được 3 suất.",
         "Mức thấp hơn chỉ vì hết tỷ lệ, không phải vì khuyết điểm.")  # fmt: skip
    for unit in (*WISHED, TOO_HIGH):
        if unit in DIRECT:
            told = Hand(story.place.speaker(unit)).read(story.dossier(unit))
            held = unit in (*SCHOOLS[3:5], *AGENCIES[1:3], QUAN_MAU)
            assert ("bị giữ lại do tỷ lệ" in told) is held, unit
            assert f"được xếp “{NAMES[GOOD if held or unit == TOO_HIGH else BEST]}”" in told, unit


def the_papers_are_printed(story: Story, folder: Path) -> None:
    page = story.at(story.desk, story.office(), story.cycles[DISTRICT].cycle)
    kept = {
        link: paper(page, link, folder)
        for link in ("Bảng tổng hợp, tệp Word", "Tờ trình, tệp Word",
                     "Quyết định và danh sách, tệp Word", f"Phiếu lấy ý kiến: {BODIES[1]}")
    }  # fmt: skip
    page = story.at(story.phone, story.place.speaker(HELD), story.dossier(HELD))
    for link in ("Hồ sơ xếp loại, tệp Word", "Thông báo kết quả, tệp Word"):
        kept[link] = paper(page, link, folder)
    pages = printed(folder)
    for link, word in kept.items():
        first = " ".join(pages[word.stem][0].split())
        assert "ĐẢNG CỘNG SẢN VIỆT NAM" in first, link
        assert re.search(r"HUYỆN ỦY THỬ|HUYỆN UỶ THỬ", first), (link, first)
    assert f"{FIRST_SCHOOL}, tập thể lãnh đạo" in words_of(kept[f"Phiếu lấy ý kiến: {BODIES[1]}"])
    said = words_of(kept["Quyết định và danh sách, tệp Word"])
    assert "Ban Thường vụ Huyện ủy Thử" in said
    assert all(unit in said for unit in DIRECT)
    last = pages[kept["Quyết định và danh sách, tệp Word"].stem][-1]
    assert "T/M BAN THƯỜNG VỤ" in last.upper()
    assert NAMES[GOOD] in words_of(kept["Thông báo kết quả, tệp Word"])


def some_object_and_one_is_rated_anew(story: Story) -> None:
    page = story.at(story.phone, story.place.speaker(COMPLAINING), story.dossier(COMPLAINING))
    act(page, "complain", "Đã gửi kiến nghị tới cấp quyết định.", reason=LESS)
    page = story.at(story.desk, story.office(), story.dossier(COMPLAINING))
    says(page, LESS)
    act(page, "reverify", "Đã bắt đầu xác minh lại.")
    act(page, "answer_complaint", "Đã trả lời kiến nghị.", grade=GOOD, reason="Đã có biên bản.",
        document="15-QĐ/HU", document_date="2020-01-20")  # fmt: skip
    act(page, "notify", "Đã thông báo kết quả cho tổ chức.")
    told = Hand(story.place.speaker(COMPLAINING)).read(story.dossier(COMPLAINING))
    assert f"được xếp “{NAMES[GOOD]}” năm 2019" in told
    assert "15-QĐ/HU" in told
    one_goes_to_the_level_above(story)
    page = story.at(story.desk, story.office(), story.dossier(REOPENED))
    act(page, "reopen", "Đã mở lại hồ sơ", reason=LESS)
    says(page, "bản thứ 2")
    rate_self(story, REOPENED, DISTRICT)
    open_opinions(story, DISTRICT)
    page.reload()
    act(page, "verify", "Đã thẩm định")
    act(page, "propose", "Đã đề xuất mức.", grade=FAIR, reason=LESS)
    act(page, "decide", "Đã ghi quyết định", grade=FAIR, document="16-QĐ/HU")
    act(page, "notify", "Đã thông báo kết quả cho tổ chức.")
    says(page, f"được xếp “{NAMES[FAIR]}” năm 2019", "16-QĐ/HU", "12-QĐ/HU")


def one_goes_to_the_level_above(story: Story) -> None:
    dossier, unit = story.dossier(APPEALING), Hand(story.place.speaker(APPEALING))
    office = Hand(story.office())
    assert "Kiến nghị với cấp quyết định trước" in unit.read(dossier)
    unit.act(dossier, "complain", reason=LESS)
    office.act(dossier, "reverify")
    office.act(dossier, "answer_complaint", grade=FAIR, reason="Chưa có căn cứ mới.")
    office.act(dossier, "notify")
    unit.act(dossier, "appeal", reason=LESS)
    page = story.at(story.desk, story.office(PROVINCE), dossier)
    act(page, "answer_appeal", "Đã trả lời kiến nghị.", grade=GOOD, reason="Có căn cứ.")
    office.act(dossier, "notify")
    told = unit.read(dossier)
    assert f"được xếp “{NAMES[GOOD]}” năm 2019" in told
    assert "Cấp trên đã trả lời kiến nghị về kết quả này." in told


# --- a year later --------------------------------------------------------------------------------


def all_grades(story: Story) -> dict[str, str]:
    """The grade of each of the seventy as the boards say it."""
    found: dict[str, str] = {}
    for of, board in story.cycles.items():
        found |= Hand(story.office(of)).board(board.cycle).grades
    return found


def a_year_of_records_later_all_comes_out_the_same(story: Story) -> None:
    office, late = Hand(story.office()), story.dossier(SCHOOLS[5])
    assert "Kỳ họp đã họp: 8/12" in office.read(late)
    story.place.report(CELLS, 2019, held=12)  # what was not known when it was decided
    story.place.report(CELLS, 2020, held=5)
    assert "Kỳ họp đã họp: 12/12" in office.read(late)
    page = story.at(story.desk, story.office(), story.cycles[DISTRICT].cycle)
    page.get_by_role("link", name="Tính lại cả kỳ").click()
    says(page, f"Tính lại 56 quyết định từ số liệu đã giữ: {SAME}.")
    page.goto(f"{story.url}{story.dossier(HELD)}")
    page.get_by_role("link", name="Tính lại và so").click()
    says(page, "Tính lại từ số liệu đã giữ: ra đúng như khi quyết định.")
    for commune, cells in VILLAGES.items():
        told = Hand(story.office(commune)).read(story.cycles[commune].cycle, **{"tinh-lai": "1"})
        assert f"Tính lại {len(cells)} quyết định từ số liệu đã giữ: {SAME}." in told


# --- the successor -------------------------------------------------------------------------------


def the_successor_rates_by_the_rules_of_its_day(story: Story) -> None:
    page = story.at(story.desk, story.office(SUCCESSOR), "/xep-loai/mo/?nam=2025")
    says(page, "Mở kỳ xếp loại năm 2025 của Đảng bộ xã Mẫu Mới.")
    page.locator("form[method=post] button.main-act").click()
    board = story.opened(SUCCESSOR, page.url.removeprefix(story.url))
    assert sorted(board.units) == sorted(STAYING)
    for unit in STAYING:
        rate_self(story, unit, SUCCESSOR)
    open_opinions(story, SUCCESSOR)
    hear(story, SUCCESSOR, BELOW[1])
    verify_all(story, SUCCESSOR)
    propose_all(story, SUCCESSOR)
    decide_all(story, SUCCESSOR, "2-QĐ/ĐU", "2025-12-02")
    page = story.at(story.phone, story.place.speaker(SCHOOLS[1]), board.units[SCHOOLS[1]])
    says(page, f"được xếp “{NAMES[GOOD]}” năm 2025", "chỉ được 1 suất", "Tổng 99 điểm.",
         "Ban thường vụ đảng ủy xã, phường")  # fmt: skip
    told = Hand(story.office(SUCCESSOR)).read(board.cycle, **{"tinh-lai": "1"})
    assert f"Tính lại 14 quyết định từ số liệu đã giữ: {SAME}." in told
    story.clock.to(2026, 12, 2)
    later = open_cycle(story, SUCCESSOR, 2026)
    told = Hand(story.place.speaker(VILLAGE)).read(later.units[VILLAGE])
    assert "Đảng ủy xã, phường (đảng ủy cơ sở)" in told
    assert "Ban thường vụ" not in told
