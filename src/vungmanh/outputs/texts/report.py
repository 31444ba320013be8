"""The report of compared minutes: one HTML page that stands alone, passages side by side."""

from __future__ import annotations

from html import escape
from importlib.resources import files

from vungmanh.analysis.copying.common import Limits
from vungmanh.analysis.copying.passages import marked
from vungmanh.core.periods import month_label
from vungmanh.core.text import date_vi, number_vi, percent_vi
from vungmanh.core.vocabulary import LikenessRule
from vungmanh.outputs.folders.report_parts import listed, section, table
from vungmanh.outputs.texts.compare import TOGETHER_DAYS, Compared, Pair

SHOWN_PAIRS, SHOWN_ROWS = 50, 50
MOST_LETTERS = 6000  # of one text on the page
#: From this share on a year filed all at once is told.
MOSTLY = 0.5


def finding(found: Compared) -> str:
    """What was found, in one sentence."""
    later = {pair.later for pair in found.pairs}
    total = len(found.texts)
    if not later and not found.empty:
        return f"Không thấy biên bản nào giống nhau trong {number_vi(total)} biên bản."
    words = f"Mời xem lại {number_vi(len(later))} trong {number_vi(total)} biên bản vì giống một "
    words += "biên bản khác"
    if found.empty:
        words += f"; {number_vi(len(found.empty))} biên bản hầu như không có nội dung riêng"
    return words + "."


def report_html(found: Compared, version: str) -> str:
    """The whole page."""
    texts = found.texts
    body = [
        f'<p class="kicker">So biên bản từ tệp · {escape(texts.source)}</p>',
        f"<h1>{escape(finding(found))}</h1>",
        '<p class="lead">Giống nhau chưa phải là sai: hai chi bộ họp chung, hoặc cấp trên bảo ghi '
        "một câu, thì biên bản cũng giống nhau. Xem cả hai rồi hãy nói.</p>",
        _pairs(found),
        _repeating(found),
        _empty(found),
        _together(found),
        section("Đã giả định khi đọc", listed(texts.notes or ["Không có giả định nào."])),
        section("So thế nào, nói bằng lời thường", _method()),
        section("Khi nào đừng tin", listed(_DISTRUST)),
        f"<footer class='quiet'><p>Vững Mạnh {escape(version)}. Cùng các biên bản và cùng bản phần "
        "mềm cho cùng kết quả.</p></footer>",
    ]
    style = (files("vungmanh.outputs.folders") / "report.css").read_text(encoding="utf-8")
    style += (files(__package__) / "texts.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="vi"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Biên bản giống nhau: {escape(texts.source)}</title><style>{style}</style></head>\n"
        f"<body><main>\n{chr(10).join(part for part in body if part)}\n</main></body></html>\n"
    )


def _pairs(found: Compared) -> str:
    if not found.pairs:
        return ""
    shown = found.pairs[:SHOWN_PAIRS]
    said = f"<p>{number_vi(len(found.pairs))} cặp, giống nhất đứng trước"
    if len(found.pairs) > len(shown):
        said += f"; trang này có {len(shown)} cặp, đủ cả ở pairs.csv"
    lines = [
        [
            f'<a href="#cap-{place}">{escape(found.texts.unit[pair.later])}</a>',
            month_label(found.texts.month[pair.later]),
            f"{found.texts.unit[pair.earlier]}, {month_label(found.texts.month[pair.earlier])}",
            pair.rule.label,
            percent_vi(pair.share, decimals=0),
        ]
        for place, pair in enumerate(shown)
    ]
    head = ["Chi bộ", "Kỳ", "Biên bản trước", "Vì sao mời xem", "Giống"]
    both = "".join(_side_by_side(found, pair, place) for place, pair in enumerate(shown))
    return section(
        "Biên bản giống nhau",
        said + ".</p>" + table(head, lines, raw={0}, numbers={4}) + both,
    )


def _side_by_side(found: Compared, pair: Pair, place: int) -> str:
    parts = found.passages(pair)
    later = [(part.later_start, part.later_end) for part in parts]
    earlier = [(part.earlier_start, part.earlier_end) for part in parts]
    what = "nội dung riêng nằm trong" if pair.rule is LikenessRule.PART else "nội dung riêng giống"
    order = "" if pair.order_known else " Chưa biết bên nào nộp trước."
    return (
        f'<article id="cap-{place}"><h3>{escape(found.texts.unit[pair.later])}, '
        f"{month_label(found.texts.month[pair.later])}</h3>"
        f"<p>{percent_vi(pair.share, decimals=0)} {what} biên bản bên phải.{order}</p>"
        f'<div class="both">{_text(found, pair.later, later)}{_text(found, pair.earlier, earlier)}'
        "</div></article>"
    )


def _text(found: Compared, row: int, spans: list[tuple[int, int]]) -> str:
    texts = found.texts
    day = texts.filed_on[row]
    filed = f", nộp {date_vi(day)}" if day else ""
    whole = texts.text[row]
    inside = "".join(
        f"<mark>{escape(piece)}</mark>" if same else escape(piece)
        for piece, same in marked(whole[:MOST_LETTERS], spans)
    )
    more = " <i>… còn nữa</i>" if len(whole) > MOST_LETTERS else ""
    title = f"{texts.unit[row]}, {month_label(texts.month[row])}{filed}"
    return (
        f'<div><h4>{escape(title)}</h4><p class="quiet">{escape(texts.place[row])}</p>'
        f'<div class="words">{inside}{more}</div></div>'
    )


def _repeating(found: Compared) -> str:
    cells = sorted(
        (cell for cell in found.cells if cell.stands_out), key=lambda cell: -cell.repeated
    )
    if not cells:
        return ""
    lines = [
        [cell.unit, f"{number_vi(cell.repeated)}/{number_vi(cell.comparable)}"]
        for cell in cells[:SHOWN_ROWS]
    ]
    said = (
        f"<p>Trung bình {percent_vi(found.usual)} biên bản lặp lại một biên bản trước của chính "
        "chi bộ. Những nơi dưới đây lặp nhiều hơn hẳn; trong mười nơi được nêu có thể có một nơi "
        "nêu nhầm.</p>"
    )
    return section(
        "Hay lặp lại chính mình", said + table(["Chi bộ", "Lặp lại"], lines, numbers={1})
    )


def _empty(found: Compared) -> str:
    if not found.empty:
        return ""
    texts = found.texts
    lines = [
        [texts.unit[row], month_label(texts.month[row]), number_vi(found.own[row]),
         texts.place[row]]
        for row in found.empty[:SHOWN_ROWS]
    ]  # fmt: skip
    head = ["Chi bộ", "Kỳ", "Cụm riêng còn lại", "Ở đâu"]
    said = "<p>Bỏ mẫu và văn bản chung đi thì gần như không còn gì.</p>"
    return section("Hầu như không có nội dung riêng", said + table(head, lines, numbers={2}))


def _together(found: Compared) -> str:
    cells = [cell for cell in found.cells if cell.together is not None and cell.together >= MOSTLY]
    if not cells:
        return ""
    cells.sort(key=lambda cell: -(cell.together or 0))
    lines = [
        [cell.unit, str(cell.together_year), percent_vi(cell.together or 0, decimals=0)]
        for cell in cells[:SHOWN_ROWS]
    ]
    said = (
        f"<p>Quá nửa số biên bản của một năm nộp trong vòng {TOGETHER_DAYS} ngày. Nộp muộn không "
        "phải là lỗi; chỉ là biên bản có thể được viết sau.</p>"
    )
    return section(
        "Nộp dồn một lúc", said + table(["Chi bộ", "Năm", "Tỷ lệ"], lines, numbers={1, 2})
    )


def _method() -> str:
    limits = Limits()
    return listed(
        [
            "Chữ hoa, chữ thường, cách đặt dấu (hoà, hòa), dấu câu và con số khác nhau được coi "
            "như nhau.",
            "Mỗi biên bản tách thành các cụm ba từ liền nhau. Cụm mà hơn "
            f"{percent_vi(limits.cells, decimals=0)} chi bộ (và hơn {limits.few_cells} chi bộ) "
            "cùng viết trong một tháng, cụm nằm trong một đoạn tám từ mà hơn "
            f"{limits.few_cells} chi bộ cùng viết trong một tháng, và cụm trong các mẫu đã cho là "
            "của chung, bỏ đi. Câu một chi bộ tháng nào cũng viết thì giữ lại.",
            f"Giống: từ {percent_vi(limits.whole, decimals=0)} số cụm riêng của cả hai. Có đoạn "
            f"giống: từ {percent_vi(limits.part, decimals=0)} số cụm riêng của biên bản này nằm "
            f"trong biên bản kia. Ít nội dung: còn dưới {limits.empty_below} cụm riêng.",
        ]
    )


_DISTRUST = (
    "Ít chi bộ quá: với vài chi bộ, máy không phân biệt được câu của mẫu với câu riêng. Hãy đưa "
    "mẫu và văn bản cấp trên vào bằng --templates.",
    "Hai chi bộ họp chung, hoặc cùng chép một văn bản mà máy không được cho biết.",
    "Bản quét nhận chữ sai nhiều: chỗ giống có thể bị bỏ sót.",
    "Biên bản chép rồi viết lại bằng lời khác: máy không thấy.",
)
