"""Quy định của tỉnh on the page: from a threshold that was tried to a dated rule and back."""

from __future__ import annotations

import copy
import re

import pytest
from django.test import Client

from tests.cast import AT, QUAN_MAU, Cast
from tests.pages.strengthening.story import assess_years, make_story
from vungmanh.access.viewer import viewer_for
from vungmanh.core.vocabulary import OwnRuleState, Role
from vungmanh.org.actions.own_rules import draft_rule
from vungmanh.org.models import OwnRule
from vungmanh.org.own_rules import rule_id

pytestmark = pytest.mark.django_db

ADOPT = "/can-cu/thu-nguong/dua-vao/?nguong=so-ky&so=6"
PAPER = {
    "issuer": "Ban Thường vụ Tỉnh ủy tỉnh Mẫu",
    "type": "Quyết định",
    "number": "12-QĐ/TU",
    "issued_on": "2017-01-10",
    "valid_from": "2017-02-01",
}


@pytest.fixture(scope="module")
def told(told_for_a_file: None) -> Cast:
    cast = make_story()
    assess_years(2017)
    return cast


@pytest.fixture
def cast(told: Cast, db: None) -> Cast:
    return copy.deepcopy(told)


@pytest.fixture
def analyst(client: Client, cast: Cast) -> Client:
    client.force_login(cast.user("phân tích", Role.PROVINCIAL_ANALYST))
    return client


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def adopted(analyst: Client) -> OwnRule:
    assert analyst.post(ADOPT, PAPER).status_code == 302
    return OwnRule.objects.get()


def test_a_trial_becomes_a_rule_with_its_document(analyst: Client) -> None:
    trial = analyst.get("/can-cu/thu-nguong/?nguong=so-ky&so=6").content.decode()
    assert 'href="/can-cu/thu-nguong/dua-vao/?nguong=so-ky&amp;so=6"' in trial
    form = words(analyst.get(ADOPT).content.decode())
    assert "từ 8 sang 6" in form
    rule = adopted(analyst)
    page = words(analyst.get(f"/can-cu/cua-tinh/{rule.pk}/").content.decode())
    assert "Quyết định số 12-QĐ/TU ngày 10/01/2017 của Ban Thường vụ Tỉnh ủy tỉnh Mẫu" in page
    assert "1 kỳ từ tháng 12/2017 còn tính theo ngưỡng cũ." in page.replace("\xa0", " ")


def test_nothing_of_the_document_is_filled_in_beforehand(analyst: Client) -> None:
    html = analyst.get(ADOPT).content.decode()
    for name in PAPER:
        field = re.search(rf'<input[^>]*name="{name}"[^>]*>', html)
        assert field is not None
        assert "value=" not in field[0]


def test_an_untried_threshold_is_not_adopted(analyst: Client) -> None:
    assert "Ngưỡng đang dùng là 8" in words(
        analyst.get("/can-cu/thu-nguong/dua-vao/?nguong=so-ky&so=8").content.decode()
    )
    refused = analyst.post("/can-cu/thu-nguong/dua-vao/?nguong=so-ky&so=8", PAPER)
    assert refused.status_code == 422
    assert not OwnRule.objects.exists()


def test_a_second_rule_over_the_same_days_is_refused_beside_its_field(analyst: Client) -> None:
    adopted(analyst)
    again = analyst.post(ADOPT.replace("so=6", "so=7"), {**PAPER, "number": "13-QĐ/TU"})
    assert again.status_code == 422
    field = again.content.decode().split('id="id_valid_from_error"')[1].split("</div>")[0]
    assert "Trùng ngày với" in field
    assert "Ghi ngày hết hiệu lực cho quy định ấy trước" in field


def test_judging_anew_moves_the_list_and_ends_withdrawing(analyst: Client) -> None:
    rule = adopted(analyst)
    analyst.post(f"/can-cu/cua-tinh/{rule.pk}/tinh-lai/")
    page = analyst.get(f"/can-cu/cua-tinh/{rule.pk}/").content.decode()
    assert "1 kỳ, từ tháng 12/2017. Vì thế không rút được nữa" in words(page).replace("\xa0", " ")
    assert f"/can-cu/cua-tinh/{rule.pk}/rut/" not in page
    cells = analyst.get("/nhan-dien/?cap=chi-bo&tt=weak").content.decode()
    assert "Chi bộ thôn Ăn Mẫu" in cells
    assert "Chi bộ thôn Đồi Mẫu" not in cells


def test_an_unused_rule_is_withdrawn_with_a_reason(analyst: Client) -> None:
    rule = adopted(analyst)
    withdraw = f"/can-cu/cua-tinh/{rule.pk}/rut/"
    assert analyst.post(withdraw, {"reason": ""}).status_code == 422
    assert analyst.post(withdraw, {"reason": "ghi nhầm"}).status_code == 302
    page = words(analyst.get(f"/can-cu/cua-tinh/{rule.pk}/").content.decode())
    assert "ghi nhầm" in page
    assert OwnRule.objects.get().state == OwnRuleState.WITHDRAWN
    assert "8" in words(analyst.get("/can-cu/thu-nguong/").content.decode())


def test_an_adopted_rule_stands_in_the_rulebook_as_the_provinces(analyst: Client) -> None:
    rule = adopted(analyst)
    html = analyst.get("/can-cu/?ky=2017-12").content.decode()
    entry = html.split(f'href="/can-cu/{rule_id(rule)}/"')[1].split("</li>")[0]
    assert "12-QĐ/TU" in entry
    page = analyst.get(f"/can-cu/{rule_id(rule)}/")
    assert page.status_code == 200
    shown = words(page.content.decode())
    assert "Phạm vi Tỉnh " in shown
    assert "Tỉnh tự ban hành, tự ghi" in shown


def test_a_draft_is_not_for_those_who_adopt_nothing(client: Client, cast: Cast) -> None:
    user = cast.user("phân tích", Role.PROVINCIAL_ANALYST)
    draft = draft_rule(
        key="fact_reason.secretary_vacant", title="Bản nháp thử", text="days: 60",
        by=viewer_for(user, on=AT.date()), at=AT,
    )  # fmt: skip
    client.force_login(cast.user("văn phòng", Role.COMMITTEE_OFFICE, QUAN_MAU))
    assert client.get(f"/can-cu/cua-tinh/{draft.pk}/").status_code == 404
    assert "Bản nháp thử" not in client.get("/can-cu/cua-tinh/").content.decode()
