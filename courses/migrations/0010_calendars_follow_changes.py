import django.utils.timezone
from django.db import migrations, models

import courses.models.college


class Migration(migrations.Migration):
    """When what calendars show was last changed, and the key of their ids.

    Of the rows that are there already nobody knows it: they count as changed now. There is one
    college, so the key that the new column begins with is its own.
    """

    dependencies = [("courses", "0009_sessions_cancelled_and_substituted")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="changed_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, editable=False, verbose_name="changed"
            ),
        )
        for name in ("courserun", "coursesession", "venue")
    ] + [
        migrations.AddField(
            model_name="college",
            name="calendar_key",
            field=models.CharField(
                default=courses.models.college.new_calendar_key, editable=False, max_length=43
            ),
        ),
    ]
