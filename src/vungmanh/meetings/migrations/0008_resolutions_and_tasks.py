from pathlib import Path

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import vungmanh.core.ids
import vungmanh.core.vocabulary
from vungmanh.org.wall_sql import put_behind_wall

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0007_records_of_meetings"),
        ("org", "0009_wall_for_those_who_see_all"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Resolution",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("resolution", "Nghị quyết"),
                            ("plan", "Kế hoạch"),
                            ("directive", "Văn bản chỉ đạo, hướng dẫn"),
                        ],
                        max_length=12,
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=60)),
                ("title", models.CharField(max_length=300)),
                ("title_fold", models.CharField(max_length=380)),
                ("text", models.TextField(blank=True)),
                ("adopted_on", models.DateField()),
                ("vote_for", models.PositiveSmallIntegerField(null=True)),
                ("vote_base", models.PositiveSmallIntegerField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("in_force", "Đang thực hiện"),
                            ("done", "Đã thực hiện xong"),
                            ("ended", "Thôi thực hiện, có lý do"),
                        ],
                        max_length=12,
                    ),
                ),
                ("ended_on", models.DateField(null=True)),
                ("end_reason", models.CharField(blank=True, max_length=300)),
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resolutions",
                        to="meetings.meeting",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applied_by",
                        to="meetings.resolution",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resolutions",
                        to="org.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["-adopted_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
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
                ("sent_on", models.DateField()),
                ("sent_at", models.DateTimeField()),
                ("asked", models.JSONField(default=list)),
                ("received_at", models.DateTimeField(null=True)),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "received_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sent_from",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts_sent",
                        to="org.unit",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="org.unit",
                    ),
                ),
                (
                    "resolution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="meetings.resolution",
                    ),
                ),
            ],
            options={
                "ordering": ["sent_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Task",
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
                ("title_fold", models.CharField(max_length=421)),
                ("owner", models.CharField(max_length=120)),
                ("due_on", models.DateField()),
                ("output", models.CharField(max_length=300)),
                ("given_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Đang làm"),
                            ("done", "Đã xong"),
                            ("dropped", "Bỏ, có lý do"),
                        ],
                        default=vungmanh.core.vocabulary.TaskState["OPEN"],
                        max_length=8,
                    ),
                ),
                ("percent", models.PositiveSmallIntegerField(null=True)),
                ("note", models.CharField(blank=True, max_length=600)),
                ("proof", models.CharField(blank=True, max_length=600)),
                ("ended_on", models.DateField(null=True)),
                ("drop_reason", models.CharField(blank=True, max_length=300)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField()),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="tasks_given",
                        to="meetings.meeting",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="local",
                        to="meetings.task",
                    ),
                ),
                (
                    "resolution",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="meetings.resolution",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="org.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="TaskStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveIntegerField()),
                ("fields", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Đang làm"),
                            ("done", "Đã xong"),
                            ("dropped", "Bỏ, có lý do"),
                        ],
                        max_length=8,
                    ),
                ),
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
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="meetings.task",
                    ),
                ),
            ],
            options={
                "ordering": ["task", "revision"],
            },
        ),
        migrations.AddIndex(
            model_name="resolution",
            index=models.Index(fields=["unit", "adopted_on"], name="meetings_resolution_unit"),
        ),
        migrations.AddIndex(
            model_name="resolution",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["title_fold"], name="meetings_resolution_fold", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="resolution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("vote_base", None), ("vote_for", None)),
                    models.Q(
                        ("vote_base__gt", 0),
                        ("vote_for__gte", 0),
                        ("vote_for__lte", models.F("vote_base")),
                    ),
                    _connector="OR",
                ),
                name="meetings_resolution_vote",
            ),
        ),
        migrations.AddConstraint(
            model_name="resolution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_reason", ""), ("ended_on", None), ("state", "in_force")),
                    models.Q(("ended_on__isnull", False), ("state", "done")),
                    models.Q(
                        ("ended_on__isnull", False),
                        ("state", "ended"),
                        models.Q(("end_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="meetings_resolution_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="resolution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on", None), ("ended_on__gte", models.F("adopted_on")), _connector="OR"
                ),
                name="meetings_resolution_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.UniqueConstraint(
                fields=("resolution", "unit"), name="meetings_receipt_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("received_at", None), ("received_by", None)),
                    ("received_at__isnull", False),
                    _connector="OR",
                ),
                name="meetings_receipt_received",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["unit", "due_on"], name="meetings_task_unit"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["unit"], name="meetings_task_open"
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["title_fold"], name="meetings_task_fold", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("drop_reason", ""), ("ended_on", None), ("state", "open")),
                    models.Q(
                        ("drop_reason", ""),
                        ("ended_on__isnull", False),
                        ("state", "done"),
                        models.Q(("proof", ""), _negated=True),
                    ),
                    models.Q(
                        ("ended_on__isnull", False),
                        ("state", "dropped"),
                        models.Q(("drop_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="meetings_task_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("due_on__gte", models.F("given_on")),
                    models.Q(
                        ("ended_on", None), ("ended_on__gte", models.F("given_on")), _connector="OR"
                    ),
                ),
                name="meetings_task_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("percent", None), ("percent__lte", 100), _connector="OR"),
                name="meetings_task_percent",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("title", ""), _negated=True),
                    models.Q(("output", ""), _negated=True),
                    models.Q(("owner", ""), _negated=True),
                ),
                name="meetings_task_says_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="taskstep",
            constraint=models.UniqueConstraint(
                fields=("task", "revision"), name="meetings_step_once"
            ),
        ),
        put_behind_wall("meetings_resolution", whole=True),
        put_behind_wall("meetings_receipt", whole=True),
        put_behind_wall("meetings_task", whole=True),
        put_behind_wall("meetings_taskstep", "task_id", of="meetings_task", whole=True),
        migrations.RunSQL(
            (SQL / "tasks.sql").read_text(encoding="utf-8"),
            "DROP POLICY wall_received ON meetings_resolution;"
            " DROP TRIGGER meetings_step_stays ON meetings_taskstep;"
            " DROP FUNCTION meetings_step_stays();",
            elidable=False,
        ),
    ]
