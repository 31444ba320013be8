import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import vungmanh.core.ids
from vungmanh.org.wall_sql import put_behind_wall


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0010_standing_committee"),
        ("strengthening", "0010_files_of_chosen_units"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("open_findings", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                ("is_accepted", models.BooleanField(null=True)),
                ("answer", models.CharField(blank=True, max_length=500)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "from_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers",
                        to="strengthening.supportfile",
                    ),
                ),
            ],
            options={
                "ordering": ["file", "at", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answered_at", None)),
                fields=("file",),
                name="strengthening_one_open_handover",
            ),
        ),
        migrations.CreateModel(
            name="FileMeasure",
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
                ("kind", models.CharField(max_length=40)),
                ("causes", models.JSONField(default=list)),
                ("text", models.CharField(blank=True, max_length=300)),
                ("owner", models.CharField(max_length=120)),
                ("starts_on", models.DateField()),
                ("due_on", models.DateField()),
                ("output", models.CharField(max_length=300)),
                (
                    "tier",
                    models.CharField(
                        choices=[
                            ("none", "Chưa có bằng chứng"),
                            ("weak", "Bằng chứng yếu"),
                            ("tested", "Đã được kiểm chứng"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Đang làm"),
                            ("done", "Đã làm, có căn cứ"),
                            ("dropped", "Không làm nữa"),
                        ],
                        max_length=8,
                    ),
                ),
                ("ended_on", models.DateField(null=True)),
                ("proof", models.JSONField(default=dict)),
                ("proof_text", models.CharField(blank=True, max_length=600)),
                ("drop_reason", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField()),
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
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="strengthening.supportfile",
                    ),
                ),
            ],
            options={
                "ordering": ["file", "due_on", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="filemeasure",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_on__gte", models.F("starts_on"))),
                name="strengthening_measure_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="filemeasure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("owner", ""), _negated=True), models.Q(("output", ""), _negated=True)
                ),
                name="strengthening_measure_says_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="filemeasure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("drop_reason", ""), ("ended_on", None), ("state", "planned")),
                    models.Q(("drop_reason", ""), ("ended_on__isnull", False), ("state", "done")),
                    models.Q(
                        ("ended_on__isnull", False),
                        ("state", "dropped"),
                        models.Q(("drop_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="strengthening_measure_end",
            ),
        ),
        migrations.CreateModel(
            name="FileCause",
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
                ("cause", models.CharField(max_length=40)),
                ("evidence", models.CharField(blank=True, max_length=2000)),
                ("links", models.JSONField(default=list)),
                ("document", models.CharField(blank=True, max_length=200)),
                ("verified_on", models.DateField(null=True)),
                ("verified_visit", models.UUIDField(null=True)),
                ("second_opinion", models.CharField(blank=True, max_length=2000)),
                ("second_agrees", models.BooleanField(null=True)),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_reason", models.CharField(blank=True, max_length=500)),
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
                    "second_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="causes",
                        to="strengthening.supportfile",
                    ),
                ),
            ],
            options={
                "ordering": ["file", "at", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="filecause",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("file", "cause"),
                name="strengthening_cause_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="filecause",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("evidence", ""), _negated=True),
                    models.Q(("document", ""), _negated=True),
                    _connector="OR",
                ),
                name="strengthening_cause_evidence",
            ),
        ),
        *(
            put_behind_wall(f"strengthening_{table}", column, of=of)
            for table, column, of in (
                ("filecause", "file_id", "strengthening_supportfile"),
                ("filemeasure", "file_id", "strengthening_supportfile"),
                ("handover", "unit_id", ""),
            )
        ),
    ]
