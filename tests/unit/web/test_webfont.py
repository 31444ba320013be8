"""The web font: figures of one width, and no Vietnamese letter missing."""

from __future__ import annotations

import io
import unicodedata
from itertools import product
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from vungmanh.web import webfont

TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
VOWELS = "aăâeêioôơuưy"
LETTERS = {
    unicodedata.normalize("NFC", vowel + tone)
    for vowel, tone in product(VOWELS + VOWELS.upper(), TONES)
} | set("đĐ")
SIGNS = "0123456789₫–—…“”‘’≠≤≥−×÷%/()[];:!?\u00a0"


@pytest.fixture(scope="module", params=webfont.WEIGHTS)
def font(request: pytest.FixtureRequest) -> TTFont:
    return TTFont(io.BytesIO(webfont.build(request.param)))


def tabular(font: TTFont) -> dict[str, str]:
    """What the `tnum` feature puts in the place of each glyph."""
    gsub: Any = font["GSUB"].table
    records = [one for one in gsub.FeatureList.FeatureRecord if one.FeatureTag == "tnum"]
    lookups = {index for one in records for index in one.Feature.LookupListIndex}
    mapping: dict[str, str] = {}
    for index in lookups:
        for table in gsub.LookupList.Lookup[index].SubTable:
            mapping |= getattr(table, "ExtSubTable", table).mapping
    return mapping


def test_figures_one_and_four_are_equally_wide_with_tnum(font: TTFont) -> None:
    cmap, metrics, mapping = font.getBestCmap(), font["hmtx"], tabular(font)

    def width(text: str, feature: bool) -> int:
        glyphs = [cmap[ord(one)] for one in text]
        return sum(metrics[mapping[name] if feature else name][0] for name in glyphs)

    assert width("1111", feature=True) == width("4444", feature=True)
    assert width("1111", feature=False) < width("4444", feature=False)  # as published
    assert len({width(digit, feature=True) for digit in "0123456789"}) == 1


def test_figures_stand_in_the_middle_of_their_width(font: TTFont) -> None:
    """What is gained or lost in width is shared evenly between left and right."""
    for published, name in tabular(font).items():
        old_width, old_left = font["hmtx"][published]
        width, left = font["hmtx"][name]
        assert abs((left - old_left) - (width - old_width) / 2) <= 0.5, name


def test_tnum_is_offered_for_every_script_and_language(font: TTFont) -> None:
    gsub: Any = font["GSUB"].table
    tags = [one.FeatureTag for one in gsub.FeatureList.FeatureRecord]
    for script in gsub.ScriptList.ScriptRecord:
        languages = [script.Script.DefaultLangSys]
        languages += [one.LangSys for one in script.Script.LangSysRecord]
        for language in languages:
            assert "tnum" in {tags[index] for index in language.FeatureIndex}


def test_every_vietnamese_letter_and_sign_is_there(font: TTFont) -> None:
    present = set(font.getBestCmap())
    assert len(LETTERS) == 146
    assert {one for one in LETTERS | set(SIGNS) if ord(one) not in present} == set()


def test_decomposed_text_has_its_combining_marks(font: TTFont) -> None:
    present = set(font.getBestCmap())
    assert set(map(ord, TONES[1:])) | {0x0302, 0x0306, 0x031B} <= present


def test_a_weight_stays_small_enough_for_a_slow_line(font: TTFont) -> None:
    out = io.BytesIO()
    font.save(out)
    assert len(out.getvalue()) < 30_000


def test_building_twice_gives_the_same_bytes() -> None:
    assert webfont.build(400) == webfont.build(400)
