"""Which causes a diagnosis asked about is kept by id from now on; what was asked before gets them."""

from django.db import migrations
from django.db.models import Q

#: Entries are only ever added to; this once a migration says more of those that are there.
OPEN = "ALTER TABLE strengthening_fileentry DISABLE TRIGGER USER"
SHUT = "ALTER TABLE strengthening_fileentry ENABLE TRIGGER USER"


def name_ids(apps, schema_editor):
    entries = apps.get_model("strengthening", "FileEntry").objects
    causes = apps.get_model("strengthening", "FileCause").objects
    for entry in entries.filter(act="ask_diagnosis").order_by("pk"):
        if "ids" in entry.content:
            continue
        stood = Q(withdrawn_at=None) | Q(withdrawn_at__gt=entry.at)
        asked = causes.filter(
            stood, file_id=entry.file_id, cause__in=entry.content.get("causes", ()),
            at__lte=entry.at,
        )  # fmt: skip
        found = [str(key) for key in asked.order_by("at", "pk").values_list("pk", flat=True)]
        entry.content = {**entry.content, "ids": found}
        entry.save(update_fields=["content"])


class Migration(migrations.Migration):
    dependencies = [("strengthening", "0017_on_whose_behalf")]

    operations = [
        migrations.RunSQL(OPEN, SHUT),
        migrations.RunPython(name_ids, migrations.RunPython.noop, elidable=False),
        migrations.RunSQL(SHUT, OPEN),
    ]
