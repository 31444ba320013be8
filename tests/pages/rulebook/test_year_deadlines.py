"""The province lays down the days of the yearly rating; a cycle opened then goes by them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from tests.cast import PROVINCE, QUAN_MAU, Cast, make_cast
from vungmanh.access.viewer import viewer_for
from vungmanh.core.errors import NotNow
from vungmanh.core.vocabulary import Role
from vungmanh.evaluation.actions.cycles import open_cycle
from vungmanh.org.models import OwnRule
from vungmanh.org.own_rules import rule_id
from vungmanh.strengthening.actions.own_rules import months_judged_by, withdraw_rule

pytestmark = pytest.mark.django_db
ADDRESS = "/can-cu/han-xep-loai/"
PAPER = {
    "issuer": "Ban Thường vụ Tỉnh ủy tỉnh Mẫu", "type": "Hướng dẫn", "number": "3-HD/TU",
    "issued_on": "2019-01-10", "valid_from": "2019-02-01",
}  # fmt: skip
DAYS = {"rate_self": "10/12", "decide": "25/12", "notify": "20/1", "notify-sau": "on"}


@pytest.fixture
def cast() -> Cast:
    return make_cast(last=dt.date(2016, 12, 1))


@pytest.fixture
def analyst(client: Client, cast: Cast) -> Client:
    client.force_login(cast.user("phân tích", Role.PROVINCIAL_ANALYST, PROVINCE))
    return client


def test_days_of_the_province_hold_for_the_cycles_opened_then(analyst: Client, cast: Cast) -> None:
    assert 'value="5/12"' not in analyst.get(ADDRESS).content.decode(), "nothing is filled in"
    assert ADDRESS in analyst.get("/can-cu/MAU-han-xep-loai/").content.decode()
    assert analyst.post(ADDRESS, {**PAPER, **DAYS}).status_code == 302
    rule = OwnRule.objects.get()
    assert "10/12" in analyst.get(f"/can-cu/cua-tinh/{rule.pk}/").content.decode()
    user = cast.user("vp", Role.COMMITTEE_OFFICE, QUAN_MAU)
    by, at = viewer_for(user, on=dt.date(2020, 1, 3)), dt.datetime(2020, 1, 3, 1, tzinfo=dt.UTC)
    cycle = open_cycle(unit_id=cast[QUAN_MAU], year=2019, by=by, at=at)
    assert cycle.deadlines == {
        "rate_self": "2019-12-10", "decide": "2019-12-25", "notify": "2020-01-20",
    }  # fmt: skip
    assert cycle.rules["grade_deadlines"] == rule_id(rule)
    assert months_judged_by(rule) == [], "no assessment reads the days of a rating"
    with pytest.raises(NotNow, match="Đảng bộ xã Quan Mẫu làm theo quy định này") as caught:
        withdraw_rule(
            own_rule_id=rule.pk, reason="Nhầm.", at=at,
            by=viewer_for(cast.user("pt2", Role.PROVINCIAL_ANALYST, PROVINCE), on=by.on),
        )  # fmt: skip
    assert caught.value.code == "own-rule-used"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({}, "Ghi hạn của ít nhất một bước"),
        ({"rate_self": "31/2"}, "không năm nào cũng có ngày 31/2"),
        ({"rate_self": "mai"}, "Ghi ngày/tháng, ví dụ 5/12"),
        ({"rate_self": "20/12", "decide": "5/12"}, "“Quyết định mức” (5/12) sớm hơn hạn"),
        ({"decide": "5/1", "rate_self": "5/12"}, "sớm hơn hạn"),
    ],
)
def test_days_that_cannot_stand_are_told_at_their_step_and_nothing_is_kept(
    analyst: Client, days: dict[str, str], said: str
) -> None:
    answer = analyst.post(ADDRESS, {**PAPER, **days})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'value="3-HD/TU"' in answer.content.decode(), "what was typed stays"
    assert not OwnRule.objects.exists()
