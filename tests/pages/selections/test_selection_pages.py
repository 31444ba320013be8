"""The pages of choosing: run, read, put forward, decide otherwise, decide, appeal, recompute."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU, SCHOOL, december
from tests.pages.strengthening.story import main_of, words
from tests.support_story import Support
from vungmanh.access.models import User
from vungmanh.core.programme_words import SelectionState
from vungmanh.core.vocabulary import Role
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.models import (
    Choice,
    Flag,
    Selection,
    SelectionAppeal,
    SelectionOverride,
    SupportFile,
)
from vungmanh.web.selections.table import way_words

pytestmark = pytest.mark.django_db
REASON = "Đảng ủy đề nghị củng cố sớm, có công văn."


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """Lists are made for the year that runs: the one of the story."""
    with time_machine.travel(AT):
        yield


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def desk(story: Support) -> Client:
    return signed_in(story.desk.user)


def board(story: Support) -> Client:
    return signed_in(story.board.user)


def office(story: Support, unit: str = QUAN_MAU) -> Client:
    return signed_in(story.who(Role.COMMITTEE_OFFICE, unit).user)


def run(story: Support, client: Client, **fields: str) -> HttpResponse:
    said = {"year": "2026", "month": "2018-12", "capacity": "3", "grey": "lots", **fields}
    return client.post(reverse("selection_new", args=[story.programme.pk]), said)  # type: ignore[return-value]


def made(story: Support, client: Client, **fields: str) -> Selection:
    assert run(story, client, **fields).status_code == 302
    return Selection.objects.latest("made_at")


def page(client: Client, one: Selection, query: str = "") -> str:
    return words(main_of(client.get(reverse("selection", args=[one.pk]) + query)))


def decided(story: Support) -> Selection:
    one = made(story, desk(story))
    desk(story).post(reverse("selection_act", args=[one.pk, "trinh"]))
    said = {"number": "12-QĐ/TU", "decided_on": timezone.localdate().isoformat()}
    answer = board(story).post(reverse("selection_act", args=[one.pk, "quyet-dinh"]), said)
    assert answer.status_code == 302
    one.refresh_from_db()
    return one


def test_the_form_tells_the_rule_and_that_it_is_a_template(story: Support) -> None:
    shown = words(main_of(desk(story).get(reverse("selection_new", args=[story.programme.pk]))))
    assert "mẫu, tỉnh chưa ban hành" in shown
    assert "Không chọn lại trong (năm)" in shown
    assert "Sức làm được trong năm, không phải chỉ tiêu phải đủ." in shown
    story.programme.levels = [{"kind": "dang_bo_tinh", "a_year": 7}]
    story.programme.save()
    answer = desk(story).get(reverse("selection_new", args=[story.programme.pk]))
    assert 'name="capacity" value="7"' in answer.content.decode()
    assert "Đề án dự kiến cấp này chọn 7 nơi một năm." in words(main_of(answer))


def test_what_cannot_be_meant_stands_at_its_field(story: Support) -> None:
    answer = run(story, desk(story), capacity="0")
    assert answer.status_code == 422
    assert 'id="id_capacity_error"' in answer.content.decode()
    assert not Selection.objects.exists()
    story.programme.levels = [{"kind": "dang_bo_tinh", "a_year": 1}]
    story.programme.save()
    answer = run(story, desk(story))
    assert 'id="id_over_plan_error"' in answer.content.decode()
    both = run(story, desk(story), redraw="ngắn").content.decode()  # all at once
    assert 'id="id_over_plan_error"' in both
    assert 'id="id_redraw_error"' in both
    shown = page(desk(story), made(story, desk(story), over_plan=REASON))
    assert f"Chọn nhiều hơn 1 nơi của đề án {REASON}" in shown


def test_the_table_says_why_each_unit_stands_where_it_stands(story: Support) -> None:
    client = desk(story)
    one = made(story, client)
    chosen, whole = page(client, one), page(client, one, "?phan=ca-bang")
    assert "1 trong 3 nơi được xét nằm trong danh sách." in chosen
    assert QUAN_MAU in chosen
    assert LANG_THU not in chosen
    assert "Theo thứ tự nhu cầu, thứ 1; đủ điều kiện và còn chỗ." in chosen
    assert "Yếu 1 lần xét; quy định cần 2 lần liền nhau." in whole
    assert SCHOOL in whole
    assert SCHOOL not in page(client, one, "?phan=ca-bang&q=quan mau")
    assert "1 nơi chưa yếu đủ 2 lần xét liền nhau" in chosen
    assert "1 nơi không ở diện cần củng cố" in chosen
    few = page(client, one, "?phan=chua-du-lan")
    assert f"{LANG_THU} " in few
    assert f"{SCHOOL} " not in few
    reasons = f"{reverse('unit', args=[story.unit(QUAN_MAU)])}?ky=2018-12#ly-do"
    assert reasons in client.get(reverse("selection", args=[one.pk])).content.decode()
    assert f"{way_words('lots')}; không nơi nào sát ngưỡng nên lần này không phải bốc" in chosen
    Flag.objects.filter(unit_id__in=[story.unit(QUAN_MAU), story.unit(LANG_THU)]).update(
        is_answered=False, reply_by=timezone.localdate()
    )
    nobody = made(story, client)
    shown, day = page(client, nobody), f"{timezone.localdate():%d/%m/%Y}"
    assert "dưới đây là vì sao và làm gì tiếp" in shown
    assert f"2 nơi còn trong hạn giải trình, đến hết {day}" in shown
    assert "hết hạn thì lập lại danh sách" in shown
    both = page(client, nobody, f"?phan=han-giai-trinh&q={LANG_THU}")
    assert f"2 lần liền nhau. Cùng đó: hạn giải trình đến hết ngày {day}." in both


def test_a_unit_at_the_cut_is_marked_and_its_lots_can_be_drawn_by_hand(story: Support) -> None:
    client = office(story)
    one = made(story, client, capacity="1")
    shown = page(client, one, "?phan=sat-nguong")
    assert "3 nơi ở hai bên ngưỡng" in shown
    assert one.seed in shown
    assert "sha256sum" in shown
    assert "bốc thăm được thăm thứ 1: được chọn" in shown
    assert "Không chọn (0)" in shown  # who lost the lot qualifies all the same
    turns = made(story, client, capacity="1", grey="start_years")
    whole = page(client, turns, "?phan=sat-nguong")
    assert "thăm thứ 2: bắt đầu năm 2027." in whole
    plain = made(story, client, capacity="1", grey="none")
    assert "Lần này không bốc thăm" in page(client, plain)
    assert one.made_at < plain.made_at
    assert reverse("selection", args=[one.pk]) in client.get(
        reverse("selection", args=[plain.pk])
    ).content.decode()  # fmt: skip


def test_computing_it_anew_says_whether_the_bytes_are_the_same(story: Support) -> None:
    client = desk(story)
    one = made(story, client)
    assert "đúng từng byte" in page(client, one, "?tinh-lai=1")
    Selection.objects.update(result_hash="0" * 64)
    assert "khác bảng đang lưu" in page(client, one, "?tinh-lai=1")


def test_the_committee_decides_otherwise_by_name_and_the_files_open(story: Support) -> None:
    one = made(story, desk(story))
    desk(story).post(reverse("selection_act", args=[one.pk, "trinh"]))
    client = board(story)
    otherwise = reverse("selection_override", args=[one.pk])
    asked = f"{otherwise}?don-vi={story.unit(LANG_THU)}"
    assert asked in client.get(
        reverse("selection", args=[one.pk]) + "?phan=ca-bang"
    ).content.decode()  # fmt: skip
    offered = client.get(asked).content.decode()
    assert 'value="dua-vao"' in offered
    assert "checked" in offered
    assert 'value="dua-ra"' not in offered
    wrong = client.post(asked, {"way": "", "reason": "ngắn"}).content.decode()
    assert 'id="id_way_error"' in wrong
    assert 'id="id_reason_error"' in wrong
    mine = Flag.objects.filter(unit_id=story.unit(LANG_THU))
    mine.update(is_answered=False, reply_by=timezone.localdate())
    assert "còn hạn giải trình lý do đã nêu" in words(main_of(client.get(asked)))
    assert "chưa đưa vào được" in page(client, one, "?phan=ca-bang")
    mine.update(is_answered=True)
    assert client.post(asked, {"way": "dua-vao", "reason": REASON}).status_code == 302
    assert SelectionOverride.objects.get().unit_id == story.unit(LANG_THU)
    shown = page(client, one)
    assert "Đưa vào theo quyết định khác" in shown
    assert REASON in shown
    deciding = reverse("selection_act", args=[one.pk, "quyet-dinh"])
    assert "đã được tính lại" not in words(main_of(client.get(deciding)))
    for cell in CELLS[QUAN_MAU]:
        story.cast.hold(cell, 2018, held=12)
    assess_months(months=[december(2018)], by=None, at=timezone.now())
    assert "kỳ đã họp: 12, nay 36" in words(main_of(client.get(deciding)))
    both = client.post(deciding, {"number": "", "decided_on": "2020-01-01"}).content.decode()
    assert 'id="id_number_error"' in both
    assert 'id="id_decided_on_error"' in both
    said = {"number": "12-QĐ/TU", "decided_on": timezone.localdate().isoformat()}
    assert client.post(deciding, said).status_code == 302
    shown = client.get(reverse("selection", args=[one.pk])).content.decode()
    for file in SupportFile.objects.all():
        assert reverse("support_file", args=[file.pk]) in shown
    files = set(SupportFile.objects.values_list("unit_id", flat=True))
    assert files == {story.unit(QUAN_MAU), story.unit(LANG_THU)}
    assert "12-QĐ/TU" in page(client, one)
    own = office(story, LANG_THU)
    below = page(own, made(story, own, capacity="1"), "?phan=ca-bang")
    assert "Cấp trên, cấp dưới" not in below  # nobody of it is in the list


def test_who_puts_it_forward_is_not_offered_the_decision(story: Support) -> None:
    one = made(story, desk(story))
    client = desk(story)
    client.post(reverse("selection_act", args=[one.pk, "trinh"]))
    assert client.get(reverse("selection_act", args=[one.pk, "quyet-dinh"])).status_code == 403
    assert "Trình danh sách" not in page(client, one)
    back = reverse("selection_act", args=[one.pk, "tra-lai"])
    assert client.get(back).status_code == 403
    assert board(story).post(back, {"reason": REASON}).status_code == 302
    told = page(client, one)
    assert f"đã trả lại danh sách ngày {timezone.localdate():%d/%m/%Y}: {REASON}" in told
    client.post(reverse("selection_act", args=[one.pk, "trinh"]))
    again = words(main_of(client.get(reverse("selection_act", args=[one.pk, "trinh"]))))
    assert "không làm được việc này lúc này" in again
    assert client.post(
        reverse("selection_act", args=[one.pk, "rut"]), {"reason": "Số liệu tháng ấy còn thiếu."}
    ).status_code == 302  # fmt: skip
    one.refresh_from_db()
    assert one.state == SelectionState.WITHDRAWN
    assert "Danh sách đã rút" in page(client, one)


def test_a_commune_sees_its_own_only(story: Support) -> None:
    one = made(story, desk(story))
    own = made(story, office(story), capacity="1")
    client = signed_in(User.objects.get(username__startswith="committee_office"))
    listed = words(main_of(client.get(reverse("selections", args=[story.programme.pk]))))
    assert QUAN_MAU in listed
    assert PROVINCE not in listed
    for name in ("selection", "selection_export"):
        assert client.get(reverse(name, args=[one.pk])).status_code == 404
        assert client.get(reverse(name, args=[own.pk])).status_code == 200
    assert client.get(reverse("selection_act", args=[one.pk, "trinh"])).status_code == 404


def test_a_chosen_unit_reads_why_appeals_and_is_answered(story: Support) -> None:
    one = decided(story)
    choice = Choice.objects.get()
    address = reverse("choice", args=[choice.pk])
    client = office(story)
    dashboard = client.get(reverse("programme", args=[story.programme.pk])).content.decode()
    assert f'href="{address}"' in dashboard
    shown = words(main_of(client.get(address)))
    assert "được tập trung củng cố năm 2026" in shown
    assert "12-QĐ/TU" in shown
    assert "Kiến nghị được đến hết ngày 01/12/2026." in shown
    own = page(client, made(story, client, capacity="1"))
    assert "Cấp trên, cấp dưới cũng đang được củng cố" in own
    assert "Đủ điều kiện theo tiêu chí và còn chỗ." in shown
    assert "hạng" not in shown  # a unit is not told its rank
    assert "thứ 1" not in shown
    assert client.post(address, {"text": REASON}).status_code == 302
    asked = SelectionAppeal.objects.get()
    assert "đang chờ trả lời" in page(board(story), one)
    answer = reverse("appeal_answer", args=[asked.pk])
    assert board(story).post(answer, {"granted": "chap-nhan", "answer": REASON}).status_code == 302
    choice.refresh_from_db()
    assert choice.withdrawn_at is not None
    assert "không còn trong danh sách" in words(main_of(client.get(address)))
    other = office(story, LANG_THU)
    assert other.get(address).status_code == 404
    assert other.get(reverse("choice", args=[10**9])).status_code == 404


def test_a_unit_left_out_reads_why_and_appeals_without_a_rank(story: Support) -> None:
    one = decided(story)
    address = reverse("own_lists", args=[story.programme.pk])
    client = office(story, LANG_THU)
    assert f'href="{address}"' in client.get(
        reverse("programme", args=[story.programme.pk])
    ).content.decode()  # fmt: skip
    shown = words(main_of(client.get(address)))
    assert f"{LANG_THU}: không được chọn năm 2026" in shown
    assert "Yếu 1 lần xét; quy định cần 2 lần liền nhau." in shown
    assert QUAN_MAU not in shown
    assert "thứ " not in shown
    said = {"danh-sach": str(one.pk), "text": REASON}
    assert client.post(address, {**said, "text": "ngắn"}).status_code == 422
    assert client.post(address, {**said, "danh-sach": str(story.programme.pk)}).status_code == 404
    assert client.post(address, said).status_code == 302
    assert "đang chờ trả lời" in words(main_of(client.get(address)))
    answer = reverse("appeal_answer", args=[SelectionAppeal.objects.get().pk])
    offered = words(main_of(board(story).get(answer)))
    assert "đưa đơn vị vào danh sách, lập hồ sơ củng cố" in offered
    assert board(story).post(answer, {"granted": "chap-nhan", "answer": REASON}).status_code == 302
    assert SupportFile.objects.filter(unit_id=story.unit(LANG_THU)).exists()


def test_a_secretary_reads_why_her_own_cell_was_chosen(story: Support) -> None:
    one = made(story, office(story), capacity="1")
    commune = User.objects.get(username__startswith="committee_office")
    signed_in(commune).post(reverse("selection_act", args=[one.pk, "trinh"]))
    own_board = signed_in(story.who(Role.STANDING_COMMITTEE, QUAN_MAU).user)
    said = {"number": "1-QĐ/ĐU", "decided_on": timezone.localdate().isoformat()}
    own_board.post(reverse("selection_act", args=[one.pk, "quyet-dinh"]), said)
    choice = Choice.objects.get()
    (cell,) = (name for name in CELLS[QUAN_MAU] if story.unit(name) == choice.unit_id)
    secretary = signed_in(story.who(Role.CELL_SECRETARY, cell).user)
    shown = words(main_of(secretary.get(reverse("choice", args=[choice.pk]))))
    assert f"{cell} được tập trung củng cố năm 2026." in shown
    assert "Gửi kiến nghị" in shown
    assert secretary.get(reverse("selection", args=[one.pk])).status_code == 403


def test_the_workbook_says_the_same_words(story: Support) -> None:
    client = desk(story)
    one = made(story, client)
    content = client.get(reverse("selection_export", args=[one.pk])).content
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        text = parts.read("xl/sharedStrings.xml").decode()
    assert "Yếu 1 lần xét; quy định cần 2 lần liền nhau." in text
    assert one.seed in text
    assert "Dữ liệu mô phỏng" in text


def test_an_address_that_leads_nowhere_is_not_found(story: Support) -> None:
    one = made(story, desk(story))
    client = desk(story)
    assert client.get(reverse("selection_act", args=[one.pk, "khong-co"])).status_code == 404
    stranger = f"{reverse('selection_override', args=[one.pk])}?don-vi={story.unit(PROVINCE)}"
    assert board(story).get(stranger).status_code == 404


def test_the_page_costs_the_same_for_few_units_and_many(story: Support) -> None:
    few, client = made(story, desk(story)), desk(story)
    below = made(story, office(story), capacity="1")
    counts = []
    for one in (few, below):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse("selection", args=[one.pk]) + "?phan=ca-bang")
        counts.append(len(queries))
    # Of another committee it is asked once more whether the desk acts for it.
    assert counts[1] <= counts[0] + 1
    assert counts[0] <= 45
