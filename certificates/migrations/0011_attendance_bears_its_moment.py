"""When attendance was recorded is told by the verb that writes it, as with everything else."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0010_replaced_or_revoked"),
    ]

    operations = [
        migrations.AlterField(
            model_name="attendance",
            name="recorded_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, editable=False, verbose_name="recorded"
            ),
        ),
    ]
