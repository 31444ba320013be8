"""The `vungmanh` command. Each command is one module of `commands`, registered by one line below.

Django and anything slow is imported inside the commands: `vungmanh --help` answers at once.
"""

from __future__ import annotations

from typing import Any

import typer
from rich.console import Console
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup

from vungmanh.config.commands import (
    assess,
    bench,
    check,
    fill_form,
    grading_papers,
    import_,
    rulebook,
    run,
    schema,
    sign_pdf,
    simulate,
    texts,
)
from vungmanh.core.errors import NotNow, VungManhError

HELP = """Vững Mạnh: từ số liệu hằng tháng, chỉ ra tổ chức cơ sở đảng cần củng cố, kèm lý do.

Bắt đầu bằng `vungmanh run`. Hướng dẫn của từng lệnh: `vungmanh LỆNH --help`.

Biến môi trường:

* `VUNGMANH_DATA`: thư mục dữ liệu.
* `VUNGMANH_DATABASE_URL`: máy chủ PostgreSQL 18 của riêng mình; bỏ trống thì dùng bản đi kèm.
"""

#: Packages that a light installation lacks, with the extra that brings them.
EXTRAS = {
    **dict.fromkeys(("altair", "duckdb", "ibis", "pyarrow", "scipy", "vl_convert"), "analysis"),
    **dict.fromkeys(("fontpkg_noto_serif", "weasyprint"), "documents"),
    "pyhanko": "signing",
}

rich_utils.ARGUMENTS_PANEL_TITLE = "Tham số"
rich_utils.OPTIONS_PANEL_TITLE = "Tùy chọn"
rich_utils.COMMANDS_PANEL_TITLE = "Lệnh"
rich_utils.ERRORS_PANEL_TITLE = "Lỗi"
rich_utils.DEFAULT_STRING = "[mặc định: {}]"
rich_utils.REQUIRED_LONG_STRING = "[bắt buộc]"
rich_utils.ABORTED_TEXT = "Đã dừng."
rich_utils.RICH_HELP = "Xem hướng dẫn: [blue]{command_path} {help_option}[/]"


class VietnameseHelp:
    """The two words that typer offers no setting for."""

    def get_usage(self, ctx: Any) -> str:
        usage: str = super().get_usage(ctx)  # type: ignore[misc]
        return usage.replace("Usage:", "Cách dùng:", 1)

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "Xem hướng dẫn này."
        return option


class Command(VietnameseHelp, TyperCommand):
    """One command of `vungmanh`."""


class OneSentence(VietnameseHelp, TyperGroup):
    """A VungManhError or a full disk anywhere is one sentence and exit code 2, no traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except VungManhError as error:
            _say(error)
            raise typer.Exit(2) from error
        except ModuleNotFoundError as error:
            if error.name not in EXTRAS:
                raise
            _say(_extra_missing(error.name))
            raise typer.Exit(2) from error
        except OSError as error:
            from vungmanh.config.database import full_folder
            from vungmanh.config.postgres_errors import disk_error, full_disk

            full = full_disk(error)
            if full is None:
                raise
            _say(disk_error(full, full_folder(full)))
            raise typer.Exit(2) from error


def _extra_missing(package: str) -> NotNow:
    return NotNow(
        f"Lệnh này cần gói {package}, thuộc phần “{EXTRAS[package]}” chưa cài: hãy chạy lại ./run "
        "không có VUNGMANH_BASE_ONLY.",
        code="extra-missing",
    )


def _say(error: VungManhError) -> None:
    Console(stderr=True).print(
        error.message, style="red", highlight=False, markup=False, soft_wrap=True
    )


app = typer.Typer(
    name="vungmanh",
    help=HELP,
    cls=OneSentence,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)

for name, function, text in (
    ("run", run.run, run.HELP),
    ("import", import_.import_, import_.HELP),
    ("assess", assess.assess, assess.HELP),
    ("texts", texts.texts, texts.HELP),
    ("simulate", simulate.simulate, simulate.HELP),
    ("rulebook", rulebook.rulebook, rulebook.HELP),
    ("schema", schema.schema, schema.HELP),
    ("fill-form", fill_form.fill_form, fill_form.HELP),
    ("grading-papers", grading_papers.grading_papers, grading_papers.HELP),
    ("sign-pdf", sign_pdf.sign_pdf, sign_pdf.SIGN_HELP),
    ("check-pdf", sign_pdf.check_pdf, sign_pdf.CHECK_HELP),
    ("check", check.check, check.HELP),
    ("bench", bench.bench, bench.HELP),
):
    app.command(name, cls=Command, help=text)(function)


if __name__ == "__main__":
    app(prog_name="vungmanh")
