"""A draft knows its finding and every place it founds for; what was laid aside, its figures."""

from django.db import migrations, models

PLACES = """
UPDATE org_arrangingdraft SET places = jsonb_build_array(place_id) WHERE place_id IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("org", "0019_register_as_known")]

    operations = [
        migrations.AddField(
            model_name="arrangingdraft",
            name="key",
            field=models.CharField(blank=True, db_index=True, max_length=64),
        ),
        migrations.AddField(
            model_name="arrangingdraft",
            name="places",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="arrangingdismissal",
            name="figures",
            field=models.JSONField(null=True),
        ),
        migrations.RunSQL(PLACES, migrations.RunSQL.noop),
    ]
