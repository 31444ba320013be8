"""From the first visit to the final report: what each person does and sees (test_journey_support).

Each kind of act is done once in the browser; the others are posted to the same addresses.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.phone_hand import Hand as PhoneHand
from tests.browser.rating_window import says, words_of
from tests.browser.support_hands import TICK, WHY, Desk, Story, do, fill, follow, press
from tests.browser.support_place import CELLS, CHOSEN, RELAPSING, SLOW, STEADY
from tests.cast import december
from vungmanh.meetings.actions.digests import make_digests

TITLE = "Nâng cao chất lượng tổ chức cơ sở đảng 2020–2023"
WEAKNESS = "Bốn xã chỉ họp một nửa số kỳ trong hai năm."
CAUSE, MEASURE = "meetings_taken_lightly", "attach_overseer"
DECIDED = dt.date(2020, 1, 10)


def an_overseer_files_a_visit_from_a_phone(story: Story) -> None:
    """Without a network at the cell, sent when there is one again; the others on the web."""
    cell, phone = CELLS[0], story.phone
    overseer = story.place.in_charge(cell)
    phone.clock.set_fixed_time(timezone.now())
    story.sign_in(phone, overseer)
    hand = PhoneHand(phone, story.url)
    hand.open()
    hand.cut()
    phone.get_by_role("link", name=f"Ghi lần đi cơ sở {cell}").click()
    phone.get_by_role("radio", name="Có dự", exact=True).check()
    phone.get_by_label("Thấy gì").fill("Năm ngoái sáu kỳ không họp, chưa có lịch")
    phone.get_by_label("Đã thống nhất gì với chi bộ").fill("Họp ngày 3 hằng tháng")
    phone.get_by_role("button", name="Ghi lần đi này").click()
    hand.at_home()
    hand.join()
    hand.at_outbox()
    hand.expect_unsent(0)
    hand.rest()
    for one in story.place.cells_of(CHOSEN)[1:]:
        person = Desk(story.place.in_charge(one))
        person.visit(story.place[one], story.today, "Chưa có lịch họp hằng tháng.")
    told = story.analyst.read(f"/di-co-so/don-vi/{story.place[cell]}/")
    assert "Năm ngoái sáu kỳ không họp" in told


def three_files_get_causes_and_measures(story: Story) -> None:
    the_first_from_cause_to_plan_in_the_browser(story)
    for unit in CHOSEN[1:]:
        the_same_posted(story, story.files[unit])
    for unit in CHOSEN:
        assert "Đang củng cố" in story.analyst.read(story.files[unit])


def the_first_from_cause_to_plan_in_the_browser(story: Story) -> None:
    analyst, board, file = story.place.analyst, story.place.board_user, story.files[STEADY]
    page = story.at(analyst, file)
    says(page, "Mới chọn, chưa chẩn đoán", "đang được tập trung củng cố")
    do(page, "write_cause", "Đã ghi nguyên nhân.", cause=CAUSE, evidence=WHY)
    follow(page, "Coi nhẹ sinh hoạt, họp không đều", "/nguyen-nhan/")
    seen = page.locator('[name="visit_id"] option').filter(has_text=CELLS[0])
    fill(page, visit_id=seen.first.get_attribute("value") or "")
    press(page, "Xác minh tại chỗ", "Đã ghi lần xác minh tại chỗ.")
    says(page, "Đã xác minh tại chỗ 04/02/2020")
    do(page, "ask_diagnosis", "Đã trình chẩn đoán.")
    page = story.at(board, file)
    do(page, "approve_diagnosis", "Đã duyệt chẩn đoán", sure=TICK)
    page = story.at(analyst, file)
    do(page, "write_measure", "Đã ghi biện pháp.", **measure())
    do(page, "ask_plan", "Đã trình kế hoạch.")
    page = story.at(board, file)
    do(page, "approve_plan", "Đã duyệt kế hoạch", sure=TICK)
    page = story.at(analyst, file)
    follow(page, "Phân công cấp ủy viên phụ trách từng chi bộ", "/bien-phap/")
    shown = page.locator('[name="proof"] option').filter(has_text=CELLS[0])
    fill(page, proof=shown.first.get_attribute("value") or "")
    press(page, "Đã làm xong", "Đã ghi biện pháp làm xong, có căn cứ.")


def measure() -> dict[str, str]:
    return {
        "kind": MEASURE, "causes": CAUSE, "owner": "Ban Tổ chức Tỉnh ủy",
        "starts_on": DECIDED.isoformat(), "due_on": "2020-06-30",
        "output": "Mỗi chi bộ một người phụ trách, họp đủ 12 kỳ",
    }  # fmt: skip


def the_same_posted(story: Story, file: str) -> None:
    """The others to the same addresses; here another eye confirms the cause."""
    analyst, board = story.analyst, story.board
    analyst.do(file, "write_cause", cause=CAUSE, evidence=WHY)
    story.second.do(analyst.part(file, "nguyen-nhan"), "second", agrees="yes", text=WHY)
    analyst.do(file, "ask_diagnosis")
    board.do(file, "approve_diagnosis", sure=TICK)
    analyst.do(file, "write_measure", **measure())
    analyst.do(file, "ask_plan")
    board.do(file, "approve_plan", sure=TICK)


def the_slow_mover_is_found_by_the_system(story: Story) -> None:
    """Below its path in two months: the morning's list leads to it, somebody is named to look."""
    place, today = story.place, story.today
    place.tell(dt.date(2020, 1, 1), dt.date(2020, 7, 1))
    place.assess(dt.date(2020, 6, 1), dt.date(2020, 7, 1))
    make_digests(day=today, at=timezone.now())
    page = story.at(place.analyst, "/viec-hom-nay/")
    follow(page, "1 đơn vị dưới lộ trình, chưa cử người kiểm điểm", "xem=files_slow")
    says(page, SLOW, "dưới lộ trình")
    expect(page.locator("main")).not_to_contain_text(STEADY)
    follow(page, SLOW, story.files[SLOW])
    says(page, "Chuyển biến chậm: các tháng gần nhất đều dưới lộ trình.", "Quá hạn")
    do(page, "name_reviewer", "Đã cử người kiểm điểm", kind="slow",
       reviewer=str(place.second.pk))  # fmt: skip
    second = story.second
    assert SLOW in second.read("/cung-co/ho-so/", xem="files_my_review")
    second.do(story.files[SLOW], "review", kind="slow", conclusion="change", reviewer="",
              text="Bí thư bận việc thôn, lịch họp chưa ai giữ; giao phó bí thư.")  # fmt: skip
    told = story.analyst.read(story.files[SLOW])
    assert "Phải đổi biện pháp" in told
    assert "Chuyển biến chậm" not in story.analyst.read(story.files[STEADY])


def two_leave_and_the_slow_one_may_not(story: Story) -> None:
    """Terms of entry met for six months, and a grade by who did not strengthen; asked by one and
    approved by another."""
    place, months = story.place, (10, 11, 12)
    place.tell(dt.date(2020, 8, 1), dt.date(2021, 3, 1))
    place.assess(*(dt.date(2020, one, 1) for one in months))
    place.grade(2020, {STEADY: "tot", RELAPSING: "tot", SLOW: "hoan_thanh"})
    place.assess(*(dt.date(2021, one, 1) for one in (1, 2, 3)))
    file = story.files[STEADY]
    page = story.at(place.analyst, "/cung-co/ho-so/?xem=files_exit")
    says(page, STEADY, RELAPSING)
    expect(page.locator("main")).not_to_contain_text(SLOW)
    follow(page, STEADY, file)
    do(page, "ask_exit", "Đã trình ra khỏi diện.")
    page = story.at(place.board_user, file)
    do(page, "approve_exit", "Đã duyệt ra khỏi diện", sure=TICK)
    says(page, "đã ra khỏi diện, đang giữ vững", "Giữ vững đến")
    story.analyst.do(story.files[RELAPSING], "ask_exit")
    story.board.do(story.files[RELAPSING], "approve_exit", sure=TICK)
    refused = story.analyst.do(story.files[SLOW], "ask_exit", status=422)
    assert "Chưa đủ điều kiện ra khỏi diện" in refused
    early = story.analyst.do(file, "close", status=422)
    assert "Còn giữ vững đến hết 07/04/2022" in early


def one_relapses_by_the_figures(story: Story) -> None:
    place, analyst = story.place, story.analyst
    place.tell(dt.date(2021, 4, 1), december(2021))
    place.assess(december(2021))
    told = analyst.read(story.files[RELAPSING])
    assert "Tái yếu trong thời gian giữ vững" in told
    assert RELAPSING in analyst.read("/cung-co/ho-so/", xem="files_relapsed")
    assert "Đã ra khỏi diện, đang giữ vững" in analyst.read(story.files[STEADY])
    assert Desk(place.offices[RELAPSING]).explain(RELAPSING, "Đảng ủy đã lơi việc họp.") >= 1


def the_other_has_held_and_its_file_is_done(story: Story) -> None:
    place, file = story.place, story.files[STEADY]
    place.tell(dt.date(2022, 1, 1), dt.date(2022, 4, 1))
    place.assess(dt.date(2022, 4, 1))
    page = story.at(place.analyst, file)
    do(page, "close", "Hồ sơ đã xong.")
    says(page, f"Hồ sơ củng cố của {STEADY} đã khép lại", "Khép lại", "05/05/2022")
    beside = story.analyst.read(f"{file}doi-chieu/")
    assert "quay về mức trung bình" in beside
    assert "không kết luận tác dụng cho riêng một đơn vị" in beside


def it_is_chosen_again_after_a_second_bad_year(story: Story) -> None:
    """In spite of the years that others wait, and by the rule alone."""
    place, analyst = story.place, story.analyst
    place.tell(dt.date(2022, 5, 1), december(2022))
    place.assess(december(2022))
    Desk(place.offices[RELAPSING]).explain(RELAPSING, "Đảng ủy xin được giúp lần nữa.")
    asked = {"year": "2023", "month": "2022-12", "capacity": "1", "grey": "lots"}
    again = analyst.send(f"{story.programme}lua-chon/moi/", asked)
    told = analyst.read(again)
    assert "1 trong 15 nơi được xét nằm trong danh sách" in told
    assert RELAPSING in told
    assert SLOW not in told  # its file is still open
    analyst.send(f"{again}viec/trinh/", {})
    story.board.send(f"{again}viec/quyet-dinh/", {"number": "3-QĐ/TU", "decided_on": "2023-01-06"})
    anew = analyst.files()[RELAPSING]
    assert anew != story.files[RELAPSING]
    assert "Được chọn Tái yếu" in analyst.read(anew)


def every_figure_of_the_final_report_opens_to_its_records(story: Story) -> None:
    story.place.tell(dt.date(2023, 1, 1), december(2023))
    story.place.assess(december(2023))
    report = f"{story.programme}bao-cao/?loai=final&thang=2023-12"
    page = story.at(story.place.analyst, report)
    says(page, "Báo cáo tổng kết của đề án", *CHOSEN)
    figures = story.analyst.figures(report)
    assert page.locator("a[data-figure]").count() == len(figures) > 50
    for address, shown in figures:
        the_records_behind(story.analyst, address, shown)
    first = page.locator("a[data-figure]").first
    value = first.inner_text()
    first.click()
    expect(page).to_have_url(re.compile("/bao-cao/ban-ghi/"))
    says(page, value)
    with page.expect_download() as saved:
        page.goto(f"{story.url}{report}")
        page.get_by_role("link", name="Tải tệp Word").click()
    words = words_of(Path(saved.value.path()))
    for told in (TITLE, *CHOSEN, "Nguồn số liệu", WEAKNESS):
        assert told.casefold() in words.casefold(), told


def the_records_behind(reader: Desk, address: str, shown: str) -> None:
    """Every record is listed, and together they make the figure, or the counted part of a share."""
    told = reader.counted(address, shown)
    if told is None:  # nothing was counted, or words say that too little is known
        assert shown == "0" or not shown[0].isdigit(), (address, shown)
    elif re.fullmatch(r"[\d.,]+", shown):
        assert told == shown, address
    elif "kỳ)" in shown:
        assert told == re.findall(r"\(([\d.,]+)/", shown)[0], address
