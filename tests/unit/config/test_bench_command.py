"""`vungmanh bench`: Vietnamese figures, one sentence for a wrong place, one thread a process."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vungmanh.config.cli import app
from vungmanh.config.commands.bench import _one_thread_each, _vietnamese

runner = CliRunner()


def test_help_is_vietnamese_with_examples() -> None:
    said = runner.invoke(app, ["bench", "--help"], env={"COLUMNS": "200"}).output
    assert "Ví dụ" in said
    assert "vungmanh bench --seeds 4" in said


def test_a_missing_folder_is_said_before_anything_is_computed(tmp_path: Path) -> None:
    result = runner.invoke(app, ["bench", "--markdown", str(tmp_path / "no" / "x.md")])
    assert result.exit_code == 2
    assert "Chưa có thư mục" in result.output


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        (".712 ± .004", "0,712 ± 0,004"),
        ("3.5 ± .1", "3,5 ± 0,1"),
        ("1.000", "1,000"),
        ("≥ .70", "≥ 0,70"),
        (".86–.94", "0,86–0,94"),
        ("–", "–"),
    ],
)
def test_figures_are_written_with_a_comma(english: str, vietnamese: str) -> None:
    assert _vietnamese(english) == vietnamese


def test_the_environment_is_as_before_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    with _one_thread_each():
        assert os.environ["OMP_NUM_THREADS"] == os.environ["OPENBLAS_NUM_THREADS"] == "1"
    assert os.environ["OMP_NUM_THREADS"] == "3"
    assert "OPENBLAS_NUM_THREADS" not in os.environ


@pytest.mark.slow
def test_the_page_is_written_and_the_tables_are_shown(tmp_path: Path) -> None:
    page = tmp_path / "bench.md"
    arguments = ["bench", "--seeds", "1", "--first-seed", "9", "--markdown", str(page)]
    result = runner.invoke(app, arguments, env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    assert "Tổ chức: AUC" in result.output
    assert "chép biên bản" in result.output
    assert "seeds 9–9" in page.read_text("utf-8")
