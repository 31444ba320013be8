"""Every pair of colours that carries text or meaning, in light and dark (WCAG 2.2 AA)."""

from __future__ import annotations

import re

import pytest

from vungmanh.web.assets import STYLES

TEXT, SHAPE = 4.5, 3.0
PAIRS = [
    ("ink", "paper", TEXT), ("ink", "sheet", TEXT), ("ink", "sunk", TEXT),
    ("ink-2", "paper", TEXT), ("ink-2", "sunk", TEXT), ("ink-2", "sheet", TEXT),
    ("ink-3", "paper", TEXT), ("ink-3", "sunk", TEXT), ("ink-3", "sheet", TEXT),
    ("red", "paper", TEXT), ("red", "sheet", TEXT), ("on-red", "red", TEXT),
    ("paper", "ink", TEXT), ("paper", "ink-2", TEXT), ("ochre", "ochre-wash", TEXT),
    ("on-held", "held", TEXT), ("missed", "sheet", TEXT),
    ("rule-firm", "paper", SHAPE), ("rule-firm", "sheet", SHAPE),
    ("focus", "paper", SHAPE), ("focus", "sheet", SHAPE), ("focus", "sunk", SHAPE),
    ("held", "paper", SHAPE), ("held", "sheet", SHAPE),
    ("silent", "paper", SHAPE), ("silent", "sheet", SHAPE),
    ("excused", "sunk", SHAPE), ("excused", "sheet", SHAPE),
    ("ink", "share-0", TEXT), ("on-share-1", "share-1", TEXT), ("on-share-2", "share-2", TEXT),
    ("on-share-3", "share-3", TEXT), ("on-share-4", "share-4", TEXT),
    ("line", "band", SHAPE), ("line-2", "band", SHAPE), ("band-edge", "band", SHAPE),
]  # fmt: skip


def themes() -> dict[str, dict[str, str]]:
    css = (STYLES / "tokens.css").read_text(encoding="utf-8")
    light, dark = css.split("@media screen and (prefers-color-scheme: dark)")

    def values(text: str) -> dict[str, str]:
        return dict(re.findall(r"--([\w-]+):\s*(#\w+|var\(--[\w-]+\))", text))

    return {"light": values(light), "dark": values(light) | values(dark)}


def colour(tokens: dict[str, str], name: str) -> str:
    value = tokens[name]
    return colour(tokens, value[6:-1]) if value.startswith("var(") else value


def luminance(value: str) -> float:
    digits = value[1:] if len(value) == 7 else "".join(one * 2 for one in value[1:])
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_on_white_is_twenty_one() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_contrast_is_enough(theme: str, front: str, ground: str, least: float) -> None:
    tokens = themes()[theme]
    assert contrast(colour(tokens, front), colour(tokens, ground)) >= least


def test_the_dark_theme_changes_every_colour_that_must_change() -> None:
    css = (STYLES / "tokens.css").read_text(encoding="utf-8")
    parts = css.split("@media screen and (prefers-color-scheme: dark)")
    light, dark = (set(re.findall(r"--([\w-]+):\s*#", part)) for part in parts)
    assert light - dark == set()
