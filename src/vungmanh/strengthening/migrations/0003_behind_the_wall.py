from django.db import migrations

from vungmanh.org.wall_sql import put_behind_wall


class Migration(migrations.Migration):
    dependencies = [
        ("strengthening", "0002_flags"),
        ("org", "0006_wall_of_sight"),
    ]

    operations = [
        put_behind_wall("strengthening_assessment"),
        put_behind_wall("strengthening_flag"),
        put_behind_wall("strengthening_flagreply", "flag_id", of="strengthening_flag"),
    ]
