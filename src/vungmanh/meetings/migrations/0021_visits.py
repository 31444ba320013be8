from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import vungmanh.core.ids
from vungmanh.org.wall_sql import put_behind_wall

SQL = Path(__file__).resolve().parent.parent / "sql"
UNDO = """
DROP TRIGGER meetings_visit_change_stays ON meetings_visitchange;
DROP FUNCTION meetings_visit_change_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0020_reports_replaced"),
        ("org", "0010_standing_committee"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Visit",
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
                ("on", models.DateField()),
                ("attended", models.BooleanField()),
                ("found", models.CharField(blank=True, max_length=1000)),
                ("agreed", models.CharField(blank=True, max_length=1000)),
                ("put_right", models.CharField(blank=True, max_length=1000)),
                ("by_plan", models.BooleanField(default=True)),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("web", "Trên máy"),
                            ("phone", "Trên điện thoại"),
                            ("paper", "Văn phòng nhập thay, từ bản giấy"),
                        ],
                        max_length=8,
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_reason", models.CharField(blank=True, max_length=300)),
                ("changed_at", models.DateTimeField()),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="visits",
                        to="meetings.meeting",
                    ),
                ),
                (
                    "overseer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="org.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["-on", "-id"],
            },
        ),
        migrations.AddField(
            model_name="task",
            name="visit",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tasks",
                to="meetings.visit",
            ),
        ),
        migrations.CreateModel(
            name="VisitChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveIntegerField()),
                ("fields", models.JSONField(default=dict)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("web", "Trên máy"),
                            ("phone", "Trên điện thoại"),
                            ("paper", "Văn phòng nhập thay, từ bản giấy"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="meetings.visit",
                    ),
                ),
            ],
            options={
                "ordering": ["visit", "revision"],
            },
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["unit", "on"], name="meetings_visit_unit"),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("unit", "overseer", "on"),
                name="meetings_visit_once_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_reason", "")),
                    models.Q(
                        ("withdrawn_at__isnull", False),
                        models.Q(("withdrawn_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="meetings_visit_withdrawn",
            ),
        ),
        migrations.AddConstraint(
            model_name="visitchange",
            constraint=models.UniqueConstraint(
                fields=("visit", "revision"), name="meetings_visit_change_once"
            ),
        ),
        migrations.RunSQL((SQL / "visits.sql").read_text("utf-8"), UNDO, elidable=False),
        put_behind_wall("meetings_visit", whole=True),
        put_behind_wall("meetings_visitchange", "visit_id", of="meetings_visit"),
    ]
