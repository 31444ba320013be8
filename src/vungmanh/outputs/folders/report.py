"""The report of an assessment of one's own files: one HTML page that stands alone.

It states its finding, shows the pictures and the tables behind them, every assumption made in
reading, the method in plain words, and when not to believe it. No script, nothing fetched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from vungmanh.analysis.result_layout import CELL, ORGANISATION, RESULT_COLUMNS
from vungmanh.core.text import number_vi, percent_vi
from vungmanh.core.vocabulary import Status
from vungmanh.outputs.folders.report_parts import listed, section, table
from vungmanh.outputs.folders.report_pictures import pictures
from vungmanh.outputs.folders.report_texts import distrust, method

if TYPE_CHECKING:
    import pyarrow as pa

SHOWN = 30
Row = Mapping[str, Any]


@dataclass(frozen=True)
class About:
    """What the report says of itself. `limits` are the figures of the rules in force."""

    source: str
    years: Sequence[int]
    notes: Sequence[str]
    rulebook: str
    version: str
    limits: Limits


@dataclass(frozen=True)
class Limits:
    """Figures of the rules in force that the words of the report need."""

    weights: tuple[float, float, float]
    weak_percent: int
    watch_percent: int
    reference_percent: int
    base_periods: int
    interval_percent: int
    reported_percent: int
    minimum_held: int
    of_due: int


def told_rows(results: pa.Table, year: int) -> list[dict[str, Any]]:
    """The rows a report speaks of: the organisations of a year, in the order of work."""
    import pyarrow.compute as pc

    of_year = results.filter(pc.equal(results["year"], year))
    for level in _LEVELS:
        rows = of_year.filter(pc.equal(of_year["level"], level))
        if rows.num_rows:
            return list(rows.to_pylist())
    return []


def report_html(results: pa.Table, about: About) -> str:
    """The whole page on the last year. `results`: `result_layout`, in the order of work."""
    year = max(about.years)
    rows = told_rows(results, year)
    body = [
        f'<p class="kicker">Đánh giá từ tệp · {escape(about.source)} · năm {year}</p>',
        f"<h1>{escape(finding(rows, year))}</h1>",
        _finding_of_cells(results, year),
        '<p class="lead">Máy nêu lý do và mức chắc chắn; người có thẩm quyền quyết định. Chưa báo '
        "cáo không phải là không họp.</p>",
        _statuses(results, year),
        _weakest(rows),
        _cells(results, year),
        _to_verify(rows),
        pictures(rows, about.limits),
        section("Đã giả định khi đọc số liệu", listed(about.notes or ["Không có giả định nào."])),
        section("Cách tính, nói bằng lời thường", method(about.limits)),
        section("Khi nào đừng tin bảng này", distrust(rows, about.limits)),
        _dictionary(),
        f"<footer class='quiet'><p>Vững Mạnh {escape(about.version)}; quy định bản "
        f"{escape(about.rulebook)}; các năm đã tính: {', '.join(map(str, about.years))}. Cùng số "
        "liệu và cùng bản phần mềm cho cùng kết quả.</p></footer>",
    ]
    style = (files(__package__) / "report.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="vi"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Đánh giá {escape(about.source)}, năm {year}</title><style>{style}</style></head>\n"
        f"<body><main>\n{chr(10).join(body)}\n</main></body></html>\n"
    )


_LEVELS = (ORGANISATION, CELL)
_ASKED_OF = (Status.WEAK, Status.MUST_VERIFY, Status.TO_VERIFY)


def _cells_beside(results: pa.Table, year: int) -> list[Row]:
    """The cells of a year where the report speaks of organisations; else none."""
    import pyarrow.compute as pc

    of_year = results.filter(pc.equal(results["year"], year))
    both = set(of_year["level"].to_pylist()) == set(_LEVELS)
    rows = of_year.filter(pc.equal(of_year["level"], CELL)).to_pylist() if both else []
    return list(rows)


def _finding_of_cells(results: pa.Table, year: int) -> str:
    """An organisation may be well as a whole while a cell in it is not: that is said at once."""
    rows = _cells_beside(results, year)
    counts = Counter(row["status"] for row in rows)
    told = [
        f"{number_vi(counts[status.label])} {status.label.lower()}"
        for status in _ASKED_OF
        if counts[status.label]
    ]
    if not told:
        return ""
    return f"<p class='lead'>Trong {number_vi(len(rows))} chi bộ: {escape(', '.join(told))}.</p>"


def _cells(results: pa.Table, year: int) -> str:
    """The cells to look at first, with what they belong to and why."""
    asked = {status.label for status in _ASKED_OF}
    rows = [row for row in _cells_beside(results, year) if row["status"] in asked]
    if not rows:
        return ""
    lines = [
        [
            row["name"],
            row["organisation"] or "–",
            row["status"],
            _held(row),
            "<br>".join(escape(reason.partition(". ")[0]) for reason in row["reasons"]),
        ]
        for row in rows[:SHOWN]
    ]
    head = ["Chi bộ", "Thuộc", "Trạng thái", "Đã họp / phải họp", "Lý do"]
    note = (
        f"<p class='quiet'>{len(lines)} chi bộ đầu trong {number_vi(len(rows))} chi bộ cần củng cố "
        "hoặc xác minh. Lý do viết đủ câu ở <code>result.xlsx</code>.</p>"
    )
    shown_table = table(
        head, lines, numbers={3}, raw={4}, classes={0: "name", 1: "name", 2: "short"}
    )
    return section("Chi bộ cần xem trước", shown_table + note)


def finding(rows: Sequence[Row], year: int) -> str:
    """The one sentence the report opens with. `rows`: `told_rows`."""
    counts = Counter(row["status"] for row in rows)
    whole, weak = len(rows), counts[Status.WEAK.label]
    silent = counts[Status.MUST_VERIFY.label]
    said = f"Năm {year}: {number_vi(weak)} trong {number_vi(whole)} tổ chức cần củng cố"
    if not weak:
        said = f"Năm {year}: chưa đủ căn cứ để nói tổ chức nào trong {number_vi(whole)} cần củng cố"
    if silent:
        said += f"; {number_vi(silent)} nơi báo cáo quá ít, phải xác minh trước"
    return said + "."


def _statuses(results: pa.Table, year: int) -> str:
    import pyarrow.compute as pc

    of_year = results.filter(pc.equal(results["year"], year))
    counted = {
        level: Counter(of_year.filter(pc.equal(of_year["level"], level))["status"].to_pylist())
        for level in _LEVELS
    }
    shown = [
        status for status in Status if any(counts[status.label] for counts in counted.values())
    ]
    lines = [
        [status.label, *(number_vi(counted[level][status.label]) for level in _LEVELS)]
        for status in shown
    ]
    lines.append(["Cộng", *(number_vi(counted[level].total()) for level in _LEVELS)])
    return table(["Trạng thái", "Tổ chức", "Chi bộ"], lines, numbers={1, 2})


def _weakest(rows: Sequence[Row]) -> str:
    ranked = [row for row in rows if row["status"] != Status.MUST_VERIFY.label]
    shown = [row for row in ranked if row["index"] is not None or row["reasons"]][:SHOWN]
    title = "Nơi cần xem trước"
    if not shown:
        return section(title, "<p>Chưa nơi nào đủ số liệu để nêu. Xem phần giả định.</p>")
    lines = [
        [
            str(place),
            f'<a href="#noi-{place}">{escape(row["name"])}</a>',
            row["status"],
            _bounded(row["index"], row["low"], row["high"]),
            row["probability_words"] or _no_reference(row),
            _ranked(row),
            _held(row),
        ]
        for place, row in enumerate(shown, start=1)
    ]
    head = ["", "Tên", "Trạng thái", "Chỉ số (khoảng)", "Có yếu không", "Hạng trong nhóm",
            "Đã họp / phải họp"]  # fmt: skip
    note = (
        f"<p class='quiet'>{len(shown)} nơi đầu trong {number_vi(len(rows))}, theo thứ tự làm "
        "việc; thứ tự không phải là hạng. Đủ mọi nơi trong <code>result.xlsx</code>.</p>"
    )
    shown_table = table(head, lines, numbers={3, 5, 6}, raw={1}, classes={1: "name", 2: "short"})
    whys = "".join(_why(place, row) for place, row in enumerate(shown, start=1))
    return section(title, shown_table + note) + section("Lý do của từng nơi", whys)


def _why(place: int, row: Row) -> str:
    """One unit with its reasons in full; what makes them less sure stands last."""
    place_of = ", ".join(part for part in (row["organisation"], row["group"]) if part)
    reasons = "".join(f"<li>{_reason(reason)}</li>" for reason in row["reasons"])
    notes = "; ".join(row["notes"])
    return (
        f'<article id="noi-{place}"><h3>{place}. {escape(row["name"])}</h3>'
        f'<p class="quiet">{escape(place_of)}</p>'
        + (f"<ul>{reasons}</ul>" if reasons else "<p>Không có lý do nào được nêu.</p>")
        + (f'<p class="quiet">Cần lưu ý: {escape(notes)}.</p>' if notes else "")
        + "</article>"
    )


def _reason(reason: str) -> str:
    chip, _, sentence = reason.partition(". ")
    return f"<strong>{escape(chip)}.</strong> {escape(sentence)}"


def _held(row: Row) -> str:
    aside = f" (để riêng {number_vi(row['set_aside'])})" if row["set_aside"] else ""
    return _of(row["held"], row["due"]) + aside


def _of(part: float | None, whole: float | None) -> str:
    return "chưa rõ" if not whole else f"{number_vi(part or 0)}/{number_vi(whole)}"


def _to_verify(rows: Sequence[Row]) -> str:
    silent = [row for row in rows if row["status"] == Status.MUST_VERIFY.label]
    if not silent:
        return ""
    lines = [
        [
            row["name"],
            _of(row["received"], row["due"]),
            number_vi(row["held"] or 0),
            f"{_percent(row['worst'])}–{_percent(row['best'])}",
        ]
        for row in silent[:SHOWN]
    ]
    head = ["Tên", "Có báo cáo / phải họp", "Đã họp", "Tỷ lệ họp, xấu nhất–tốt nhất"]
    text = (
        "<p>Im lặng không được lợi: các nơi này được xem trước, không bị xếp hạng và không bị bỏ "
        f"quên. Đang hiện {min(len(silent), SHOWN)} trong {number_vi(len(silent))}.</p>"
    )
    return section(
        "Phải xác minh trước", text + table(head, lines, numbers={1, 2, 3}, classes={0: "name"})
    )


def _dictionary() -> str:
    lines = [
        [f"<code>{column.name}</code>", escape(column.heading), escape(column.meaning)]
        for column in RESULT_COLUMNS
    ]
    return section(
        "Các cột của tệp kết quả",
        "<p>Ô trống nghĩa là chưa rõ, không bao giờ là số 0.</p>"
        + table(["Cột", "Tiêu đề trong Excel", "Nghĩa"], lines, raw={0, 1, 2}),
    )


def _bounded(value: float | None, low: float | None, high: float | None) -> str:
    if value is None or low is None or high is None:
        return "chưa rõ"
    return f"{number_vi(value, decimals=0)} ({number_vi(low, decimals=0)}–" + (
        f"{number_vi(high, decimals=0)})"
    )


def _ranked(row: Row) -> str:
    if row["rank"] is None:
        return "–"
    low, high = number_vi(row["rank_low"]), number_vi(row["rank_high"])
    return f"{low if low == high else f'{low}–{high}'} / {number_vi(row['of_units'])}"


def _no_reference(row: Row) -> str:
    """Why nothing is said of weakness: without a reference an index is high or low to nobody."""
    return "chưa rõ" if row["index"] is None else "chưa nói được: nhóm chưa có mốc yếu"


def _percent(share: float | None) -> str:
    return "chưa rõ" if share is None else percent_vi(share, decimals=0)
