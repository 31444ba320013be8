"""`vungmanh sign-pdf` and `vungmanh check-pdf`: signatures of a file. No database is asked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from vungmanh.core.errors import Conflict, InputError

SIGN_HELP = """Ký số một tệp PDF bằng chứng thư của mình (tệp .p12).

Mật khẩu được hỏi khi chạy, không ghi lại. Tệp gốc không đổi; bản đã ký ghi thành tệp mới.
Cơ quan đảng ký bằng dịch vụ ký số chuyên dùng của mình thì không dùng lệnh này.

Ví dụ: `vungmanh sign-pdf quyet-dinh.pdf --certificate chung-thu.p12`
"""
CHECK_HELP = """Kiểm tra chữ ký số trong một tệp PDF: ai ký, có bị sửa sau khi ký không.

Mã thoát 1 khi tệp chưa ký, đã bị sửa, hoặc (nếu có --authority) chứng thư không do nơi ấy cấp
hay nay đã hết hiệu lực.

Ví dụ: `vungmanh check-pdf quyet-dinh.pdf --authority noi-cap.pem`
"""
_File = Annotated[Path, typer.Argument(metavar="TỆP.pdf", help="Tệp PDF.")]


def sign_pdf(
    file: _File,
    *,
    certificate: Annotated[
        Path, typer.Option("--certificate", metavar="TỆP.p12", help="Chứng thư kèm khóa riêng.")
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="TỆP", help="Nơi ghi; mặc định thêm -da-ky vào tên tệp."),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="CHỮ", help="Lý do ký.")] = "",
    place: Annotated[str, typer.Option("--place", metavar="CHỮ", help="Nơi ký.")] = "",
) -> None:
    from vungmanh.outputs import signing

    target = out or file.with_name(f"{file.stem}-da-ky.pdf")
    if target.exists():
        raise Conflict(
            f"Đã có tệp {target}. Xóa tệp ấy, hoặc chọn tên khác bằng --out.", code="file-exists"
        )
    pdf, pkcs12 = _read(file), _read(certificate)
    passphrase = typer.prompt("Mật khẩu của tệp chứng thư", hide_input=True, default="",
                              show_default=False)  # fmt: skip
    signed = signing.sign_pdf(
        pdf, pkcs12, passphrase, reason=reason, place=place, at=dt.datetime.now(dt.UTC)
    )
    with target.open("xb") as written:
        written.write(signed)
    Console().print(f"Đã ký: {target}", highlight=False, soft_wrap=True, markup=False)


def check_pdf(
    file: _File,
    *,
    authority: Annotated[
        list[Path] | None,
        typer.Option(
            "--authority", metavar="TỆP.pem", help="Chứng thư của nơi cấp; ghi được nhiều lần."
        ),
    ] = None,
) -> None:
    from vungmanh.outputs import signing

    console = Console()
    authorities = [_read(path) for path in authority or []]
    found = signing.check_signature(
        _read(file), authorities=authorities, at=dt.datetime.now(dt.UTC)
    )
    if not found:
        console.print("Tệp chưa có chữ ký số.")
        raise typer.Exit(1)
    for one in found:
        console.print(_words(one, bool(authorities)), soft_wrap=True, markup=False, highlight=False)
    if not all(one.is_intact and (one.is_trusted or not authorities) for one in found):
        raise typer.Exit(1)


def _words(one, is_asked_for_trust: bool) -> str:  # type: ignore[no-untyped-def]
    """One signature in one line."""
    when = f", ký lúc {one.signed_at:%H:%M %d/%m/%Y %Z}" if one.signed_at else ""
    whole = "nguyên vẹn" if one.is_intact else "ĐÃ BỊ SỬA sau khi ký"
    more = "; tệp có phần thêm sau chữ ký này" if one.is_intact and one.has_more else ""
    trusted = f"; {_trust(one)}" if is_asked_for_trust and one.is_intact else ""
    details = "".join(
        f"; {label}: {said}" for label, said in (("lý do", one.reason), ("nơi", one.place)) if said
    )
    return f"{one.signer}{when}: {whole}{more}{trusted}{details}"


def _trust(one) -> str:  # type: ignore[no-untyped-def]
    if one.is_trusted:
        return "chứng thư do nơi đã nêu cấp"
    if one.is_known:
        return (
            f"chứng thư do nơi đã nêu cấp nhưng nay KHÔNG còn hiệu lực (đến "
            f"{one.certificate_ends:%d/%m/%Y}); còn hiệu lực lúc ký, theo giờ máy người ký"
        )
    return "KHÔNG rõ nơi cấp chứng thư"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, IsADirectoryError, PermissionError):
        raise InputError(
            f"Không đọc được tệp {path}. Kiểm tra lại tên và quyền đọc.", code="file-unreadable"
        ) from None
