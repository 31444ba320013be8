"""`vungmanh fill-form`: a template, its cells and the values in, a filled workbook out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from tests.unit.outputs.forms_templates import SHEET, template
from vungmanh.config.cli import app
from vungmanh.core.errors import InputError
from vungmanh.outputs.forms.mapping import read_values

CELLS = """
- {value: so_dang_vien, sheet: Biểu 1, cell: C5}
- {value: ngay_lap, sheet: Biểu 1, cell: C9}
- {value: so_to_chuc, sheet: Biểu 1, cell: C6}
- {value: noi_lap, name: noi_lap}
"""
VALUES = "so_dang_vien: 1250\nso_to_chuc:\nngay_lap: 2026-02-05\nnoi_lap: Xã Mẫu Thượng\n"


def run(folder: Path, *, code: int = 0) -> str:
    result = CliRunner().invoke(
        app,
        ["fill-form", str(folder / "mau.xlsx"), "--cells", str(folder / "o.yaml"),
         "--values", str(folder / "so.yaml"), "--out", str(folder / "bieu.xlsx")],
        env={"COLUMNS": "200"},
    )  # fmt: skip
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mau.xlsx").write_bytes(template())
    (tmp_path / "o.yaml").write_text(CELLS, encoding="utf-8-sig")
    (tmp_path / "so.yaml").write_text(VALUES, encoding="utf-8")
    return tmp_path


def test_the_command_fills_a_new_file_and_leaves_the_template(folder):
    assert "Đã điền" in run(folder)
    sheet = openpyxl.load_workbook(folder / "bieu.xlsx")[SHEET]
    assert sheet["C5"].value == 1250
    assert sheet["C6"].value is None
    assert sheet["C9"].value.date() == dt.date(2026, 2, 5)
    assert sheet["B12"].value == "Xã Mẫu Thượng"
    assert (folder / "mau.xlsx").read_bytes() == template()
    assert "Đã có tệp" in run(folder, code=2)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("o.yaml", "- {value: x, sheet: Biểu 9, cell: C5}".encode(), "không có trang “Biểu 9”"),
        ("so.yaml", b"so_dang_vien: 1\n", "Chưa có giá trị"),
        ("so.yaml", b"\xff\xfe\x00", "UTF-8"),
        ("mau.xlsx", b"", "Tệp rỗng"),
    ],
)
def test_a_refusal_is_one_sentence_and_writes_nothing(folder, name, data, said):
    (folder / name).write_bytes(data)
    assert said in run(folder, code=2)
    assert not (folder / "bieu.xlsx").exists()


def test_values_are_read_and_nothing_said_is_not_known():
    assert read_values("a: 1\nb:\nc: chữ\nd: 2026-02-05\ne: 0.5") == {
        "a": 1, "b": None, "c": "chữ", "d": dt.date(2026, 2, 5), "e": 0.5,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "form-values-empty"),
        ("- a", "form-values-empty"),
        ("a: [1, 2]", "form-values-entry"),
        ("1: 2", "form-values-entry"),
        ("a: 2026-02-05 10:00:00", "form-values-entry"),
        ("a: 2026-02-30", "form-values-unreadable"),
        ("a: {b", "form-values-unreadable"),
    ],
)
def test_values_that_cannot_be_read_are_refused(text, code):
    with pytest.raises(InputError) as caught:
        read_values(text)
    assert caught.value.code == code
