"""Attendance belongs to `certificates` from here on; its table stays where it is, as it is."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("enrolment", "0005_adjustments_that_came_later")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name="Attendance")]
        )
    ]
