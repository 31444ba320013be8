import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("strengthening", "0005_statistics"),
        ("org", "0009_wall_for_those_who_see_all"),
    ]

    operations = [
        migrations.CreateModel(
            name="InputSnapshot",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("content", models.BinaryField()),
                ("size", models.PositiveBigIntegerField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")),
                        name="strengthening_snapshot_digest",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="assessmentrun",
            name="snapshot",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="runs",
                to="strengthening.inputsnapshot",
            ),
        ),
        migrations.AddField(
            model_name="assessmentrun",
            name="result_hash",
            field=models.CharField(blank=True, max_length=64, default=""),
            preserve_default=False,
        ),
        # It names every unit, so it is all or nothing. Its bytes are compressed already.
        migrations.RunSQL(
            "ALTER TABLE strengthening_inputsnapshot ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY wall ON strengthening_inputsnapshot FOR SELECT TO vungmanh_reader"
            " USING ((SELECT org_wall_all()));"
            "ALTER TABLE strengthening_inputsnapshot ALTER content SET STORAGE EXTERNAL;",
            "ALTER TABLE strengthening_inputsnapshot ALTER content SET STORAGE EXTENDED;"
            "DROP POLICY wall ON strengthening_inputsnapshot;"
            "ALTER TABLE strengthening_inputsnapshot DISABLE ROW LEVEL SECURITY;",
        ),
    ]
