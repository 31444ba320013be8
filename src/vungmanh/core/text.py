"""Vietnamese text: normal form, search text, sort keys, matching keys, numbers and dates.

The embedded database has no ICU, so order and search rest on values computed here and stored.
Two traps: dropping non-ASCII after decomposition deletes đ, and code-point order puts "đ" last and
"doanh" before "dân".
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

NBSP = "\u00a0"

#: Letters that look like đ but are not: typed by old keyboards and foreign fonts.
_LOOKALIKES = str.maketrans({"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ"})

GRAVE, HOOK, TILDE, ACUTE, DOT_BELOW = "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"
_TONES = (GRAVE, HOOK, TILDE, ACUTE, DOT_BELOW)  # huyền, hỏi, ngã, sắc, nặng: the sorting order


def nfc(s: str) -> str:
    """The text in composed normal form, in which everything is stored."""
    return unicodedata.normalize("NFC", s)


def fold(s: str) -> str:
    """The search text: lower case, no diacritics, đ→d, spaces squashed, nothing invisible."""
    decomposed = unicodedata.normalize("NFD", s.translate(_LOOKALIKES).lower())
    kept = "".join(c for c in decomposed if unicodedata.category(c) not in ("Mn", "Cf"))
    return " ".join(kept.replace("đ", "d").split())


def same_words_key(s: str) -> str:
    """Equal for two texts of the same words, whatever their diacritics, case, punctuation, spaces.

    For headers ("TT", "Tổng số  đảng viên:"). It forgets tones, so it cannot tell thôn Hòa from
    thôn Hóa: names are compared with `same_name_key` first.
    """
    return " ".join(_WORD.findall(fold(s)))


def same_name_key(s: str) -> str:
    """Equal for two spellings of one name: case, punctuation, spaces, old or new tone placement.

    Diacritics count: "Hòa" equals "Hoà" and "HÒA", not "Hóa" or "Hoa".
    """
    visible = "".join(c for c in s if unicodedata.category(c) != "Cf")
    spelled = place_tones(visible.translate(_LOOKALIKES)).lower()
    return " ".join(_WORD.findall(spelled))


_WORD = re.compile(r"[^\W_]+")


def place_tones(s: str) -> str:
    """The text with the tone where Party documents put it: hòa, khỏe, ủy; toán, quý, già.

    Only oa, oe, uy and the syllables in qu- and gi- are ever written in two ways; everything else
    is left alone. NFC in the result.
    """
    decomposed = unicodedata.normalize("NFD", s)
    return nfc(_INITIAL.sub(r"\1\3\2", _CLOSED.sub(r"\1\3\2", _OPEN.sub(r"\1\3\2", decomposed))))


# Patterns over decomposed text. Group 2 and 3 change places. No letter follows an open syllable,
# and "not a letter" must also exclude marks, which \w does not know.
_MARKS = "\u0300-\u036f"
_TONE = "[" + "".join(_TONES) + "]"
_OPEN = re.compile(rf"(?i)((?<!q)u(?=y)|o(?=[ae]))([ae]|y)({_TONE})(?![^\W_]|[{_MARKS}])")
_CLOSED = re.compile(rf"(?i)((?<!q)u(?=.y)|o(?=.[ae]))({_TONE})([aey][{_MARKS}]*)(?=[^\W_])")
_INITIAL = re.compile(rf"(?i)(qu|gi)({_TONE})([aeiouy][\u0302\u0306\u031b]*)")


# --- order -----------------------------------------------------------------------------------

# The order of the Unicode collation for signs, then digits, then the Vietnamese alphabet.
# Signs in one group differ only at the last level.
_SIGNS = "_ - – — , ; : ! ? . '‘’ \"“” ( ) [ ] { } § @ * / \\ & # % ` ^ ° + < = > | ~ $ ₫ €"
_ALPHABET = "a ă â b c d đ e ê f g h i j k l m n o ô ơ p q r s t u ư v w x y z"


def _primary_weights() -> dict[str, tuple[int, int]]:
    groups = ["\t", "\n", "\v", "\f", "\r", " " + NBSP, *_SIGNS.split()]
    groups += [*"0123456789", *_ALPHABET.split()]
    # Weights 0 and 1 are taken: the end of a level, and a letter without a mark.
    return {
        character: (weight, variant)
        for weight, group in enumerate(groups, start=2)
        for variant, character in enumerate(group, start=1)
    }


_PRIMARY = _primary_weights()
_OTHER = 0xFA  # every other character stands behind z, in code-point order
_EXPANDED = str.maketrans({"…": "..."})


def sort_key(s: str) -> bytes:
    """Bytes whose order is that of the Vietnamese collation (CLDR `vi`): stored beside each name.

    Letters decide first (a ă â … d đ …, space before all), then tones (ngang, huyền, hỏi, ngã,
    sắc, nặng), then case (small before capital). Checked against ICU on names, words, digits and
    the signs of a Vietnamese keyboard; other scripts come last, in code-point order.
    """
    letters, marks, cases = bytearray(), bytearray(), bytearray()
    for character in nfc(s).translate(_LOOKALIKES).translate(_EXPANDED):
        letter, mark, case = _weights(character)
        letters += letter
        marks += mark
        cases += case
    return bytes(letters) + b"\0" + marks.rstrip(b"\x01") + b"\0" + cases.rstrip(b"\x01")


def name_key(s: str) -> bytes:
    """`sort_key` with numbers in their order: số 1, số 2, số 10. By this units are listed by name.

    Assessments keep the plain `sort_key` of a name: it is part of sealed results.
    """
    return sort_key(_NUMBER.sub(lambda found: found[0].zfill(_DIGITS), s))


_NUMBER, _DIGITS = re.compile(r"[0-9]+"), 6


@lru_cache(maxsize=4096)
def _weights(character: str) -> tuple[bytes, bytes, bytes]:
    """Letter, mark and case weights of one composed character."""
    base, marks = _split_marks(character)
    mark_weights = bytes(_mark_weight(mark) for mark in marks)
    if not base:
        return b"", mark_weights, b""
    lower = base.lower()
    if lower in _PRIMARY:
        weight, variant = _PRIMARY[lower]
        case = variant if base == lower else variant + 1
        return bytes([weight]), b"\x01" + mark_weights, bytes([case])
    if unicodedata.category(base[0]) in ("Cc", "Cf"):
        return b"", b"", b""  # invisible: it must not part two equal names
    case = 1 if base == lower else 2
    return bytes([_OTHER]) + lower.encode("utf-8", "replace"), b"\x01" + mark_weights, bytes([case])


def _split_marks(character: str) -> tuple[str, list[str]]:
    """The letter (ă, â, ê, ô, ơ, ư count as letters) and the other marks upon it."""
    base, marks = "", []
    for part in unicodedata.normalize("NFD", character):
        if unicodedata.category(part) != "Mn":
            base += part
        elif nfc(base + part).lower() in _PRIMARY:
            base = nfc(base + part)
        else:
            marks.append(part)
    return base, marks


def _mark_weight(mark: str) -> int:
    if mark in _TONES:
        return 2 + _TONES.index(mark)
    # Foreign marks follow the tones; 64 kinds are told apart, which is more than names carry.
    return 8 + ord(mark) % 64


# --- numbers and dates -----------------------------------------------------------------------


def slug(s: str, *, most: int = 0) -> str:
    """Unaccented words joined by hyphens, for names of files; cut between words at `most`."""
    words = re.findall(r"[a-z0-9]+", fold(s))
    joined = "-".join(words)
    if not most or len(joined) <= most:
        return joined
    cut = joined[: most + 1].rpartition("-")[0]
    return cut or joined[:most]


def number_vi(value: int | float | Decimal, *, decimals: int = 1) -> str:
    """A number as Vietnamese write it: 3012 → "3.012", 12.5 → "12,5".

    Rounded half up to `decimals` places; zeros at the end of the fraction are dropped.
    """
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    whole, _, fraction = f"{exact:,f}".partition(".")
    fraction = fraction.rstrip("0")
    text = whole.replace(",", ".") + ("," + fraction if fraction else "")
    return "0" if text == "-0" else text


def percent_vi(share: float | Decimal, *, decimals: int = 1) -> str:
    """A share of one as a percentage: 0.944 → "94,4 %" (no-break space)."""
    return number_vi(Decimal(str(share)) * 100, decimals=decimals) + NBSP + "%"


def date_vi(day: date) -> str:
    """A day as Vietnamese write it: "05/11/2026"."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"
