import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import vungmanh.core.ids
from vungmanh.org.wall_sql import put_behind_wall


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0010_standing_committee"),
        ("strengthening", "0011_causes_measures_and_handovers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OversightPlan",
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
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Đang soạn"),
                            ("submitted", "Chờ duyệt"),
                            ("approved", "Đã duyệt"),
                            ("withdrawn", "Đã rút"),
                        ],
                        max_length=12,
                    ),
                ),
                ("rules", models.JSONField(default=dict)),
                ("inputs", models.JSONField()),
                ("input_hash", models.CharField(max_length=64)),
                ("result", models.JSONField()),
                ("revision", models.PositiveIntegerField(default=1)),
                ("made_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("number", models.CharField(blank=True, max_length=60)),
                ("decided_on", models.DateField(null=True)),
                ("withdrawn_reason", models.CharField(blank=True, max_length=500)),
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
                    "made_by",
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
                        related_name="oversight_plans",
                        to="org.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["-valid_from", "-made_at", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="oversightplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_until__gt", models.F("valid_from"))),
                name="strengthening_plan_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="oversightplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "approved"), _negated=True),
                    models.Q(("approved_at__isnull", False), ("decided_on__isnull", False)),
                    _connector="OR",
                ),
                name="strengthening_plan_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="oversightplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), _negated=True),
                    models.Q(("withdrawn_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="strengthening_plan_withdrawn",
            ),
        ),
        migrations.CreateModel(
            name="PlannedOversight",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=500)),
                ("changed_reason", models.CharField(blank=True, max_length=500)),
                (
                    "before",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "overseer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="strengthening.oversightplan",
                    ),
                ),
                (
                    "planned",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
                    ),
                ),
            ],
            options={
                "ordering": ["plan", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="plannedoversight",
            constraint=models.UniqueConstraint(
                fields=("plan", "unit"), name="strengthening_line_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedoversight",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("changed_by", None),
                    models.Q(("changed_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="strengthening_line_change_reason",
            ),
        ),
        *(
            put_behind_wall(f"strengthening_{table}", column, of=of)
            for table, column, of in (
                ("oversightplan", "unit_id", ""),
                ("plannedoversight", "unit_id", ""),
            )
        ),
    ]
