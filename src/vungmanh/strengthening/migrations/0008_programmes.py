import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import vungmanh.core.ids
from vungmanh.org.wall_sql import put_behind_wall


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0010_standing_committee"),
        ("strengthening", "0007_references_of_runs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Programme",
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
                ("title", models.CharField(max_length=300)),
                ("title_fold", models.CharField(max_length=380)),
                ("number", models.CharField(blank=True, max_length=60)),
                ("decided_on", models.DateField(null=True)),
                ("first_year", models.PositiveSmallIntegerField()),
                ("last_year", models.PositiveSmallIntegerField()),
                ("weaknesses", models.CharField(blank=True, max_length=4000)),
                ("levels", models.JSONField(default=list)),
                ("measures", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Đang soạn"),
                            ("submitted", "Chờ duyệt"),
                            ("running", "Đang thực hiện"),
                            ("closed", "Đã tổng kết"),
                        ],
                        max_length=12,
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("closed_on", models.DateField(null=True)),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "submitted_by",
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
                        related_name="programmes",
                        to="org.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["-first_year", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_year__gte", models.F("first_year"))),
                name="strengthening_programme_years",
            ),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["running", "closed"]), _negated=True),
                    ("decided_on__isnull", False),
                    _connector="OR",
                ),
                name="strengthening_programme_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "closed"), _negated=True),
                    ("closed_on__isnull", False),
                    _connector="OR",
                ),
                name="strengthening_programme_closed",
            ),
        ),
        migrations.CreateModel(
            name="ProgrammeGate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("launch", "Triển khai"),
                            ("yearly", "Kiểm điểm năm"),
                            ("mid_term", "Sơ kết giữa kỳ"),
                            ("final", "Tổng kết"),
                        ],
                        max_length=12,
                    ),
                ),
                ("due_on", models.DateField()),
                ("asks", models.CharField(blank=True, max_length=2000)),
                ("levels", models.JSONField(default=list)),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="gates",
                        to="strengthening.programme",
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="programmegate",
            constraint=models.UniqueConstraint(
                fields=("programme", "kind", "due_on"), name="strengthening_gate_once"
            ),
        ),
        migrations.CreateModel(
            name="GateReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=4000)),
                ("figures", models.JSONField(default=dict)),
                ("document", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
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
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gate_reports",
                        to="org.unit",
                    ),
                ),
                (
                    "gate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="strengthening.programmegate",
                    ),
                ),
            ],
            options={
                "ordering": ["gate", "at", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="gatereport",
            constraint=models.UniqueConstraint(
                fields=("gate", "unit"), name="strengthening_gate_report_once"
            ),
        ),
        migrations.CreateModel(
            name="ProgrammeTarget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.CharField(max_length=300)),
                ("indicator", models.CharField(blank=True, max_length=60)),
                ("is_rise", models.BooleanField(default=True)),
                ("base_value", models.DecimalField(decimal_places=3, max_digits=12, null=True)),
                ("base_month", models.DateField(null=True)),
                ("aim_value", models.DecimalField(decimal_places=3, max_digits=12)),
                ("due_on", models.DateField()),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets",
                        to="strengthening.programme",
                    ),
                ),
            ],
            options={
                "ordering": ["programme", "number"],
            },
        ),
        migrations.AddConstraint(
            model_name="programmetarget",
            constraint=models.UniqueConstraint(
                fields=("programme", "number"), name="strengthening_target_once"
            ),
        ),
        *(
            put_behind_wall(f"strengthening_{table}", column, of=of)
            for table, column, of in (
                ("programmetarget", "programme_id", "strengthening_programme"),
                ("programmegate", "programme_id", "strengthening_programme"),
                ("gatereport", "unit_id", ""),
            )
        ),
    ]
