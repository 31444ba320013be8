"""The `vungmanh` command: its help, its answers, its one-sentence errors."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vungmanh.analysis.layout import OPEN_TABLES
from vungmanh.analysis.result_layout import RESULT_COLUMNS
from vungmanh.analysis.schema import TABLES
from vungmanh.config import database
from vungmanh.config.cli import EXTRAS, app
from vungmanh.config.commands import check
from vungmanh.core.errors import NotNow
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.loader import DATA

runner = CliRunner()


def answer(*arguments: str, code: int = 0) -> str:
    result = runner.invoke(app, list(arguments), env={"COLUMNS": "200"})
    assert result.exit_code == code, result.output
    return result.output


def test_help_lists_the_commands() -> None:
    said = answer("--help")
    for name in ("run", "rulebook", "schema", "check"):
        assert name in said


@pytest.mark.parametrize("command", ["run", "rulebook", "schema", "check"])
def test_help_of_each_command_is_vietnamese_with_examples(command: str) -> None:
    said = answer(command, "--help")
    assert "Ví dụ" in said
    assert f"vungmanh {command}" in said
    assert "Cách dùng" in said
    assert "Show this message" not in said


def test_schema_prints_the_open_layout_first_and_then_the_results() -> None:
    said = answer("schema")
    places = [said.index(f"{table.name} · {table.title}") for table in OPEN_TABLES]
    assert places == sorted(places)
    assert said.index("result · ") > places[-1]
    assert "membership_counts" not in said


def test_schema_prints_the_inner_tables_when_asked() -> None:
    said = answer("schema", "--internal")
    for table in TABLES:
        assert table.name in said


def test_schema_as_markdown_has_a_row_per_column() -> None:
    def rows(*options: str) -> int:
        lines = answer("schema", "--markdown", *options).splitlines()
        return sum(line.startswith("| `") for line in lines)

    assert rows() == sum(len(table.columns) for table in OPEN_TABLES) + len(RESULT_COLUMNS)
    assert rows("--internal") == sum(len(table.columns) for table in TABLES)


def test_schema_of_one_table_leaves_out_the_others() -> None:
    said = answer("schema", "admissions", "--markdown")
    assert "## admissions" in said
    assert "## units" not in said
    assert "## grades" in answer("schema", "grades", "--markdown")
    assert "`completeness`" in answer("schema", "result", "--markdown")


def test_schema_of_one_open_table_tells_what_headings_are_understood() -> None:
    assert "đảng số" in answer("schema", "cell_months")
    assert "đảng số" not in answer("schema")


def test_unknown_table_is_one_sentence_and_exit_code_2() -> None:
    said = answer("schema", "nothing", code=2)
    assert "nothing" in said
    assert "meeting_reports" in said
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) == 1


def test_missing_extra_is_one_sentence_and_exit_code_2(monkeypatch: pytest.MonkeyPatch) -> None:
    def light() -> None:
        raise ModuleNotFoundError("No module named 'pyarrow'", name="pyarrow")

    monkeypatch.setattr("vungmanh.config.commands.schema.Console", light)
    said = answer("schema", code=2)
    assert "pyarrow" in said
    assert "VUNGMANH_BASE_ONLY" in said
    assert len(said.strip().splitlines()) == 1


def test_another_missing_module_stays_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ModuleNotFoundError("No module named 'nothing'", name="nothing")

    monkeypatch.setattr("vungmanh.config.commands.schema.Console", broken)
    assert isinstance(runner.invoke(app, ["schema"]).exception, ModuleNotFoundError)


def test_every_extra_of_the_project_is_known_to_the_command_line() -> None:
    described = (Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(described)["project"]
    imported_as = {
        "fontpkg-noto-serif": "fontpkg_noto_serif",
        "ibis-framework": "ibis",
        "vl-convert-python": "vl_convert",
    }
    declared = {
        imported_as.get(name := re.split(r"[\[<>=!~ ]", line)[0], name): extra
        for extra, lines in project["optional-dependencies"].items()
        for line in lines
    }
    assert declared == EXTRAS


@pytest.mark.django_db
def test_rulebook_lists_what_holds_on_a_day() -> None:
    said = answer("rulebook", "--on", "2019-06-30")
    assert "30/06/2019" in said
    assert "fact_reason.meetings_held" in said
    assert load_rulebook().version in said


@pytest.mark.django_db
def test_rulebook_does_not_list_a_rule_the_day_before_it_holds() -> None:
    book = load_rulebook()
    in_force = [rule for rule in book.rules if not rule.whom.example]
    youngest = max(in_force, key=lambda rule: rule.valid_from)
    key, first = youngest.key, youngest.valid_from
    assert youngest.citation[:30] in answer("rulebook", key, "--on", first.isoformat())
    before = (
        first.replace(day=first.day - 1) if first.day > 1 else first.replace(year=first.year - 1)
    )
    shown = runner.invoke(app, ["rulebook", key, "--on", before.isoformat()]).output
    assert youngest.id not in shown


@pytest.mark.django_db
def test_rulebook_shows_a_rule_through_time() -> None:
    said = answer("rulebook", "grade_scale")
    assert said.count("Mã ") >= 5


@pytest.mark.django_db
def test_unknown_rule_is_one_sentence_and_exit_code_2() -> None:
    assert "fact_reason.meetings_held" in answer("rulebook", "nothing", code=2)


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["31/10/2026", "2026-02-30", "yesterday"])
def test_a_day_that_is_none_is_one_sentence(day: str) -> None:
    assert "2026-10-31" in answer("rulebook", "--on", day, code=2)


@pytest.mark.django_db
def test_check_finds_a_fresh_database_sound() -> None:
    for title, question in check.QUESTIONS:
        assert question() == [], title


@pytest.mark.django_db
def test_check_names_tables_that_are_not_current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vungmanh.config.database.pending_migrations", lambda: ["org.0009_new"])
    assert "vungmanh run" in check.tables_are_current()[0]


@pytest.mark.django_db
def test_check_asks_no_rules_of_tables_that_are_not_current(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def asked() -> None:
        raise AssertionError("relation org_ownrule does not exist")

    monkeypatch.setattr("vungmanh.config.database.pending_migrations", lambda: ["org.0009_new"])
    monkeypatch.setattr("vungmanh.rulebook.load_rulebook", asked)
    (sentence,) = check.rules_can_be_read()
    assert "vungmanh run" in sentence


def test_check_names_a_disk_without_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "MINIMUM_FREE_MB", 10**9)
    assert "MB" in check.disk_has_room()[0]


@pytest.mark.django_db
def test_check_names_rules_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise NotNow("Tệp căn cứ hỏng: hãy sửa.")

    monkeypatch.setattr("vungmanh.rulebook.load_rulebook", broken)
    assert check.rules_can_be_read() == ["Tệp căn cứ hỏng: hãy sửa."]


@pytest.mark.django_db
def test_rulebook_compares_two_days_in_words() -> None:
    said = answer("rulebook", "compare", "2025-10-27", "2025-10-28")
    assert "27/10/2025" in said
    assert "obligation.thematic_meeting: Quy định mới." in said
    assert "Số phút ít nhất khi kết hợp chuyên đề" in said
    assert "grade_scale" not in said


@pytest.mark.django_db
@pytest.mark.parametrize("days", [["2025-10-27"], ["2025-10-27", "mai"], []])
def test_comparing_anything_but_two_days_is_one_sentence(days: list[str]) -> None:
    assert "hai ngày" in answer("rulebook", "compare", *days, code=2)


@pytest.mark.django_db
def test_rulebook_history_and_show_name_a_key() -> None:
    assert answer("rulebook", "history", "grade_scale").count("Mã ") >= 5
    assert "R3" in answer("rulebook", "show", "grade_scale", "--on", "2024-12-31")
    assert "một khóa" in answer("rulebook", "show", code=2)


@pytest.mark.django_db
def test_show_says_when_another_rule_holds_on_the_day() -> None:
    said = answer("rulebook", "show", "HD27-2014-dieu-kien", "--on", "2024-12-31")
    assert "Ngày 31/12/2024 không theo HD27-2014-dieu-kien mà theo QD124-2023-dieu-kien:" in said
    assert "không theo" not in answer(
        "rulebook", "show", "HD27-2014-dieu-kien", "--on", "2016-12-31"
    )


@pytest.mark.parametrize(
    ("at_hand", "said"), [(False, "chưa có cơ sở dữ liệu nào đang chạy"), (True, "không mở được")]
)
def test_without_a_database_the_rulebook_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, at_hand: bool, said: str
) -> None:
    def closed() -> None:
        raise NotNow("Cơ sở dữ liệu không mở được.")

    monkeypatch.setattr("django.apps.apps.ready", False)
    monkeypatch.setattr("vungmanh.config.database.is_at_hand", lambda: at_hand)
    monkeypatch.setattr("vungmanh.config.database.open_database", closed)
    words = answer("rulebook", "show", "grade_scale", "--on", "2024-12-31")
    assert "R3" in words
    assert "Chỉ gồm quy định đi kèm phần mềm" in words
    assert said in words


def test_asking_whether_a_database_is_at_hand_makes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("VUNGMANH_DATABASE_URL", raising=False)
    monkeypatch.setenv("VUNGMANH_DATA", str(tmp_path / "none"))
    assert not database.is_at_hand()
    assert not (tmp_path / "none").exists()
    monkeypatch.setenv("VUNGMANH_DATABASE_URL", "postgresql://x")
    assert database.is_at_hand()


@pytest.mark.django_db
def test_rulebook_checks_every_sheet_and_fails_only_for_one_to_be_used(tmp_path: Path) -> None:
    said = answer("rulebook", "check")
    assert "2 trong 4 người phát biểu" in said
    assert "MAU-bang-diem-thuong-ky" in said
    assert "2 trong 4 người phát biểu" in answer("rulebook", "check", "KH08-2025-an-phu", code=1)
    source = next(DATA.rglob("KH08-2025-an-phu.yaml"))
    copy = tmp_path / source.name
    copy.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    assert "họp 46 phút" in answer("rulebook", "check", str(copy), code=1)
    assert "Không có bảng điểm" in answer("rulebook", "check", "nothing", code=2)
    assert "Không đọc được" in answer("rulebook", "check", str(tmp_path / "none.yaml"), code=2)
