from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("meetings", "0003_excuses_and_frozen_months")]

    operations = [
        migrations.RunSQL((SQL / "ledger.sql").read_text("utf-8"), elidable=False),
    ]
