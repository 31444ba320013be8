"""What the rulebook does not say is told, with whom to ask."""

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
