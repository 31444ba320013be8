from typing import Any

from django.core.management import call_command
from django.db import migrations

TABLE = "access_attempts"  # as settings.CACHES names it


def make(apps: Any, schema_editor: Any) -> None:
    call_command("createcachetable", TABLE, database=schema_editor.connection.alias, verbosity=0)


def drop(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(f"DROP TABLE {TABLE}")


class Migration(migrations.Migration):
    dependencies = [("access", "0002_append_only_ledger")]

    operations = [migrations.RunPython(make, drop)]
