"""`vungmanh run`: everything from an empty folder to an address that answers."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from vungmanh.core.errors import InputError

HELP = """Chạy Vững Mạnh trên máy này và in địa chỉ để mở bằng trình duyệt.

Lần đầu: tạo cơ sở dữ liệu, nạp tỉnh mô phỏng và mỗi vai một tài khoản. Các lần sau chỉ mở lại.
Dừng bằng Ctrl-C: máy chủ trang và cơ sở dữ liệu cùng dừng gọn; mất điện hay bị tắt ngang thì lần
sau tự phục hồi.

Ví dụ:

* `vungmanh run`: mở ở cổng trống đầu tiên từ 8000
* `vungmanh run --port 9000`: đúng cổng 9000
* `vungmanh run --before-reform`: tỉnh mô phỏng ngày 30/6/2025, còn cấp huyện, kèm bảng sắp xếp
  để nạp thử; dữ liệu ở một thư mục riêng
* `vungmanh run --host 0.0.0.0`: cho máy khác trong mạng nội bộ cùng xem
* `VUNGMANH_DATA=~/so-lieu vungmanh run`: để dữ liệu ở thư mục khác
"""


class _Stopped(BaseException):
    """Someone asked this program to end. Nothing on the way may take it for trouble of its own."""


def run(
    host: Annotated[str, typer.Option(metavar="ĐỊA-CHỈ", help="Địa chỉ để nghe.")] = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option(
            metavar="SỐ", min=1, max=65535, help="Cổng; bỏ trống thì lấy cổng trống từ 8000."
        ),
    ] = None,
    workers: Annotated[
        int, typer.Option(metavar="SỐ", min=1, help="Số tiến trình phục vụ trang.")
    ] = min(2, os.cpu_count() or 1),
    *,
    before_reform: Annotated[
        bool,
        typer.Option(
            "--before-reform", help="Tỉnh mô phỏng trước ngày 1/7/2025, ở thư mục dữ liệu riêng."
        ),
    ] = False,
) -> None:
    console = Console()
    if before_reform:
        _go_beside()
    try:
        with _ends_on_signals():
            _serve(console, host, port, workers, before_reform=before_reform)
    except _Stopped:
        console.print("Đã dừng.")


def _go_beside() -> None:
    """Use the data folder of the province before the reform, and only the embedded database."""
    from vungmanh.config.bootstrap import beside
    from vungmanh.config.database import data_folder

    if os.environ.get("VUNGMANH_DATABASE_URL"):
        raise InputError(
            "--before-reform dùng cơ sở dữ liệu đi kèm, ở thư mục riêng. Hãy bỏ biến "
            "VUNGMANH_DATABASE_URL rồi chạy lại.",
            field="before_reform",
            code="own-server",
        )
    os.environ["VUNGMANH_DATA"] = str(beside(data_folder()))


def _serve(
    console: Console, host: str, port: int | None, workers: int, *, before_reform: bool
) -> None:
    from vungmanh.config import bootstrap, serve
    from vungmanh.config.database import data_folder, server, start_django
    from vungmanh.config.nightly import checking_every_night
    from vungmanh.config.steps import Steps

    steps = Steps(console)
    data = data_folder()
    with ExitStack() as stack:
        address_file = stack.enter_context(bootstrap.only_one(data))
        serve.end_left_behind(data)
        chosen = stack.enter_context(serve.reserve_port(host, port)).getsockname()[1]
        bootstrap.use_secret_key(data)
        bootstrap.build_assets(data, steps)
        with steps.step("Khởi động cơ sở dữ liệu"):
            stack.enter_context(server(data))
        _answer_to(host)
        start_django()
        bootstrap.migrate(steps)
        bootstrap.load_demonstration(steps, before_reform=before_reform)
        reform = bootstrap.write_reform(data, steps) if before_reform else None
        bootstrap.publish_assets(data, steps)
        _close_connections()
        with steps.step("Khởi động máy chủ trang"):
            process = stack.enter_context(serve.serving(data, host, chosen, workers))
        address = f"http://{_shown(host)}:{chosen}/"
        address_file.write_text(address, encoding="utf-8")
        _welcome(console, address, data, reform)
        stack.enter_context(checking_every_night())
        code = process.wait()
    console.print(f"[red]Máy chủ trang đã tự dừng (mã {code}): hãy chạy lại.[/]")
    raise typer.Exit(1)


@contextmanager
def _ends_on_signals() -> Iterator[None]:
    """Turn the first request to end into an orderly way out; further ones wait for it."""
    wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(_number: int, _frame: FrameType | None) -> None:
        for name in wanted:
            signal.signal(name, signal.SIG_IGN)
        raise _Stopped

    before = {name: signal.signal(name, stop) for name in wanted}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def _answer_to(host: str) -> None:
    """Let pages be asked for under the names by which others reach this machine."""
    if host not in {"127.0.0.1", "localhost", "::1"}:
        names = {host, socket.gethostname(), *os.environ.get("VUNGMANH_HOSTS", "").split(",")}
        os.environ["VUNGMANH_HOSTS"] = ",".join(sorted(names - {"", "0.0.0.0", "::"}))


def _shown(host: str) -> str:
    if host in {"0.0.0.0", "::"}:
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()


def _welcome(console: Console, address: str, data: Path, reform: Path | None) -> None:
    from vungmanh.config import demo

    accounts = demo.demonstration_accounts()
    _close_connections()
    console.print(f"\n[bold]Vững Mạnh[/] đang chạy ở [bold]{address}[/]", highlight=False)
    if accounts:
        table = Table(title="Tài khoản dùng thử", title_justify="left", box=SIMPLE_HEAD)
        for heading in ("Tên đăng nhập", "Mật khẩu", "Vai", "Đơn vị"):
            table.add_column(heading)
        for account in accounts:
            table.add_row(account.username, account.password, account.role, account.unit)
        console.print(table)
    if reform:
        console.print(f"Bảng sắp xếp để nạp thử: {reform}", highlight=False, soft_wrap=True)
    console.print(f"Dữ liệu ở {data}. Bấm Ctrl-C để dừng.", highlight=False, soft_wrap=True)
    sys.stdout.flush()
