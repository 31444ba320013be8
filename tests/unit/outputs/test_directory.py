"""Names as people write them, and what is never guessed."""

from __future__ import annotations

import unicodedata

import pytest

from vungmanh.outputs.workbooks.directory import Container, Directory, Entry
from vungmanh.outputs.workbooks.rows import ReadRow

TAN, LANG, TINH = "tan", "lang", "tinh"
CONTAINERS = {
    TINH: Container("Đảng bộ tỉnh Mẫu", 0),
    TAN: Container("Đảng bộ xã Tân Mẫu", 2),
    LANG: Container("Đảng bộ xã Láng Thử", 2),
    "xa": Container("Đảng bộ xã Xa Thử", 2),
}


def entry(unit: str, name: str, above: str, code: str = "") -> Entry:
    return Entry(unit, name, code, frozenset({above, TINH}))


@pytest.fixture
def directory() -> Directory:
    return Directory(
        [
            entry("1", "Chi bộ thôn Nà Mẫu", TAN, "14000000000001"),
            entry("2", "Chi bộ thôn Hòa Thử", TAN),
            entry("3", "Chi bộ thôn Hóa Thử", TAN),
            entry("4", "Chi bộ Trường Tiểu học Mẫu Hai", TAN),
            entry("5", "Chi bộ thôn Bản Thử", LANG),
            entry("6", "Chi bộ thôn Bản Thử", TAN),
        ],
        CONTAINERS,
    )


def find(directory: Directory, label: str, *titles: str, **row: str):
    within = directory.containers_named_in(titles)
    return directory.find(ReadRow("ô B9", label, **row), within)


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("Chi bộ thôn Nà Mẫu", "1"), ("CHI BỘ THÔN NÀ MẪU", "1"), ("CB thôn Nà Mẫu", "1"),
        ("chi bo thon na mau", "1"), ("Thôn Nà Mẫu", "1"), ("Nà Mẫu", "1"), ("1. CB Nà Mẫu", "1"),
        (unicodedata.normalize("NFD", "Chi bộ thôn Nà Mẫu"), "1"),
        ("Chi bộ thôn Hoà Thử", "2"), ("Chi bộ thôn Hòa Thử", "2"), ("CB thôn Hóa Thử", "3"),
        ("CB Trường TH Mẫu Hai", "4"),
    ],
)  # fmt: skip
def test_a_name_is_found_however_it_is_written(
    directory: Directory, written: str, unit: str
) -> None:
    found = find(directory, written)
    assert found.entry is not None
    assert found.entry.unit == unit


def test_two_cells_that_differ_by_a_tone_are_not_guessed_between(directory: Directory) -> None:
    found = find(directory, "thon Hoa Thu")
    assert found.entry is None
    assert "có thể là nhiều chi bộ" in found.reason


@pytest.mark.parametrize(
    "title",
    [
        "ĐẢNG BỘ XÃ TÂN MẪU", "ĐẢNG UỶ XÃ TÂN MẪU", "BTV Đảng ủy xã Tân Mẫu",
        "Tổng hợp sinh hoạt của Đảng bộ xã Tân Mẫu tháng 10/2026",
    ],
)  # fmt: skip
def test_the_title_says_which_of_two_namesakes(directory: Directory, title: str) -> None:
    assert find(directory, "Chi bộ thôn Bản Thử").entry is None
    found = find(directory, "Chi bộ thôn Bản Thử", "ĐẢNG BỘ TỈNH MẪU", title)
    assert found.entry is not None
    assert found.entry.unit == "6"


def test_the_column_of_the_organisation_says_it_too(directory: Directory) -> None:
    found = find(directory, "Chi bộ thôn Bản Thử", organisation="Đảng bộ xã Láng Thử")
    assert found.entry is not None
    assert found.entry.unit == "5"


def test_a_cell_of_another_committee_is_not_taken_for_ones_own(directory: Directory) -> None:
    found = find(directory, "Chi bộ thôn Nà Mẫu", "ĐẢNG ỦY XÃ LÁNG THỬ")
    assert found.entry is None
    assert "thuộc Đảng bộ xã Tân Mẫu" in found.reason


def test_a_table_headed_by_a_committee_out_of_scope_finds_nothing(directory: Directory) -> None:
    found = find(directory, "Chi bộ thôn Nà Mẫu", "ĐẢNG ỦY XÃ XA THỬ")
    assert found.entry is None
    assert found.reason.startswith("Không tìm thấy")


def test_an_unknown_name_is_refused_with_what_is_near(directory: Directory) -> None:
    found = find(directory, "Chi bộ thôn Nà Mâu A")
    assert found.entry is None
    assert "Có phải: “Chi bộ thôn Nà Mẫu”?" in found.reason


def test_the_official_code_wins_over_the_name(directory: Directory) -> None:
    found = find(directory, "tên cũ", code="14000000000001")
    assert found.entry is not None
    assert found.entry.unit == "1"


def test_a_hidden_id_with_another_name_beside_it_is_refused(directory: Directory) -> None:
    """Somebody sorted the names and not the ids."""
    assert find(directory, "Chi bộ thôn Nà Mẫu", unit="1").entry is not None
    found = find(directory, "Chi bộ thôn Bản Thử", unit="1")
    assert found.entry is None
    assert "sắp xếp lệch" in found.reason


def test_a_hidden_id_out_of_scope_is_answered_like_an_unknown_name(directory: Directory) -> None:
    by_id = find(directory, "Chi bộ Xa", unit="99").reason
    by_name = find(directory, "Chi bộ Xa").reason
    assert by_id == by_name
