"""When an adjustment was written is told by the verb that writes it, as with everything else."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("enrolment", "0009_letters_written_when_sent"),
    ]

    operations = [
        migrations.AlterField(
            model_name="adjustment",
            name="created_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, editable=False, verbose_name="written"
            ),
        ),
    ]
