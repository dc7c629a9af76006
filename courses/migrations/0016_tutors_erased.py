import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """When tutors came is not known of those who are here already: they keep none."""

    dependencies = [("courses", "0015_texts_confirmed")]

    operations = [
        migrations.AddField(
            model_name="tutor",
            name="created_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="tutor",
            name="created_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, editable=False, null=True
            ),
        ),
        migrations.AddField(
            model_name="tutor",
            name="erased_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="erased"),
        ),
    ]
