"""Since when a notice holds is told by the verb that writes it, as with everything else."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0006_runs_without_contradictions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="noticeversion",
            name="created_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, editable=False, verbose_name="created"
            ),
        ),
    ]
