import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import vungmanh.core.ids
from vungmanh.org.wall_sql import put_behind_wall


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0010_standing_committee"),
        ("strengthening", "0008_programmes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Selection",
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
                ("month", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Đang chuẩn bị"),
                            ("submitted", "Đã trình"),
                            ("decided", "Đã quyết định"),
                            ("withdrawn", "Đã rút"),
                        ],
                        max_length=12,
                    ),
                ),
                ("rules", models.JSONField(default=dict)),
                ("terms", models.JSONField(default=dict)),
                ("rulebook_version", models.CharField(max_length=64)),
                ("code_version", models.CharField(max_length=32)),
                ("seed", models.CharField(max_length=64)),
                ("result", models.JSONField()),
                ("result_hash", models.CharField(max_length=64)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("made_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_on", models.DateField(null=True)),
                ("number", models.CharField(blank=True, max_length=60)),
                ("withdrawn_reason", models.CharField(blank=True, max_length=500)),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "decided_by",
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
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="selections",
                        to="strengthening.programme",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="selections",
                        to="strengthening.inputsnapshot",
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
                        related_name="selections",
                        to="org.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["-year", "-made_at", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="selection",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "withdrawn"), _negated=True),
                fields=("programme", "unit", "year"),
                name="strengthening_one_selection_a_year",
            ),
        ),
        migrations.AddConstraint(
            model_name="selection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "decided"), _negated=True),
                    models.Q(("decided_at__isnull", False), ("decided_on__isnull", False)),
                    _connector="OR",
                ),
                name="strengthening_selection_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="selection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), _negated=True),
                    models.Q(("withdrawn_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="strengthening_selection_withdrawn",
            ),
        ),
        migrations.CreateModel(
            name="Choice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("rule", "Theo tiêu chí"),
                            ("lot", "Bốc thăm trong vùng sát ngưỡng"),
                            ("override", "Quyết định khác, có lý do"),
                            ("relapse", "Tái yếu"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_reason", models.CharField(blank=True, max_length=500)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="choices",
                        to="org.unit",
                    ),
                ),
                (
                    "selection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="choices",
                        to="strengthening.selection",
                    ),
                ),
            ],
            options={
                "ordering": ["selection", "position"],
            },
        ),
        migrations.AddConstraint(
            model_name="choice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("unit", "year"),
                name="strengthening_chosen_once_a_year",
            ),
        ),
        migrations.AddConstraint(
            model_name="choice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("way", "override"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="strengthening_choice_override_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="choice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_reason", "")),
                    models.Q(
                        ("withdrawn_at__isnull", False),
                        models.Q(("withdrawn_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="strengthening_choice_withdrawn",
            ),
        ),
        migrations.CreateModel(
            name="SelectionAppeal",
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
                ("text", models.CharField(max_length=2000)),
                ("at", models.DateTimeField()),
                ("is_granted", models.BooleanField(null=True)),
                ("answer", models.CharField(blank=True, max_length=2000)),
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
                    "selection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeals",
                        to="strengthening.selection",
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
                "ordering": ["at", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="selectionappeal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answered_at", None)),
                fields=("selection", "unit"),
                name="strengthening_one_open_appeal",
            ),
        ),
        migrations.AddConstraint(
            model_name="selectionappeal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_at", None), ("is_granted", None)),
                    models.Q(
                        ("answered_at__isnull", False),
                        ("is_granted__isnull", False),
                        models.Q(("answer", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="strengthening_appeal_answered",
            ),
        ),
        migrations.CreateModel(
            name="SelectionOverride",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_in", models.BooleanField()),
                ("reason", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "selection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overrides",
                        to="strengthening.selection",
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
                "ordering": ["selection", "at", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="selectionoverride",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="strengthening_override_reason",
            ),
        ),
        *(
            put_behind_wall(f"strengthening_{table}", column, of=of)
            for table, column, of in (
                ("selection", "unit_id", ""),
                ("selectionoverride", "selection_id", "strengthening_selection"),
                ("selectionappeal", "unit_id", ""),
                ("choice", "unit_id", ""),
            )
        ),
    ]
