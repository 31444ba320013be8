"""Biên bản giống nhau in the browser's eyes: who sees which text, what is marked, who says what."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import travel

from tests.cast import AT, LANG_THU, PROVINCE, QUAN_MAU, Cast
from tests.contract.test_lookalikes import CELL, FAR, NEXT, NOVEMBER, THIRD, file
from tests.pages.lookalikes.conftest import sign_in
from vungmanh.access.models import User
from vungmanh.access.viewer import viewer_for
from vungmanh.core.vocabulary import LikenessOutcome, Role
from vungmanh.meetings.actions.lookalikes import compare_new_texts
from vungmanh.meetings.actions.reports import record_reports
from vungmanh.meetings.lookalikes import same_scores
from vungmanh.meetings.models import TextLikeness

pytestmark = pytest.mark.django_db
LIST = "/bien-ban-giong-nhau/"


def words(response: HttpResponse) -> str:
    assert response.status_code in (200, 422)
    main = re.search(r"<main.*?</main>", response.content.decode(), re.S)
    assert main is not None
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", main[0])))


def analyst_of(cast: Cast) -> User:
    return User.objects.get(username=f"{Role.PROVINCIAL_ANALYST}.{PROVINCE}")


def of(cast: Cast, cell: str) -> str:
    return f"{LIST}{TextLikeness.objects.get(unit_id=cast[cell]).pk}/"


@pytest.fixture
def analyst(cast: Cast) -> Client:
    return sign_in(cast, Role.PROVINCIAL_ANALYST, PROVINCE)


@pytest.fixture
def office(cast: Cast) -> Client:
    return sign_in(cast, Role.COMMITTEE_OFFICE, LANG_THU)


def test_the_list_asks_for_a_look_and_accuses_nobody(analyst: Client) -> None:
    page = words(analyst.get(LIST))
    assert "Mời xem lại 2 biên bản; 0 biên bản đã có người xem." in page
    assert "Giống biên bản của chi bộ khác" in page
    assert not re.search("gian dối|gian lận|vi phạm|sao chép trái", page.lower())


def test_both_texts_stand_side_by_side_with_what_is_alike_marked(
    analyst: Client, cast: Cast
) -> None:
    response = analyst.get(of(cast, NEXT))
    source = response.content.decode()
    assert source.count("<mark>") >= 2
    assert "<script>" not in re.sub(r"<script [^>]*>", "", source)
    page = words(response)
    assert page.count("nạo vét mương Nà Pài") == 2
    assert f"giống biên bản của {CELL}" in page
    assert "checked" not in re.search(r"<form class=.*?</form>", source, re.S)[0]


def test_who_may_not_see_the_other_learns_only_that_there_is_one(
    office: Client, cast: Cast
) -> None:
    page = words(office.get(of(cast, FAR)))
    assert "giống biên bản của một chi bộ khác" in page
    assert page.count("nạo vét mương Nà Pài") == 1
    assert CELL not in page
    assert "Quan Mẫu" not in page
    assert CELL not in words(office.get(LIST))


def test_a_stranger_finds_nothing_and_an_overseer_may_not_ask(cast: Cast) -> None:
    neighbour = sign_in(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    assert neighbour.get(of(cast, FAR)).status_code == 404
    assert neighbour.post(of(cast, FAR), {"outcome": "template"}).status_code == 404
    overseer = sign_in(cast, Role.OVERSEER, NEXT)
    assert overseer.get(LIST).status_code == 403
    assert overseer.get(of(cast, NEXT)).status_code == 403


def test_a_person_says_what_it_is_with_a_reason_and_may_reopen(office: Client, cast: Cast) -> None:
    where = of(cast, FAR)
    empty = office.post(where, {"outcome": "", "note": "Đã hỏi."})
    assert empty.status_code == 422
    assert office.post(where, {"outcome": "same_event", "note": "x"}).status_code == 422
    told = office.post(where, {"outcome": "same_event", "note": "Hai thôn họp chung."}, follow=True)
    assert "Cùng một việc, cùng buổi họp : Hai thôn họp chung." in words(told)
    assert TextLikeness.objects.get(unit_id=cast[FAR]).outcome == LikenessOutcome.SAME_EVENT
    page = words(office.get(f"{LIST}?gd=da-xem"))
    assert "Đã xem hết: 1 biên bản đều có người kết luận." in page
    assert "chưa đủ để nói (1 lần xem)" in page
    assert office.post(f"{where}mo-lai/", {"reason": ""}).status_code == 422
    assert "chờ người xem" in words(
        office.post(f"{where}mo-lai/", {"reason": "Hai thôn không họp chung."}, follow=True)
    ) or "Mời xem lại" in words(office.get(where))
    assert TextLikeness.objects.get(unit_id=cast[FAR]).outcome == ""


def test_a_rule_is_chosen_and_an_unknown_one_is_no_error(analyst: Client) -> None:
    assert "Không còn biên bản nào chờ xem" in words(analyst.get(f"{LIST}?vi-sao=empty"))
    assert NEXT in words(analyst.get(f"{LIST}?vi-sao=whole"))
    assert NEXT in words(analyst.get(f"{LIST}?vi-sao=khac&gd=khac"))


def test_the_list_asks_as_often_for_one_as_for_three(analyst: Client, cast: Cast) -> None:
    TextLikeness.objects.filter(unit_id=cast[FAR]).delete()
    analyst.get(LIST)
    with CaptureQueriesContext(connection) as one:
        analyst.get(LIST)
    file(cast, THIRD, NOVEMBER, "Chi bộ họp, nhất trí cao.", hour=4)
    compare_new_texts(by=None, at=AT)
    assert TextLikeness.objects.count() == 3
    with CaptureQueriesContext(connection) as three:
        analyst.get(LIST)
    assert len(one) == len(three)


def test_with_nothing_found_the_list_says_so(analyst: Client) -> None:
    TextLikeness.objects.all().delete()
    page = words(analyst.get(LIST))
    assert "Chưa có biên bản nào cần xem lại" in page
    assert "Mỗi đêm máy so lại" in page


def test_a_cell_that_gives_itself_the_same_score_each_month_is_told_as_a_count(
    analyst: Client, cast: Cast
) -> None:
    def scored(cell: str, scores: list[int]) -> None:
        record_reports(
            reports=[
                {
                    "unit": cast[cell], "month": dt.date(2019, place + 1, 1), "state": "held",
                    "note": "", "score": score,
                }
                for place, score in enumerate(scores)
            ],
            source=None, by=None, at=AT,
        )  # fmt: skip

    scored(CELL, [95] * 8)
    scored(THIRD, [95] * 7 + [90])
    scored(FAR, [98] * 5)
    found = same_scores(viewer_for(analyst_of(cast), on=NOVEMBER), NOVEMBER)
    assert [(one.unit_id, one.months, one.score) for one in found] == [(cast[CELL], 8, 95)]
    with travel(dt.datetime(2019, 11, 20, 5, tzinfo=dt.UTC), tick=False):
        page = words(analyst.get(LIST))
    assert "Điểm tự chấm tháng nào cũng như nhau" in page
    assert f"{CELL} 8 95" in page
    assert "Có khi đúng vậy" in page


def test_the_cell_sees_its_own_finding_without_the_other_and_answers(cast: Cast) -> None:
    one = TextLikeness.objects.get(unit_id=cast[FAR])
    secretary = sign_in(cast, Role.CELL_SECRETARY, FAR)
    page = words(secretary.get(LIST))
    assert "Mời xem lại 1 biên bản" in page
    assert "Máy nêu có đúng không" not in page
    response = secretary.get(of(cast, FAR))
    assert "một chi bộ khác" in words(response)
    assert CELL not in response.content.decode()
    said = {"act": "answer", "answer": "Hai chi bộ nghe chung một báo cáo rồi mới bàn riêng."}
    assert secretary.post(of(cast, FAR), {"act": "answer", "answer": "a"}).status_code == 422
    assert secretary.post(of(cast, FAR), said).status_code == 302
    one.refresh_from_db()
    assert one.answer == said["answer"]
    assert said["answer"] in words(
        sign_in(cast, Role.COMMITTEE_OFFICE, LANG_THU).get(of(cast, FAR))
    )
    assert secretary.post(
        of(cast, FAR), {"outcome": "false_alarm", "note": "Không"}
    ).status_code in (
        403,
        422,
    )
    one.refresh_from_db()
    assert one.outcome == ""
    neighbour = sign_in(cast, Role.CELL_SECRETARY, CELL)
    assert neighbour.get(of(cast, FAR)).status_code == 404
    assert neighbour.post(of(cast, FAR), said).status_code == 404
