"""What the register said before it was written anew, so that it can be told as once known."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"

#: A unit that undoing took out of the register altogether is in nobody's list; whoever asks has
#: shown that it stood below a unit in sight (org/structure_known.py).
GONE = "NOT EXISTS (SELECT FROM org_unit one WHERE one.id = unit_id)"
SEEN = "unit_id IN (SELECT unnest((SELECT org_wall_units())))"
OPEN = "(SELECT org_wall_all())"
WALLS = f"""
ALTER TABLE org_pastrow ENABLE ROW LEVEL SECURITY;
CREATE POLICY wall ON org_pastrow FOR SELECT TO vungmanh_reader
  USING ({OPEN} OR unit_id IS NULL OR {SEEN} OR {GONE});
ALTER POLICY wall ON org_pastcount USING ({OPEN} OR {SEEN} OR {GONE});
"""
NO_WALLS = f"""
ALTER POLICY wall ON org_pastcount USING ({SEEN});
DROP POLICY wall ON org_pastrow; ALTER TABLE org_pastrow DISABLE ROW LEVEL SECURITY;
"""
#: Counts kept before: of which row each was is not known, so each stands for itself.
OWN_ROWS = "UPDATE org_pastcount SET row_id = -id"
NOT_KNOWN = """
DROP FUNCTION org_counts_known; DROP FUNCTION org_below_known;
DROP FUNCTION org_unitversion_known; DROP FUNCTION org_unitparent_known;
DROP FUNCTION org_lineage_known;
DROP TRIGGER org_past_counts_of_inserts ON org_membershipcount;
DROP FUNCTION org_keep_past_rows CASCADE;
CREATE OR REPLACE FUNCTION org_keep_past_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO org_pastcount (unit_id, status, lower, upper, count, recorded_at, replaced_at)
  SELECT unit_id, status, lower(valid), upper(valid), count, recorded_at, statement_timestamp()
  FROM old_rows;
  RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("org", "0018_merged_people_seen")]

    operations = [
        migrations.CreateModel(
            name="PastRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("table", models.CharField(max_length=32)),
                ("row_id", models.BigIntegerField()),
                ("said", models.JSONField(null=True)),
                ("replaced_at", models.DateTimeField(db_index=True)),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="org.unit",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["table", "row_id"], name="org_past_row")],
            },
        ),
        migrations.AddField("pastcount", "row_id", models.BigIntegerField(null=True)),
        migrations.RunSQL(OWN_ROWS, migrations.RunSQL.noop, elidable=True),
        migrations.AlterField("pastcount", "row_id", models.BigIntegerField(db_index=True)),
        migrations.RunSQL(WALLS, NO_WALLS, elidable=False),
        migrations.RunSQL((SQL / "known.sql").read_text("utf-8"), NOT_KNOWN, elidable=False),
    ]
