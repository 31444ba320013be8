from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("org", "0001_initial"), ("access", "0001_initial")]

    operations = [
        migrations.RunSQL((SQL / "temporal.sql").read_text("utf-8"), elidable=False),
        migrations.RunSQL((SQL / "closure.sql").read_text("utf-8"), elidable=False),
    ]
