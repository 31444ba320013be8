"""The screen font: Be Vietnam Pro with tabular figures added, cut down to what Vietnamese needs.

As published the font has no `tnum` feature ("1" is 385 units wide, "4" is 710), so columns of
figures do not line up. The ten digits are copied to one width, centred, and offered as `tnum`.
"""

from __future__ import annotations

import io
from importlib.resources import files
from typing import Any

WEIGHTS = {400: "Regular", 500: "Medium", 600: "SemiBold"}
FAMILY = "Be Vietnam Pro"

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TABULAR_SHARE = 0.94  # of the widest digit: narrower crowds "4", wider leaves holes round "1"

# Latin with Vietnamese, combining marks (text that arrives decomposed), punctuation, signs of
# arithmetic and money. What the font lacks is left out by the subsetter.
_RANGES = (
    (0x0020, 0x007E),
    (0x00A0, 0x017F),
    (0x01A0, 0x01B0),
    (0x0300, 0x0303),
    (0x0306, 0x0309),
    (0x031B, 0x031B),
    (0x0323, 0x0323),
    (0x1EA0, 0x1EF9),
    (0x2010, 0x2027),
    (0x2030, 0x203A),
    (0x20AB, 0x20AC),
    (0x2116, 0x2116),
    (0x2122, 0x2122),
    (0x2212, 0x2212),
    (0x2248, 0x2265),
)
CHARACTERS = [code for first, last in _RANGES for code in range(first, last + 1)]

# Shaping that running text needs, and ours. Fractions and style sets would double the size.
_FEATURES = ["ccmp", "locl", "mark", "mkmk", "kern", "liga", "tnum"]


def file_name(weight: int) -> str:
    """Of the served font, under fonts/."""
    return f"be-vietnam-pro-{weight}.woff2"


def face_css() -> str:
    """The @font-face rules, for a style sheet that stands beside the folder fonts/."""
    return "\n".join(
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; font-style: normal; '
        f'font-display: swap; src: url("fonts/{file_name(weight)}") format("woff2"); }}'
        for weight in WEIGHTS
    )


def build(weight: int) -> bytes:
    """The woff2 file of one weight. Takes about a second."""
    # Slow to import, and needed once per installation.
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    source = files("fontpkg_be_vietnam_pro") / f"files/BeVietnamPro-{WEIGHTS[weight]}.ttf"
    font = TTFont(io.BytesIO(source.read_bytes()), recalcTimestamp=False)
    add_tabular_figures(font)

    options = Options()
    options.layout_features = _FEATURES
    options.hinting = False
    options.name_IDs = [0, 1, 2, 13, 14]  # family and licence travel with the file
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=CHARACTERS)
    subsetter.subset(font)

    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def add_tabular_figures(font: Any) -> None:
    """Give a TrueType font a `tnum` feature: every digit as wide as 94 % of the widest."""
    from fontTools.pens.transformPen import TransformPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    glyphs, metrics = font.getGlyphSet(), font["hmtx"].metrics
    width = round(TABULAR_SHARE * max(metrics[name][0] for name in DIGITS))
    mapping = {}
    for name in DIGITS:
        shift = (width - metrics[name][0]) / 2
        pen = TTGlyphPen(None)
        glyphs[name].draw(TransformPen(pen, (1, 0, 0, 1, round(shift), 0)))
        copy = pen.glyph()
        copy.recalcBounds(font["glyf"])
        mapping[name] = f"{name}.tnum"
        font["glyf"][mapping[name]] = copy
        metrics[mapping[name]] = (width, copy.xMin)
    font.setGlyphOrder(font["glyf"].glyphOrder)
    _add_substitution(font["GSUB"].table, "tnum", mapping)


def _add_substitution(gsub: Any, tag: str, mapping: dict[str, str]) -> None:
    """Append a one-to-one substitution as a feature of every script and language."""
    from fontTools.otlLib.builder import buildSingleSubstSubtable
    from fontTools.ttLib.tables import otTables

    lookup = otTables.Lookup()
    lookup.LookupType, lookup.LookupFlag = 1, 0
    lookup.SubTable = [buildSingleSubstSubtable(mapping)]
    lookup.SubTableCount = 1
    gsub.LookupList.Lookup.append(lookup)
    gsub.LookupList.LookupCount = len(gsub.LookupList.Lookup)

    record = otTables.FeatureRecord()
    record.FeatureTag, record.Feature = tag, otTables.Feature()
    record.Feature.FeatureParams = None
    record.Feature.LookupListIndex = [gsub.LookupList.LookupCount - 1]
    record.Feature.LookupCount = 1
    records = gsub.FeatureList.FeatureRecord
    records.append(record)
    gsub.FeatureList.FeatureCount = len(records)
    for script in gsub.ScriptList.ScriptRecord:
        languages = [script.Script.DefaultLangSys]
        languages += [entry.LangSys for entry in script.Script.LangSysRecord]
        for language in filter(None, languages):
            language.FeatureIndex.append(len(records) - 1)
            language.FeatureCount = len(language.FeatureIndex)
