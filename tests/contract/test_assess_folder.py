"""`vungmanh assess FOLDER`: an analyst's own files, from another program, to a report."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from vungmanh.analysis.simulate import SMALL, simulate_province
from vungmanh.config.cli import app
from vungmanh.outputs.folders.read import read_folder
from vungmanh.outputs.tables import write_tables

runner = CliRunner()


def run(*arguments: str, code: int = 0) -> str:
    result = runner.invoke(app, ["assess", *arguments], env={"COLUMNS": "200"})
    assert result.exit_code == code, result.output
    return result.output


def results(out: Path) -> pa.Table:
    return pq.read_table(out / "result.parquet")


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("mau")
    write_tables(place / "tables", simulate_province(11, size=SMALL).tables)
    return place


@pytest.fixture(scope="module")
def exported(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same province as an analyst would export it: CSV with Vietnamese headings, days first."""
    place = tmp_path_factory.mktemp("rieng")
    tables = read_folder(simulated)
    months = tables.cell_months
    day = months["month"]
    held = pc.if_else(pc.equal(months["state"].cast("string"), "held"), "có", "không")
    excused = pc.equal(months["state"].cast("string"), "excused")
    made = pa.table(
        {
            "Chi bộ": months["unit"].cast("string"),
            "Năm": pc.year(day),
            "Tháng": pc.month(day),
            "Đã họp": pc.if_else(excused, "", held),
            "Được miễn": pc.if_else(excused, "x", ""),
            "Đảng viên": months["members"],
            "Miễn sinh hoạt": months["exempt"],
            "Có mặt": months["present"],
            "Việc đến hạn": months["tasks_due"],
            "Đúng hạn": months["tasks_on_time"],
            "Ngày gửi": pc.strftime(months["filed_on"], "%d/%m/%Y"),
            "Kéo dài": months["longest_carried"],
            "Kết nạp": months["admitted"],
        }
    )
    pcsv.write_csv(made, place / "cell_months.csv", pcsv.WriteOptions(delimiter=";"))
    pq.write_table(tables.units, place / "units.parquet")
    pq.write_table(tables.lineage, place / "lineage.parquet")
    return place


def test_a_folder_from_another_program_gives_results_and_a_report(
    exported: Path, tmp_path: Path
) -> None:
    said = run(str(exported), "--year", "2025", "--out", str(tmp_path / "out"))
    assert "Năm 2025:" in said
    assert "Kiểm tra số liệu" in said
    found = results(tmp_path / "out")
    assert set(found["level"].to_pylist()) == {"organisation", "cell"}
    assert set(found["year"].to_pylist()) == {2025}
    assert "Đã giả định khi đọc số liệu" in (tmp_path / "out/report.html").read_text("utf-8")


def test_the_tables_of_simulate_give_the_same_as_their_export(
    simulated: Path, exported: Path, tmp_path: Path
) -> None:
    run(str(simulated), "--year", "2025", "--out", str(tmp_path / "a"))
    run(str(exported), "--year", "2025", "--out", str(tmp_path / "b"))
    assert results(tmp_path / "a") == results(tmp_path / "b")


def test_the_order_of_rows_changes_nothing(exported: Path, tmp_path: Path) -> None:
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    for name in ("units.parquet", "lineage.parquet"):
        table = pq.read_table(exported / name)
        order = list(range(table.num_rows))
        random.Random(7).shuffle(order)
        pq.write_table(table.take(order), mixed / name)
    head, *lines = (exported / "cell_months.csv").read_text("utf-8").splitlines()
    random.Random(8).shuffle(lines)
    (mixed / "cell_months.csv").write_text("\n".join([head, *lines]), encoding="utf-8")
    run(str(exported), "--out", str(tmp_path / "a"))
    run(str(mixed), "--out", str(tmp_path / "b"))
    for name in ("result.csv", "result.parquet"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_without_a_year_the_latest_is_assessed_and_several_may_be_asked(
    exported: Path, tmp_path: Path
) -> None:
    run(str(exported), "--out", str(tmp_path / "out"))
    assert set(results(tmp_path / "out")["year"].to_pylist()) == {2026}
    run(str(exported), "--year", "2024", "--year", "2025", "--out", str(tmp_path / "out"))
    assert set(results(tmp_path / "out")["year"].to_pylist()) == {2024, 2025}


def test_four_columns_are_enough_and_missing_reports_are_not_zero(tmp_path: Path) -> None:
    rows = [
        f"cb{unit},2020,{month},{'x' if (unit + month) % 4 else ''}"
        for unit in range(30)
        for month in range(1, 13)
    ]
    (tmp_path / "in").mkdir()
    text = "\n".join(["unit,year,month,held", *rows])
    (tmp_path / "in/cell_months.csv").write_text(text, encoding="utf-8")
    run(str(tmp_path / "in"), "--out", str(tmp_path / "out"))
    found = results(tmp_path / "out").to_pylist()
    assert all(row["no_report"] == 3 and row["not_held"] == 0 for row in found)
    assert all(row["worst"] == 0.75 and row["best"] == 1 for row in found)
    assert all("phần dự họp chưa rõ" in row["notes"] for row in found)


@pytest.mark.parametrize(
    "rows",
    [
        "a,2020,1,x\n",
        "a,2020,1,\nb,2020,1,\n",
        "a,2020,1,x\na,2020,2,không\n",
        "a,1999,1,x\nb,1999,1,x\n",
    ],
    ids=["one month", "all missing", "one unit", "before any rule"],
)
def test_too_little_is_a_stated_lesser_result(tmp_path: Path, rows: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/cell_months.csv").write_text("unit,year,month,held\n" + rows, encoding="utf-8")
    said = run(str(tmp_path / "in"), "--out", str(tmp_path / "out"))
    assert "chưa đủ căn cứ" in said or "phải xác minh" in said
    assert results(tmp_path / "out").num_rows >= 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{in}"], "--out"),
        (["{in}", "--out", "{in}"], "trùng với thư mục số liệu"),
        (["{in}", "--out", "{out}", "--year", "1990"], "Không có số liệu của năm 1990"),
        (["{in}", "--out", "{out}", "--month", "2020-01"], "--year"),
        (["--year", "2020"], "--year chỉ dùng khi tính từ thư mục"),
        (["{none}", "--out", "{out}"], "Không có thư mục"),
    ],
)
def test_a_wrong_call_is_one_sentence_and_writes_nothing(
    tmp_path: Path, arguments: list[str], said: str
) -> None:
    (tmp_path / "in").mkdir()
    text = "unit,year,month,held\na,2020,1,x\n"
    (tmp_path / "in/cell_months.csv").write_text(text, encoding="utf-8")
    places = {name: str(tmp_path / name) for name in ("in", "out", "none")}
    told = run(*(one.format(**places) for one in arguments), code=2)
    assert said in told
    assert not (tmp_path / "out").exists()


def test_wrong_data_write_nothing(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    text = "unit,year,month,held\na,2020,13,x\n"
    (tmp_path / "in/cell_months.csv").write_text(text, encoding="utf-8")
    told = run(str(tmp_path / "in"), "--out", str(tmp_path / "out"), code=2)
    assert "cell_months.csv, dòng 2, cột month" in told
    assert not (tmp_path / "out").exists()
