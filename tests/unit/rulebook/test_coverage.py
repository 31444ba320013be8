"""What the rulebook does not say is told, with whom to ask."""

import pytest

from vungmanh.rulebook import shipped_rulebook
from vungmanh.rulebook.coverage import coverage
from vungmanh.rulebook.values import VALUE_CLASSES
from vungmanh.rulebook.values.words import CoverageState

ITEMS = coverage()


def test_every_rule_key_is_named_by_exactly_one_item():
    named = [key for item in ITEMS for key in item.keys]
    assert sorted(named) == sorted(VALUE_CLASSES)


def test_what_is_not_fully_modelled_says_what_is_missing_and_whom_to_ask():
    for item in ITEMS:
        is_whole = item.state is CoverageState.MODELLED
        assert is_whole == (item.missing == "")
        assert is_whole == (item.ask == "")
        assert item.keys or not is_whole


def test_no_item_is_listed_twice_and_every_state_is_used():
    assert len({item.code for item in ITEMS}) == len(ITEMS)
    assert {item.state for item in ITEMS} == set(CoverageState)


def test_nothing_that_rests_on_a_template_today_is_called_modelled():
    templates = {rule.key for rule in shipped_rulebook().rules if rule.id.startswith("MAU-")}
    whole = {key for item in ITEMS if item.state is CoverageState.MODELLED for key in item.keys}
    assert whole & templates == set()


@pytest.mark.parametrize(
    "rule_id", ["QD294-2025-co-so-tinh", "QD124-2023-ty-le-xuat-sac", "QD124-2023-dieu-kien"]
)
def test_what_is_our_own_reading_is_shown_as_to_be_checked(rule_id):
    (rule,) = (one for one in shipped_rulebook().rules if one.id == rule_id)
    assert rule.caution == "cần kiểm tra"
    assert rule.note


def test_the_first_ground_of_2014_asks_for_no_conclusion():
    (rule,) = (one for one in shipped_rulebook().rules if one.id == "HD27-2014-dieu-kien")
    ground = rule.value.demand("yeu_kem").conditions[0]
    assert ground.text == "Cấp ủy hoặc ban thường vụ mất đoàn kết"


def test_what_is_read_and_not_asked_for_is_told():
    items = {one.code: one for one in coverage()}
    for code in ("mau-so-du-hop", "quy-dinh-theo-khoi-don-vi"):
        assert items[code].state is CoverageState.PARTLY
        assert items[code].ask
