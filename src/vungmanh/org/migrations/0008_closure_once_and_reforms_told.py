from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("org", "0007_findings_of_administrators")]

    operations = [
        migrations.AddField(model_name="reform", name="told", field=models.JSONField(default=dict)),
        migrations.RunSQL((SQL / "closure_later.sql").read_text("utf-8"), elidable=False),
    ]
