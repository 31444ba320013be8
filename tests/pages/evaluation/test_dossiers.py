"""A dossier in the browser: every act by its form, with good and bad input, and who may not."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils.timezone import localdate

from tests.cast import LANG_THU, PROVINCE, QUAN_MAU
from tests.pages.evaluation.conftest import CELL, SECOND, Story
from tests.pages.strengthening.story import main_of, words
from vungmanh.core.vocabulary import DossierState, Role
from vungmanh.evaluation.models import Cycle

OFFICE, SECRETARY = Role.COMMITTEE_OFFICE, Role.CELL_SECRETARY
ANALYST, OVERSEER = Role.PROVINCIAL_ANALYST, Role.OVERSEER
GOOD, DONE = "tot", "hoan_thanh"


def page_of(story: Story, role: Role, unit: str, subject: str = CELL) -> str:
    client = story.as_(role, unit)
    return words(main_of(client.get(f"/xep-loai/ho-so/{story.dossier(subject).pk}/")))


def rated(story: Story) -> Story:
    story.as_(SECRETARY, CELL)
    assert story.post("rate_self", grade=GOOD, points="87,5").status_code == 302  # type: ignore[attr-defined]
    return story


def in_opinion(story: Story) -> Story:
    rated(story).as_(OFFICE)
    story.post("open_opinions")
    return story


def test_nothing_is_filled_in_beforehand(story: Story) -> None:
    client = story.as_(SECRETARY, CELL)
    answer = client.get(f"/xep-loai/ho-so/{story.dossier().pk}/")
    assert "chưa tự xếp loại năm 2019" in words(main_of(answer))
    assert '<option value="" selected>Chưa chọn</option>' in answer.content.decode()
    assert 'value="tot" selected' not in answer.content.decode()


def test_a_secretary_rates_the_own_cell(story: Story) -> None:
    rated(story)
    one = story.dossier()
    assert one.state == DossierState.SELF_RATED
    page = page_of(story, SECRETARY, CELL)
    assert f"{CELL} tự xếp “Hoàn thành tốt nhiệm vụ” năm 2019" in page
    assert "87,5" in page


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"grade": ""}, "bắt buộc"),
        ({"grade": GOOD, "points": "một trăm"}, "Không đọc được số điểm"),
        ({"grade": GOOD, "points": "101"}, "Tổng điểm từ 0 đến 100"),
        ({"grade": "vo_dich"}, "vo_dich"),
    ],
)
def test_a_self_rating_that_says_nothing_sound_comes_back(
    story: Story, fields: dict[str, str], told: str
) -> None:
    story.as_(SECRETARY, CELL)
    answer = story.post("rate_self", **fields)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert told in words(main_of(answer))  # type: ignore[arg-type]
    assert story.dossier().state == DossierState.WAITING


def test_a_self_rating_handed_in_twice_says_where_the_dossier_stands(story: Story) -> None:
    rated(story)
    answer = story.post("rate_self", grade=GOOD)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "chờ cấp quyết định mở lấy ý kiến" in words(main_of(answer))  # type: ignore[arg-type]


def test_an_act_that_does_not_exist_changes_nothing(story: Story) -> None:
    story.as_(SECRETARY, CELL)
    assert story.post("xoa").status_code == 422  # type: ignore[attr-defined]
    assert story.dossier().revision == 0


@pytest.mark.parametrize(("role", "unit"), [(OVERSEER, CELL), (ANALYST, PROVINCE)])
def test_who_does_not_speak_for_the_cell_does_not_rate_it(
    story: Story, role: Role, unit: str
) -> None:
    story.as_(role, unit)
    assert story.post("rate_self", grade=GOOD).status_code == 403  # type: ignore[attr-defined]
    assert story.dossier().state == DossierState.WAITING


@pytest.mark.parametrize(("role", "unit"), [(SECRETARY, SECOND), (OFFICE, LANG_THU)])
def test_a_stranger_acts_on_nothing(story: Story, role: Role, unit: str) -> None:
    story.as_(role, unit)
    assert story.post("rate_self", grade=GOOD).status_code == 404  # type: ignore[attr-defined]


def test_opinions_are_blind_until_one_has_said_ones_own(story: Story) -> None:
    in_opinion(story)
    story.post(
        "give_opinion", body=story.cycle.bodies[0], grade=DONE, reason="Việc tháng 6 chưa xong."
    )
    assert "Việc tháng 6 chưa xong." in page_of(story, OFFICE, QUAN_MAU)
    page = page_of(story, SECRETARY, CELL)
    assert "đã cho ý kiến, chưa mở" in page
    assert "Việc tháng 6 chưa xong." not in page


def test_an_opinion_apart_needs_a_reason_and_each_body_speaks_once(story: Story) -> None:
    in_opinion(story)
    bare = story.post("give_opinion", body=story.cycle.bodies[0], grade=DONE)
    assert bare.status_code == 422  # type: ignore[attr-defined]
    assert "ghi lý do" in words(main_of(bare))  # type: ignore[arg-type]
    assert story.post("give_opinion", body=story.cycle.bodies[0], grade=GOOD).status_code == 302  # type: ignore[attr-defined]
    twice = story.post("give_opinion", body=story.cycle.bodies[0], grade=GOOD)
    assert twice.status_code == 422  # type: ignore[attr-defined]
    assert story.dossier().entries.filter(act="give_opinion").count() == 1


def test_who_strengthened_the_cell_is_told_why_he_does_not_verify(story: Story) -> None:
    in_opinion(story)
    page = page_of(story, OVERSEER, CELL)
    assert "Việc đồng chí làm được bây giờ" not in page
    assert "được phân công phụ trách tổ chức này" in page


def test_verifying_and_proposing_keep_every_word_and_the_unit_reads_none_of_it(
    story: Story,
) -> None:
    in_opinion(story)
    story.post("give_opinion", body=story.cycle.bodies[1], grade=GOOD)
    assert story.post("verify", grade="", points="").status_code == 302  # type: ignore[attr-defined]
    assert story.post("propose", grade=DONE, reason="Hai việc muộn.").status_code == 302  # type: ignore[attr-defined]
    assert story.dossier().state == DossierState.PROPOSED
    assert "Hai việc muộn." in page_of(story, OFFICE, QUAN_MAU)
    assert "Hai việc muộn." not in page_of(story, SECRETARY, CELL)


def test_a_dossier_is_returned_with_a_reason_the_unit_reads(story: Story) -> None:
    rated(story).as_(OFFICE)
    assert story.post("return", reason="").status_code == 422  # type: ignore[attr-defined]
    story.post("return", reason="Thiếu số liệu quý IV.")
    page = page_of(story, SECRETARY, CELL)
    assert "Thiếu số liệu quý IV." in page
    assert story.post("rate_self", grade=DONE).status_code == 302  # type: ignore[attr-defined]
    assert story.dossier().self_grade == DONE


def test_a_control_character_comes_back_and_what_was_typed_stays(story: Story) -> None:
    rated(story).as_(OFFICE)
    answer = story.post("return", reason="Thiếu\x07 số liệu")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert story.dossier().state == DossierState.SELF_RATED


def test_criteria_are_typed_beside_facts_and_a_wrong_one_comes_back(story: Story) -> None:
    client = story.as_(SECRETARY, CELL)
    address = f"/xep-loai/ho-so/{story.dossier().pk}/"
    wrong = client.post(address, {"act": "write", "c-1.1": "gioi", "cu-1.1": ""})
    assert wrong.status_code == 422
    assert "không phải một mức" in words(main_of(wrong))
    assert story.dossier().answers == {}
    done = client.post(
        address, {"act": "write", "c-1.1": "tot", "cu-1.1": "", "c-1.2": "", "cu-1.2": ""}
    )
    assert done.status_code == 302
    assert story.dossier().answers == {"1.1": "tot"}
    page = words(main_of(client.get(address)))
    assert "Đã ghi 1 trong" in page
    assert "Kỳ họp đã họp" in page


def test_two_who_type_the_same_row_see_both_values(story: Story) -> None:
    client = story.as_(SECRETARY, CELL)
    address = f"/xep-loai/ho-so/{story.dossier().pk}/"
    client.post(address, {"act": "write", "c-1.1": "tot", "cu-1.1": ""})
    late = client.post(address, {"act": "write", "c-1.1": "kem", "cu-1.1": ""})
    assert late.status_code == 422
    assert "Nơi khác đã ghi Tốt" in words(main_of(late))
    assert story.dossier().answers == {"1.1": "tot"}
    assert (
        client.post(address, {"act": "write", "c-1.1": "kem", "cu-1.1": "tot"}).status_code == 302
    )


def test_nobody_else_types_into_a_dossier(story: Story) -> None:
    story.as_(SECRETARY, CELL)
    client = story.as_(OFFICE)
    address = f"/xep-loai/ho-so/{story.dossier().pk}/"
    assert client.post(address, {"act": "write", "c-1.1": "tot", "cu-1.1": ""}).status_code == 403


def test_the_office_writes_what_came_on_paper_from_a_cell_without_an_account(story: Story) -> None:
    client = story.as_(OFFICE)
    address = f"/xep-loai/ho-so/{story.dossier().pk}/"
    assert "theo bản giấy" in words(main_of(client.get(address)))
    assert client.post(address, {"act": "write", "c-1.1": "tot", "cu-1.1": ""}).status_code == 302
    assert story.dossier().answers == {"1.1": "tot"}
    story.as_(SECRETARY, CELL)  # now there is somebody of its own
    client = story.as_(OFFICE)
    assert "theo bản giấy" not in words(main_of(client.get(address)))
    assert client.post(address, {"act": "write", "c-1.1": "kem", "cu-1.1": ""}).status_code == 403


def test_whoever_wrote_it_from_paper_does_not_verify_it(story: Story) -> None:
    story.as_(OFFICE)
    story.post("rate_self", grade=GOOD, points="87,5")
    story.post("open_opinions")
    page = words(main_of(story.client.get(f"/xep-loai/ho-so/{story.dossier().pk}/")))
    assert "đã nộp bản tự xếp loại này nên không thẩm định" in page
    assert story.dossier().state == "in_opinion"


def test_who_answers_a_complaint_reads_what_it_objects_to(story: Story) -> None:
    in_opinion(story)
    story.post("verify", grade="", points="")
    story.post("propose", grade=GOOD, points="87,5")
    story.post("decide", grade=GOOD)
    story.post("notify")
    story.as_(SECRETARY, CELL)
    assert story.post("complain", reason="Kinh phí về muộn.").status_code == 302  # type: ignore[attr-defined]
    page = page_of(story, OFFICE, QUAN_MAU).split("Lịch sử", 1)
    assert "Kiến nghị không nhất trí với “Hoàn thành tốt nhiệm vụ”" in page[0]
    assert "Kinh phí về muộn." in page[0]
    assert "Kiến nghị: Hoàn thành tốt" not in page[1], "nobody complains for the grade it has"


def test_the_day_beside_the_next_step_is_the_day_of_that_step(story: Story) -> None:
    Cycle.objects.update(deadlines={"give_opinion": "2019-12-12", "verify": "2019-12-18"})
    in_opinion(story)
    assert "cho ý kiến (cấp quyết định), hạn 12/12/2019" in page_of(story, OFFICE, QUAN_MAU)
    for body in story.cycle.bodies:
        story.post("give_opinion", body=body, grade=GOOD)
    assert "thẩm định (cấp quyết định), hạn 18/12/2019" in page_of(story, OFFICE, QUAN_MAU)


def test_a_self_rating_to_be_handed_in_stands_among_the_things_of_the_day(story: Story) -> None:
    Cycle.objects.update(deadlines={"rate_self": "2019-12-05"})

    def told() -> str:
        return words(main_of(story.as_(SECRETARY, CELL).get("/viec-hom-nay/")))

    assert "Nộp bản tự xếp loại năm 2019 hạn 05/12/2019, quá" in told()
    assert "Nộp bản" not in words(main_of(story.as_(OFFICE).get("/viec-hom-nay/")))
    later = str(localdate() + dt.timedelta(days=3))
    story.as_(SECRETARY, CELL).post("/viec-hom-nay/", {"act": "mute", "until": later})
    assert "Nộp bản" not in told()
    rated(story)
    assert "Nộp bản" not in told()
