"""Somebody merged into another is read by whoever reads the other: what was filed names them."""

from django.db import migrations

OF = """
  id IN (SELECT person_id FROM org_membership)
  OR id IN (SELECT person_id FROM org_admission)
  OR id IN (SELECT person_id FROM org_membertransfer)"""
WITH_MERGED = f"ALTER POLICY wall ON org_person USING ({OF}"
WITH_MERGED += " OR merged_into_id IN (SELECT person_id FROM org_membership));"
WITHOUT = f"ALTER POLICY wall ON org_person USING ({OF});"


class Migration(migrations.Migration):
    dependencies = [("org", "0017_statistics_as_reported")]

    operations = [migrations.RunSQL(WITH_MERGED, WITHOUT, elidable=False)]
