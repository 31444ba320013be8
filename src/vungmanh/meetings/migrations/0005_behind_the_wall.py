from django.db import migrations

from vungmanh.org.wall_sql import put_behind_wall


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0004_frozen_months_are_guarded"),
        ("org", "0006_wall_of_sight"),
    ]

    operations = [
        put_behind_wall("meetings_obligation"),
        put_behind_wall("meetings_meetingreport"),
        put_behind_wall("meetings_excuse"),
    ]
