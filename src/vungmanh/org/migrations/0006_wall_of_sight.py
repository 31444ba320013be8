from pathlib import Path

from django.db import migrations

from vungmanh.org.wall_sql import put_behind_wall

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("org", "0005_integrity_findings"), ("access", "0005_reader_role")]

    operations = [
        migrations.RunSQL((SQL / "wall.sql").read_text("utf-8"), elidable=False),
        put_behind_wall("org_unitparent"),
        put_behind_wall("org_membershipcount"),
        put_behind_wall("org_admissioncount"),
        put_behind_wall("org_appointment"),
        put_behind_wall("org_integrityfinding", or_none=True),
    ]
