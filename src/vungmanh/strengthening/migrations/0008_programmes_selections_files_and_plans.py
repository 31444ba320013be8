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
        ("strengthening", "0007_references_of_runs"),
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
        migrations.AddConstraint(
            model_name="programmegate",
            constraint=models.UniqueConstraint(
                fields=("programme", "kind", "due_on"), name="strengthening_gate_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="gatereport",
            constraint=models.UniqueConstraint(
                fields=("gate", "unit"), name="strengthening_gate_report_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="programmetarget",
            constraint=models.UniqueConstraint(
                fields=("programme", "number"), name="strengthening_target_once"
            ),
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
        migrations.AddConstraint(
            model_name="selectionoverride",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="strengthening_override_reason",
            ),
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
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answered_at", None)),
                fields=("file",),
                name="strengthening_one_open_handover",
            ),
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
        migrations.AddConstraint(
            model_name="fileentry",
            constraint=models.UniqueConstraint(
                fields=("file", "number"), name="strengthening_entry_once"
            ),
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
        migrations.RunSQL((SQL / "programmes.sql").read_text("utf-8"), UNDO, elidable=False),
        *(
            put_behind_wall(f"strengthening_{table}", column, of=of)
            for table, column, of in (
                ("programmetarget", "programme_id", "strengthening_programme"),
                ("programmegate", "programme_id", "strengthening_programme"),
                ("gatereport", "unit_id", ""),
                ("selection", "unit_id", ""),
                ("selectionoverride", "selection_id", "strengthening_selection"),
                ("selectionappeal", "unit_id", ""),
                ("choice", "unit_id", ""),
                ("supportfile", "unit_id", ""),
                ("fileentry", "file_id", "strengthening_supportfile"),
                ("filecause", "file_id", "strengthening_supportfile"),
                ("filemeasure", "file_id", "strengthening_supportfile"),
                ("handover", "unit_id", ""),
                ("oversightplan", "unit_id", ""),
                ("plannedoversight", "unit_id", ""),
            )
        ),
    ]
