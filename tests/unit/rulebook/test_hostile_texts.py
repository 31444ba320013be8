"""Whatever is typed or pasted for a rule is read or refused with its line, and soon."""

import pytest

from vungmanh.rulebook import RulebookError
from vungmanh.rulebook.sheet_text import parse_sheet
from vungmanh.rulebook.strict_yaml import LONGEST, read_yaml

LAUGHS = "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\n"

#: Each with the line that is told.
UNREADABLE = {
    "a list as a key": ("x: 1\n{[a]: b}", ""),
    "a mapping as a key": ("{[a]: b}", "dòng 1"),
    "brackets without end": ("[" * 3000, "lồng nhau quá sâu"),
    "dashes without end": ("- " * 3000, "lồng nhau quá sâu"),
    "a number of 5000 digits": ("x: 1\ny: " + "9" * 5000, "dòng 2"),
    "a part of itself": ("&a [*a]", "dấu & và dấu *"),
    "many parts of parts": (LAUGHS, "dòng 1"),
    "a kind of another": ("!!bool x", "dấu !"),
    "a set": ("!!set {a, b}", "dấu !"),
    "a Python object": ("!!python/object/apply:os.system [ls]", "dấu !"),
    "half a character": ('x: "\\ud800"', "dòng 1"),
    "a text too long": ("x" * (LONGEST + 1), "60.000"),
    "a merged key": ("<<: 1", "dòng 1"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_refused_with_its_line(name):
    text, said = UNREADABLE[name]
    with pytest.raises(RulebookError) as caught:
        read_yaml(text, file="")
    assert caught.value.code == "bad-yaml"
    assert said in caught.value.message


@pytest.mark.parametrize("text", ["{1: a}", "{null: a}", "{2020-01-01: a}", "1", "", "[]", "x"])
def test_what_is_no_sheet_is_refused_with_what_is_allowed(text):
    with pytest.raises(RulebookError):
        parse_sheet(text)


NUMBERS = [
    "9" * 400,
    "-5",
    ".inf",
    "1e400",
    "1/" + "9" * 400,
    "0x" + "f" * 300,
    "1:2:3",
    "[]",
    "{}",
]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("place", ["points", "total", "bound"])
def test_a_number_nobody_can_reckon_with_is_refused(number, place):
    points, total, bound = (number if place == one else "5" for one in ("points", "total", "bound"))
    text = (
        f"total: {total}\nrescale: none\ngroups:\n  - code: A\n    title: A\n    points: 5\n"
        f"    criteria: [{{code: A1, text: x, points: {points}, measure: count,"
        f" levels: [{{points: 5, at_least: {bound}}}]}}]\n"
    )
    if number == "1:2:3" and place == "bound":
        assert parse_sheet(text).criteria[0].levels[0].at_least.plus == 3723  # as YAML has it
        return
    with pytest.raises(RulebookError):
        parse_sheet(text)
