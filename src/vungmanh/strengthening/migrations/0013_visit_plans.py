import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import vungmanh.core.ids
from vungmanh.org.wall_sql import put_behind_wall


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0011_wall_for_standing_committees"),
        ("strengthening", "0012_oversight_plans"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="VisitPlan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=vungmanh.core.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("month", models.DateField(null=True)),
                ("rule", models.CharField(max_length=120)),
                ("seed", models.CharField(max_length=64)),
                ("inputs", models.JSONField()),
                ("lines", models.JSONField()),
                ("made_at", models.DateTimeField()),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visit_plans",
                        to="org.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["-year", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("unit", "year"), name="strengthening_visit_plan_once"
                    )
                ],
            },
        ),
        put_behind_wall("strengthening_visitplan"),
    ]
