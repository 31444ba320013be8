from django.core.management import call_command
from django.db import migrations

TABLE = "access_attempts"  # as settings.CACHES names it


def make(apps, schema_editor):
    call_command("createcachetable", TABLE, database=schema_editor.connection.alias, verbosity=0)


def drop(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE {TABLE}")


class Migration(migrations.Migration):
    dependencies = [("access", "0002_append_only_ledger")]

    operations = [migrations.RunPython(make, drop)]
