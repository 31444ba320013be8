"""The words of the report that do not depend on a unit: how it was computed, when not to trust."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import Status

if TYPE_CHECKING:
    from vungmanh.outputs.folders.report import Limits


def method(limits: Limits) -> str:
    """The method in plain words, with the figures of the rules in force."""
    held, attendance, tasks = (number_vi(weight) for weight in limits.weights)
    lines = [
        "Đếm. Mỗi chi bộ mỗi năm: bao nhiêu kỳ phải họp, đã họp, không họp, chưa báo cáo, được "
        "miễn. Ba điều đầu không bao giờ gộp làm một.",
        f"Chỉ số 0–100 gồm {held} điểm cho họp đủ kỳ, {attendance} điểm cho dự họp, {tasks} điểm "
        "cho việc xong đúng hạn. Phần nào chưa rõ thì không coi là 0: khoảng rộng ra.",
        "Ước lượng. Số của một chi bộ nhỏ trong một năm dao động nhiều do ngẫu nhiên, nên được cân "
        "với các năm khác của chính nó, với tổ chức và nhóm tương đồng của nó. Càng ít số liệu "
        "càng kéo về gần mức chung.",
        f"Khoảng {limits.interval_percent} %: giá trị thật nằm trong đó khoảng "
        f"{limits.interval_percent} trên 100 lần.",
        f"Yếu là nằm dưới một mốc cố định của nhóm: mốc mà {limits.reference_percent} % nơi yếu "
        f"nhất nằm dưới trong {number_vi(limits.base_periods)} kỳ đầu. Mốc không chạy theo từng "
        "năm, nên không năm nào bắt buộc phải có nơi yếu.",
        f"Từ {limits.weak_percent} % trở lên, kéo dài qua các kỳ: cần củng cố. Từ "
        f"{limits.watch_percent} %: cần theo dõi. Lý do đếm được, như họp dưới "
        f"{limits.minimum_held}/{limits.of_due} kỳ, đứng riêng và không phụ thuộc ước lượng.",
        "Hạng luôn kèm khoảng: hai nơi có khoảng chạm nhau thì chưa thể nói nơi nào yếu hơn.",
        "Tháng có số người dự đều bất thường, hoặc gửi dồn cuối năm mà đẹp đều, được để riêng: coi "
        "là chưa rõ và nói ra, không coi là không họp.",
    ]
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def distrust(rows: Sequence[Mapping[str, Any]], limits: Limits) -> str:
    """When not to believe the table, the doubts of these very data first."""
    whole = max(len(rows), 1)
    lines = []
    silent = sum(row["status"] == Status.MUST_VERIFY.label for row in rows)
    if silent * 5 >= whole:
        lines.append(
            f"{number_vi(silent)} trong {number_vi(len(rows))} dòng báo cáo quá ít: bức tranh "
            "chung còn hổng, đừng so sánh năm này với năm khác."
        )
    unknown = sum(row["index"] is None for row in rows)
    if unknown:
        lines.append(
            f"{number_vi(unknown)} dòng chưa ước lượng được gì; chúng không tốt cũng không xấu."
        )
    aside = sum((row["set_aside"] or 0) > 0 for row in rows)
    if aside:
        lines.append(
            f"{number_vi(aside)} dòng có tháng để riêng vì số liệu đều bất thường: hãy xem sổ gốc, "
            "đó là lời nhắc xem lại, không phải lời buộc tội."
        )
    lines += [
        "Đừng dùng hạng để khen chê hai nơi có khoảng chạm nhau.",
        "Đừng suy từ một năm: một năm kém có thể do ngẫu nhiên, và năm sau thường tự khá lên dù "
        "không ai làm gì.",
        "Đừng tin nơi đủ 12/12 chỉ vì đủ: chép biên bản cũng cho 12/12.",
        "Đừng so nơi thuộc nhóm khác nhau: mốc của mỗi nhóm riêng.",
        f"Đừng đọc xác suất {limits.weak_percent} % là chắc chắn: cứ năm nơi như vậy có thể có một "
        "nơi không yếu." if limits.weak_percent == 80 else "Đừng đọc xác suất cao là chắc chắn.",
        "Ngưỡng ghi “mẫu, tỉnh chưa ban hành” là của phần mềm, chưa phải của tỉnh.",
    ]  # fmt: skip
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<div class="doubt"><ul>{items}</ul></div>'
