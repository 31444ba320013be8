"""The generated reference `docs/rulebook/README.md`; Vietnamese, since experts check it."""

from __future__ import annotations

from itertools import groupby

from vungmanh.core.text import NBSP
from vungmanh.rulebook.book import PROVINCE_TEMPLATE, Rule, Rulebook
from vungmanh.rulebook.wording import validity_text, value_lines

_HEAD = """\
# Căn cứ

Trang này do `tools/write_rulebook_page.py` tạo từ `src/vungmanh/rulebook/data`, không sửa bằng tay;
`tests/health/test_rulebook.py` so trang với dữ liệu. Người đọc: chuyên viên tổ chức kiểm tra quy
định; kỹ sư tra tên khóa.

- **Đã đọc**: có nguyên văn, hoặc trích nguyên văn, trước mặt người ghi.
- **Cần kiểm tra**: ghi theo báo, trang luật hoặc hiểu biết chung; phải đối chiếu bản gốc.
- **Mẫu, tỉnh chưa ban hành**: đề nghị của chương trình, không phải quy định của cấp nào.
- **Tỉnh tự ban hành, tự ghi**: quy định của tỉnh, tỉnh ghi vào phần mềm; không có trong trang này.
"""


def rulebook_page(book: Rulebook) -> str:
    """The whole page as Markdown, ending with a newline."""
    sections = [_HEAD, f"Phiên bản nội dung: `{book.version}`.\n"]
    examples = [rule for rule in book.rules if rule.whom.example]
    general = [
        rule for rule in book.rules if rule.scope != PROVINCE_TEMPLATE and not rule.whom.example
    ]
    templates = [rule for rule in book.rules if rule.scope == PROVINCE_TEMPLATE]
    for title, rules in (
        ("Quy định", general),
        ("Mẫu cho tỉnh", templates),
        ("Mẫu tham khảo của nơi khác, không áp dụng", examples),
    ):
        sections.append(f"## {title}\n")
        for key, group in groupby(rules, key=lambda rule: rule.key):
            sections.append(f"### `{key}`\n")
            sections.extend(_entry(rule) for rule in group)
    return "\n".join(sections)


def _entry(rule: Rule) -> str:
    caution = f" — **{rule.caution}**" if rule.caution else ""
    documents = [rule.document, *rule.guides]
    lines = [
        f"**{rule.title}.** (`{rule.id}`){caution}",
        "",
        f"- Hiệu lực: {validity_text(rule)}",
        f"- Văn bản: {'; '.join(document.name for document in documents)}",
        f"- Độ chắc chắn: {rule.evidence.label} ({rule.evidence.value})",
        f"- Nguồn: {rule.citation}",
        *(f"- {label}: {text}" for label, text in value_lines(rule.value)),
    ]
    if rule.replaces:
        lines.append(f"- Thay cho: {', '.join(f'`{old}`' for old in rule.replaces)}")
    if rule.note:
        lines.append(f"- Ghi chú: {rule.note}")
    return "\n".join(lines).replace(NBSP, " ") + "\n"
