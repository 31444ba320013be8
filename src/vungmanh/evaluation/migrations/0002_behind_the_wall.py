from django.db import migrations

from vungmanh.org.wall_sql import put_behind_wall


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0001_initial"),
        ("org", "0006_wall_of_sight"),
    ]

    operations = [
        put_behind_wall("evaluation_yeargrade"),
    ]
