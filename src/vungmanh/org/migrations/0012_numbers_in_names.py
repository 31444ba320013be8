"""Names with numbers are listed in the order of the numbers: số 1, số 2, số 10."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from vungmanh.core.text import name_key, sort_key


def _keyed(key: Any) -> Any:
    def run(apps: Any, _schema: Any) -> None:
        versions = apps.get_model("org", "UnitVersion").objects
        changed = list(versions.filter(name__regex="[0-9]").only("id", "name"))
        for one in changed:
            one.name_key = key(one.name)
        versions.bulk_update(changed, ["name_key"], batch_size=1000)

    return run


class Migration(migrations.Migration):
    dependencies = [("org", "0011_wall_for_standing_committees")]

    operations = [migrations.RunPython(_keyed(name_key), _keyed(sort_key))]
