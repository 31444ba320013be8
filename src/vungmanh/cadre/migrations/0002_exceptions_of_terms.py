from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cadre", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="term",
            name="exceptions",
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
