"""`vungmanh rulebook`: the rules in force on a day, or one rule through time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from vungmanh.config.commands.rulebook_checks import check_sheets, compare_days
from vungmanh.core.errors import InputError, NotFound, VungManhError
from vungmanh.core.text import date_vi
from vungmanh.rulebook import Rule, Rulebook, load_rulebook, shipped_rulebook
from vungmanh.rulebook.wording import validity_text, value_lines

HELP = """Xem quy định có hiệu lực trong một ngày, kèm văn bản gốc và độ chắc chắn.

Ví dụ:

* `vungmanh rulebook`: quy định đang có hiệu lực hôm nay
* `vungmanh rulebook --on 2019-12-31`: quy định của ngày 31/12/2019
* `vungmanh rulebook fact_reason.meetings_held`: một quy định qua các thời kỳ
* `vungmanh rulebook show grade_scale --on 2024-12-31`: một quy định như của ngày ấy
* `vungmanh rulebook history grade_scale`: một quy định qua các thời kỳ
* `vungmanh rulebook compare 2018-01-01 2026-01-01`: hai ngày khác nhau ở đâu
* `vungmanh rulebook check`: kiểm tra mọi bảng điểm; thêm tên tệp hoặc mã: chỉ bảng ấy
"""

PLACE = ZoneInfo("Asia/Ho_Chi_Minh")


def rulebook(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[VIỆC] [KHÓA...]",
            help="Việc: list, show, history, compare, check; khóa hoặc mã. Bỏ trống: liệt kê.",
        ),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="NGÀY", help="Ngày, dạng 2026-10-31. Mặc định: hôm nay."),
    ] = None,
) -> None:
    console, day = Console(), _day(on)
    with _every_rule() as (book, without):
        _answer(console, book, words or ["list"], day)
    if without:
        console.print(f"\n{without}", highlight=False, style="dim")


@contextmanager
def _every_rule() -> Iterator[tuple[Rulebook, str]]:
    """The rules with the province's own where a database can be asked; else why they are missing.

    No server is started for it: whoever only looks something up need not wait for one.
    """
    from django.apps import apps

    from vungmanh.config.database import is_at_hand, open_database

    if apps.ready:  # whoever made Django ready has the database open
        yield load_rulebook(), ""
        return
    why = "chưa có cơ sở dữ liệu nào đang chạy."
    if is_at_hand():
        try:
            with open_database():
                book = load_rulebook()
        except VungManhError as error:
            why = error.message
        else:
            yield book, ""
            return
    yield shipped_rulebook(), f"Chỉ gồm quy định đi kèm phần mềm, không có của tỉnh: {why}"


def _answer(console: Console, book: Rulebook, words: list[str], day: date | None) -> None:
    verb, *names = words
    if verb == "list":
        _list(console, book, day or datetime.now(PLACE).date())
    elif verb == "compare":
        compare_days(console, book, names)
    elif verb == "check":
        check_sheets(console, book, names)
    else:
        name = _one_name(names) if verb in {"show", "history"} else verb
        if verb == "show" and day is None:
            day = datetime.now(PLACE).date()
        for each in _chosen(book, name, None if verb == "history" else day):
            if name not in {each.key, each.id} and day is not None:
                console.print(
                    f"Ngày {date_vi(day)} không theo {name} mà theo {each.id}:", highlight=False
                )
            _show(console, each)


def _one_name(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    raise InputError("Hãy ghi đúng một khóa, như grade_scale.", field="words")


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(
            f"“{text}” không phải một ngày: hãy viết năm-tháng-ngày, như 2026-10-31.",
            field="on",
        ) from None


def _chosen(book: Rulebook, name: str, day: date | None) -> list[Rule]:
    """By key or by id; on a day, or all of them."""
    known = [rule for rule in book.rules if name in {rule.key, rule.id}]
    if not known:
        keys = ", ".join(sorted({rule.key for rule in book.rules}))
        raise NotFound(f"Không có quy định “{name}”. Các khóa có: {keys}.", code="no-such-rule")
    return known if day is None else [book.on(day).rule(known[0].key)]


def _list(console: Console, book: Rulebook, day: date) -> None:
    rules = book.on(day).rules
    console.print(f"{len(rules)} quy định có hiệu lực ngày {date_vi(day)}", highlight=False)
    for rule in rules:
        console.print(f"\n[bold]{rule.key}[/]", highlight=False)
        console.print(Padding(rule.title, (0, 0, 0, 2)))
        console.print(
            Padding(f"{validity_text(rule)} · {rule.evidence.label}", (0, 0, 0, 2)), style="dim"
        )
    console.print(
        f"\nBản nội dung {book.version}. Xem kỹ một quy định: vungmanh rulebook KHÓA",
        highlight=False,
    )


def _show(console: Console, rule: Rule) -> None:
    caution = f" ({rule.caution})" if rule.caution else ""
    table = Table(title=f"{rule.title}{caution}", title_justify="left", show_header=False)
    table.add_column(no_wrap=True, style="dim")
    table.add_column()
    rows = [
        ("Khóa", rule.key),
        ("Mã", rule.id),
        ("Hiệu lực", validity_text(rule)),
        ("Văn bản", "; ".join(document.name for document in (rule.document, *rule.guides))),
        ("Nguồn", rule.citation),
        ("Độ chắc chắn", rule.evidence.label),
        *value_lines(rule.value),
        ("Ghi chú", rule.note),
    ]
    for label, text in rows:
        if text:
            table.add_row(label, text)
    console.print(table)
