from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import vungmanh.core.ids
from vungmanh.org.wall_sql import put_behind_wall

SQL = Path(__file__).resolve().parent.parent / "sql"
UNDO = """
DROP POLICY wall ON strengthening_programme;
ALTER TABLE strengthening_programme DISABLE ROW LEVEL SECURITY;
DROP TRIGGER strengthening_override_stays ON strengthening_selectionoverride;
DROP TRIGGER strengthening_entry_stays ON strengthening_fileentry;
DROP FUNCTION strengthening_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0010_standing_committee"),
        ("strengthening", "0009_selections"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SupportFile",
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
                ("entered_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("chosen", "Mới chọn, chưa chẩn đoán"),
                            ("diagnosis_asked", "Chờ duyệt chẩn đoán"),
                            ("diagnosed", "Đã chẩn đoán, chưa có kế hoạch"),
                            ("plan_asked", "Chờ duyệt kế hoạch"),
                            ("acting", "Đang củng cố"),
                            ("exit_asked", "Chờ duyệt ra khỏi diện"),
                            ("holding", "Đã ra khỏi diện, đang giữ vững"),
                            ("closed", "Đã xong"),
                            ("relapsed", "Tái yếu trong thời gian giữ vững"),
                            ("ended", "Đơn vị kết thúc hoạt động"),
                        ],
                        max_length=16,
                    ),
                ),
                ("entry", models.JSONField(default=dict)),
                ("exit_rule", models.CharField(max_length=120)),
                ("exit_terms", models.JSONField(default=dict)),
                ("path", models.JSONField(default=dict)),
                ("exited_on", models.DateField(null=True)),
                ("hold_until", models.DateField(null=True)),
                ("label_until", models.DateField(null=True)),
                ("ended_on", models.DateField(null=True)),
                ("revision", models.PositiveIntegerField(default=0)),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "after",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="strengthening.supportfile",
                    ),
                ),
                (
                    "approver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
                    ),
                ),
                (
                    "choice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="file",
                        to="strengthening.choice",
                    ),
                ),
                (
                    "handler",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="strengthening.programme",
                    ),
                ),
                (
                    "reviewer",
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
                        related_name="support_files",
                        to="org.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["-entered_on", "id"],
            },
        ),
        migrations.AddIndex(
            model_name="supportfile",
            index=models.Index(fields=["state"], name="strengthening_file_state"),
        ),
        migrations.AddConstraint(
            model_name="supportfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("closed", "relapsed", "ended")), _negated=True),
                fields=("unit",),
                name="strengthening_one_open_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="supportfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "holding"), _negated=True),
                    models.Q(
                        ("exited_on__isnull", False), ("hold_until__gt", models.F("exited_on"))
                    ),
                    _connector="OR",
                ),
                name="strengthening_file_hold",
            ),
        ),
        migrations.AddConstraint(
            model_name="supportfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("closed", "relapsed", "ended")), _negated=True),
                    ("ended_on__gte", models.F("entered_on")),
                    _connector="OR",
                ),
                name="strengthening_file_ended",
            ),
        ),
        migrations.CreateModel(
            name="FileEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("open", "Lập hồ sơ củng cố"),
                            ("write_cause", "Ghi nguyên nhân"),
                            ("ask_diagnosis", "Trình chẩn đoán"),
                            ("approve_diagnosis", "Duyệt chẩn đoán"),
                            ("return_diagnosis", "Trả lại chẩn đoán"),
                            ("write_measure", "Ghi biện pháp"),
                            ("ask_plan", "Trình kế hoạch"),
                            ("approve_plan", "Duyệt kế hoạch"),
                            ("return_plan", "Trả lại kế hoạch"),
                            ("end_measure", "Kết thúc biện pháp"),
                            ("review", "Kiểm điểm tiến độ"),
                            ("answer", "Đơn vị nêu ý kiến"),
                            ("hand_over", "Chuyển giao hồ sơ"),
                            ("accept_hand_over", "Nhận hồ sơ chuyển giao"),
                            ("refuse_hand_over", "Từ chối hồ sơ chuyển giao"),
                            ("ask_exit", "Trình ra khỏi diện"),
                            ("approve_exit", "Duyệt ra khỏi diện"),
                            ("return_exit", "Trả lại đề nghị ra khỏi diện"),
                            ("close", "Kết thúc thời gian giữ vững"),
                            ("relapse", "Ghi tái yếu"),
                            ("end", "Kết thúc theo đơn vị"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("chosen", "Mới chọn, chưa chẩn đoán"),
                            ("diagnosis_asked", "Chờ duyệt chẩn đoán"),
                            ("diagnosed", "Đã chẩn đoán, chưa có kế hoạch"),
                            ("plan_asked", "Chờ duyệt kế hoạch"),
                            ("acting", "Đang củng cố"),
                            ("exit_asked", "Chờ duyệt ra khỏi diện"),
                            ("holding", "Đã ra khỏi diện, đang giữ vững"),
                            ("closed", "Đã xong"),
                            ("relapsed", "Tái yếu trong thời gian giữ vững"),
                            ("ended", "Đơn vị kết thúc hoạt động"),
                        ],
                        max_length=16,
                    ),
                ),
                ("on", models.DateField()),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("content", models.JSONField(default=dict)),
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
                    "on_behalf",
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
                        related_name="entries",
                        to="strengthening.supportfile",
                    ),
                ),
            ],
            options={
                "ordering": ["file", "number"],
            },
        ),
        migrations.AddConstraint(
            model_name="fileentry",
            constraint=models.UniqueConstraint(
                fields=("file", "number"), name="strengthening_entry_once"
            ),
        ),
        migrations.RunSQL((SQL / "programmes.sql").read_text("utf-8"), UNDO, elidable=False),
        *(
            put_behind_wall(f"strengthening_{table}", column, of=of)
            for table, column, of in (
                ("supportfile", "unit_id", ""),
                ("fileentry", "file_id", "strengthening_supportfile"),
            )
        ),
    ]
