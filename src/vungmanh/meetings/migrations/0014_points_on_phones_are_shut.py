from django.db import migrations


class Migration(migrations.Migration):
    """Points are read by nobody but the side that gave them until both are in: also as items."""

    dependencies = [("meetings", "0013_scores_of_two_sides")]

    operations = [
        migrations.RunSQL(
            "CREATE POLICY shut ON meetings_phoneitem AS RESTRICTIVE FOR SELECT TO vungmanh_reader"
            " USING (kind <> 'sheet.score')",
            "DROP POLICY shut ON meetings_phoneitem",
            elidable=False,
        ),
    ]
