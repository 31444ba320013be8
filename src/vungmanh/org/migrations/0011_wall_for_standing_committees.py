"""The second wall knows the roles that read units by name: one more of them."""

from django.db import migrations

_FUNCTIONS = ("org_wall_of", "org_wall_all")
_BEFORE, _AFTER = "'cell_secretary')", "'cell_secretary', 'standing_committee')"


def _rewrite(old, new):
    def rewrite(apps, schema_editor):
        with schema_editor.connection.cursor() as cursor:
            for name in _FUNCTIONS:
                cursor.execute(
                    "SELECT pg_get_functiondef(oid) FROM pg_proc"
                    " WHERE proname = %s AND pronamespace = current_schema()::regnamespace",
                    [name],
                )
                ((text,),) = cursor.fetchall()
                if text.count(old) != 1:
                    raise RuntimeError(f"{name} does not list the roles as expected")
                cursor.execute(text.replace(old, new))

    return rewrite


class Migration(migrations.Migration):
    dependencies = [("org", "0010_standing_committee")]

    operations = [
        migrations.RunPython(_rewrite(_BEFORE, _AFTER), _rewrite(_AFTER, _BEFORE), elidable=False)
    ]
