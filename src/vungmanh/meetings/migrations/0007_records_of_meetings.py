from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from vungmanh.org.wall_sql import put_behind_wall

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0006_tasks_on_time"),
        ("org", "0009_wall_for_those_who_see_all"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("regular", "Sinh hoạt thường kỳ"),
                            ("thematic", "Sinh hoạt chuyên đề"),
                            ("plan", "Kế hoạch năm, phân công đảng viên"),
                            ("review", "Kiểm điểm năm"),
                            ("screening", "Kế hoạch rà soát, sàng lọc"),
                        ],
                        max_length=12,
                    ),
                ),
                ("month", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("preparing", "Đang chuẩn bị"),
                            ("announced", "Đã báo họp"),
                            ("recording", "Đang ghi"),
                            ("filed", "Đã nộp, chờ xác nhận"),
                            ("returned", "Trả lại, chờ sửa"),
                            ("confirmed", "Đã xác nhận"),
                            ("sealed", "Đã khóa"),
                        ],
                        max_length=12,
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("plan", models.JSONField(default=dict)),
                ("facts", models.JSONField(default=dict)),
                ("form", models.PositiveSmallIntegerField()),
                ("correction_reason", models.CharField(blank=True, max_length=300)),
                ("changed_at", models.DateTimeField()),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="org.unit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MeetingChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveIntegerField()),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("plan", "Chuẩn bị"),
                            ("announce", "Báo họp"),
                            ("write", "Ghi"),
                            ("file", "Nộp"),
                            ("retract", "Rút lại để sửa"),
                            ("confirm", "Xác nhận"),
                            ("return", "Trả lại"),
                            ("seal", "Khóa"),
                            ("correct", "Đính chính"),
                        ],
                        max_length=8,
                    ),
                ),
                ("fields", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("preparing", "Đang chuẩn bị"),
                            ("announced", "Đã báo họp"),
                            ("recording", "Đang ghi"),
                            ("filed", "Đã nộp, chờ xác nhận"),
                            ("returned", "Trả lại, chờ sửa"),
                            ("confirmed", "Đã xác nhận"),
                            ("sealed", "Đã khóa"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
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
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="meetings.meeting",
                    ),
                ),
            ],
            options={
                "ordering": ["meeting", "revision"],
            },
        ),
        migrations.CreateModel(
            name="MeetingVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField()),
                ("filing", models.PositiveSmallIntegerField()),
                ("facts", models.JSONField()),
                ("membership", models.JSONField()),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("digest", models.CharField(max_length=64)),
                ("filed_at", models.DateTimeField()),
                (
                    "filed_via",
                    models.CharField(
                        choices=[
                            ("web", "Trên máy"),
                            ("phone", "Trên điện thoại"),
                            ("paper", "Văn phòng nhập thay, từ bản giấy"),
                        ],
                        max_length=8,
                    ),
                ),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("returned_at", models.DateTimeField(null=True)),
                ("returned_reason", models.CharField(blank=True, max_length=500)),
                ("retracted_at", models.DateTimeField(null=True)),
                ("sealed_at", models.DateTimeField(null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "filed_by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="meetings.meeting",
                    ),
                ),
                (
                    "returned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sealed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["meeting", "filing"],
            },
        ),
        migrations.AddIndex(
            model_name="meeting",
            index=models.Index(fields=["state", "month"], name="meetings_meeting_state"),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.UniqueConstraint(
                fields=("unit", "kind", "month"), name="meetings_meeting_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("month__day", 1)), name="meetings_meeting_first_of_month"
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("version", 1),
                    models.Q(("correction_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="meetings_correction_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingchange",
            constraint=models.UniqueConstraint(
                fields=("meeting", "revision"), name="meetings_change_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingversion",
            constraint=models.UniqueConstraint(
                fields=("meeting", "filing"), name="meetings_version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("returned_at", None), ("returned_reason", "")),
                    models.Q(
                        ("returned_at__isnull", False),
                        models.Q(("returned_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="meetings_returned_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sealed_at", None), ("confirmed_at__isnull", False), _connector="OR"
                ),
                name="meetings_sealed_when_confirmed",
            ),
        ),
        migrations.RunSQL((SQL / "meeting.sql").read_text("utf-8"), elidable=False),
        put_behind_wall("meetings_meeting", whole=True),
        put_behind_wall("meetings_meetingversion", "meeting_id", of="meetings_meeting"),
        put_behind_wall("meetings_meetingchange", "meeting_id", of="meetings_meeting"),
    ]
