from pathlib import Path
from typing import Any

from django.db import ProgrammingError, migrations
from psycopg.errors import InsufficientPrivilege

from vungmanh.core.errors import VungManhError

SQL = Path(__file__).resolve().parent.parent / "sql"


def make_reader(_apps: Any, schema_editor: Any) -> None:
    try:
        schema_editor.execute((SQL / "reader.sql").read_text("utf-8"), None)
    except ProgrammingError as error:
        if not isinstance(error.__cause__, InsufficientPrivilege):
            raise
        account = schema_editor.connection.settings_dict["USER"]
        raise VungManhError(
            "Tài khoản PostgreSQL trong VUNGMANH_DATABASE_URL không được tạo vai trò"
            " vungmanh_reader: nhờ người quản trị máy chủ chạy một lần “CREATE ROLE"
            f" vungmanh_reader NOLOGIN; GRANT vungmanh_reader TO {account}” rồi chạy lại.",
            code="no-reader-role",
        ) from error


class Migration(migrations.Migration):
    dependencies = [("access", "0004_delegation")]

    operations = [migrations.RunPython(make_reader, migrations.RunPython.noop, elidable=False)]
