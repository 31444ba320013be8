from django.db import migrations

# An administrator sees no unit, but must mend roles left in units that have ended: of findings those
# that are an administrator's to mend pass the wall, as names do for whoever gives roles.
POLICY = """
CREATE POLICY wall_for_administrators ON org_integrityfinding FOR SELECT TO vungmanh_reader USING (
  owner = 'administrator' AND (SELECT current_setting('vungmanh.role', true) = 'administrator')
)
"""


class Migration(migrations.Migration):
    dependencies = [("org", "0006_wall_of_sight")]

    operations = [
        migrations.RunSQL(
            POLICY,
            "DROP POLICY wall_for_administrators ON org_integrityfinding",
            elidable=False,
        ),
    ]
