import unicodedata
from datetime import date
from decimal import Decimal

import pytest

from vungmanh.core.text import (
    NBSP,
    date_vi,
    fold,
    name_key,
    nfc,
    number_vi,
    percent_vi,
    place_tones,
    same_name_key,
    same_words_key,
    sort_key,
)


def nfd(s):
    return unicodedata.normalize("NFD", s)


def test_nfc_composes_what_another_computer_decomposed():
    assert nfc(nfd("Đảng bộ xã Mẫu Thượng")) == "Đảng bộ xã Mẫu Thượng"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đảng bộ", "dang bo"),
        ("ĐẢNG BỘ", "dang bo"),
        ("Ðảng bộ", "dang bo"),  # U+00D0, an Icelandic letter
        ("Ɖảng bộ", "dang bo"),  # U+0189, an African letter
        ("  Chi \t bộ\u00a0thôn\n Nà  Thử ", "chi bo thon na thu"),
        ("Ủy ban", "uy ban"),
        ("Ưu điểm, ơ ô ê â ă", "uu diem, o o e a a"),
        ("thôn\u200b Mẫu\ufeff Ba", "thon mau ba"),
        ("", ""),
    ],
)
def test_fold_gives_the_search_text(text, folded):
    assert fold(text) == folded
    assert fold(nfd(text)) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tổng số  ĐẢNG VIÊN:", "tong so dang vien"),
        ("Số đảng viên có mặt", "số đảng viên (có mặt)"),
        ("Hoà", "Hòa"),
        ("T.T", "t t"),
        ("Ngày\nhọp", "ngày họp"),
        ("Ngày_họp", "NGÀY HỌP"),
    ],
)
def test_same_words_key_forgets_diacritics_case_punctuation_and_spaces(one, other):
    assert same_words_key(one) == same_words_key(nfd(other))


def test_same_words_key_keeps_the_order_and_the_limits_of_words():
    assert same_words_key("có mặt") != same_words_key("mặt có")
    assert same_words_key("tt") != same_words_key("t t")


@pytest.mark.parametrize(
    ("written", "placed"),
    [
        ("hoà", "hòa"),
        ("thuỷ", "thủy"),
        ("khoẻ", "khỏe"),
        ("uỷ ban", "ủy ban"),
        ("UỶ BAN", "ỦY BAN"),
        ("xoã", "xõa"),
        ("nguỵ", "ngụy"),
        ("hòa", "hòa"),
        ("tóan", "toán"),
        ("hòan thành", "hoàn thành"),
        ("thỏai", "thoải"),
        ("hùynh", "huỳnh"),
        ("toán", "toán"),
        ("hoài", "hoài"),
        ("loẹt", "loẹt"),
        ("quý", "quý"),
        ("qúy", "quý"),
        ("quỳnh", "quỳnh"),
        ("qủa", "quả"),
        ("quá", "quá"),
        ("già", "già"),
        ("gìa", "già"),
        ("gì", "gì"),
        ("gìn giữ", "gìn giữ"),
        ("giếng", "giếng"),
        ("của", "của"),
        ("mùa núi", "mùa núi"),
        ("khuỷu", "khuỷu"),
        ("chuyện thuế", "chuyện thuế"),
        ("Thuỷ_Mẫu", "Thủy_Mẫu"),
        ("Hoà2", "Hoà2"),
        ("Chi bộ thôn Hoà, xã Thuỷ Mẫu", "Chi bộ thôn Hòa, xã Thủy Mẫu"),
    ],
)
def test_place_tones_puts_the_tone_where_party_documents_do(written, placed):
    assert place_tones(written) == placed
    assert place_tones(nfd(written)) == placed
    assert place_tones(placed) == placed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Chi bộ thôn Hoà", "CHI BỘ THÔN HÒA"),
        ("Chi bộ thôn Quý", "chi bộ thôn Qúy"),
        ("Ðảng bộ xã Thuỷ Mẫu", "Đảng bộ xã Thủy Mẫu"),
        ("Chi bộ  Trường THCS “Mẫu Ba”", "Chi bộ - Trường THCS Mẫu Ba"),
    ],
)
def test_same_name_key_joins_two_spellings_of_one_name(one, other):
    assert same_name_key(one) == same_name_key(nfd(other))


@pytest.mark.parametrize(
    ("one", "other"), [("thôn Hòa", "thôn Hóa"), ("Mẫu Ba", "Mậu Ba"), ("Nà Dông", "Nà Đông")]
)
def test_same_name_key_keeps_two_names_apart_that_differ_by_a_mark(one, other):
    assert same_name_key(one) != same_name_key(other)
    assert same_words_key(one) == same_words_key(other)


# Orders below were read off ICU 78 (CLDR 48, locale vi); each line is strictly rising.
ORDERS = {
    "alphabet": "a ă â b c d đ e ê f g h i j k l m n o ô ơ p q r s t u ư v w x y z",
    "tones": "ma mà mả mã má mạ mă mằ mẳ mẵ mắ mặ mâ mầ mẩ mẫ mấ mậ mb",
    "letters before tones": "má mab màc mad",
    "case last": "na Na nà Nà nả NẢ",
    "d and đ": "da dân do doanh dương đa đảng đất đo e",
    "tone at its place": "hoa hoả hoá hòa hóa",
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS.keys())
def test_sort_key_orders_words_as_the_vietnamese_collation(order):
    words = order.split()
    keys = [sort_key(word) for word in words]
    assert sorted(set(words), key=sort_key) == words
    assert len(set(keys)) == len(keys)


NAMES = [
    "Chi bộ",
    "Chi bộ bản Nà Thử",
    "Chi bộ Cơ quan Mẫu",
    "Chi bộ thôn 1",
    "Chi bộ thôn 10",
    "Chi bộ thôn 2",
    "Chi bộ thôn Dông",
    "Chi bộ thôn Đông",
    "Chi bộ thôn Mau",
    "Chi bộ thôn Mẩu",
    "Chi bộ thôn Mẫu",
    "Chi bộ thôn Mẫu Ba",
    "Chi bộ Trường Tiểu học Mẫu",
    "Chi bộ Trường Tiểu học-Mẫu",
    "Chi bộ xã",
    "Chiềng Mẫu",
    "Đảng bộ bộ phận",
    "Đảng bộ xã Ân Mẫu",
    "Đảng bộ xã Mẫu",
    "Đảng ủy",
    "Đoàn",
    "Hội",
    "Ủy ban",
    "Văn phòng",
]


def test_sort_key_orders_real_looking_names_with_the_space_first():
    assert sorted(set(NAMES), key=sort_key) == NAMES


def test_sort_key_puts_space_signs_digits_letters_then_other_scripts():
    order = ["", " ", "_", "-", ",", "(", "/", "&", "0", "9", "a", "z", "ø", "Ж", "中", "𠀀"]
    assert sorted(set(order), key=sort_key) == order


def test_names_with_numbers_stand_in_the_order_of_the_numbers():
    names = [
        "Chi bộ số 1", "Chi bộ số 2", "Chi bộ số 2a", "Chi bộ số 9", "Chi bộ số 10",
        "Chi bộ số 10 Đông", "Chi bộ số 100", "Chi bộ thôn 3", "Khu 1, tổ 2", "Khu 1, tổ 11",
        "Khu 12, tổ 1",
    ]  # fmt: skip
    assert sorted(set(names), key=name_key) == names
    assert name_key("Chi bộ Bản Thử") == sort_key("Chi bộ Bản Thử")


def test_sort_key_is_the_same_for_composed_and_decomposed_text():
    assert {sort_key(nfd(name)) == sort_key(name) for name in NAMES} == {True}


def test_sort_key_does_not_part_names_by_what_nobody_sees():
    assert sort_key("Mẫu\u200b Ba\x00") == sort_key("Mẫu Ba")
    assert sort_key("Ðông") == sort_key("Đông")


def test_sort_key_keeps_foreign_marks_after_the_five_tones():
    assert sorted(["nạ", "nä", "nâ", "na"], key=sort_key) == ["na", "nạ", "nä", "nâ"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (999, "999"),
        (3012, "3.012"),
        (1234567, "1.234.567"),
        (12.5, "12,5"),
        (12.0, "12"),
        (0.05, "0,1"),
        (2.675, "2,7"),
        (-0.01, "0"),
        (-1500.25, "-1.500,3"),
        (Decimal("94.44"), "94,4"),
    ],
)
def test_number_vi_writes_points_for_thousands_and_a_comma_for_the_fraction(value, text):
    assert number_vi(value) == text


def test_number_vi_with_more_decimals_drops_only_closing_zeros():
    assert number_vi(0.125, decimals=2) == "0,13"
    assert number_vi(1200, decimals=0) == "1.200"
    assert number_vi(0.50, decimals=2) == "0,5"


@pytest.mark.parametrize(
    ("share", "text"), [(0.944, "94,4"), (0, "0"), (1, "100"), (0.9, "90"), (0.07, "7")]
)
def test_percent_vi_has_a_space_that_does_not_break(share, text):
    assert percent_vi(share) == f"{text}{NBSP}%"


def test_date_vi_writes_day_month_year():
    assert date_vi(date(2026, 11, 5)) == "05/11/2026"
