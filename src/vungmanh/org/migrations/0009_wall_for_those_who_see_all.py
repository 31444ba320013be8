from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0008_closure_once_and_reforms_told"),
        # whose walls it alters
        ("meetings", "0005_behind_the_wall"),
        ("evaluation", "0002_behind_the_wall"),
        ("strengthening", "0003_behind_the_wall"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="unitversion",
            index=models.Index(name="org_version_order", fields=["name_key", "id"]),
        ),
        migrations.RunSQL((SQL / "wall_all.sql").read_text("utf-8"), elidable=False),
    ]
