"""A run whose sign-up closes before its semester's opens is written as it has been read."""

from datetime import timedelta

from django.db import migrations
from django.db.models import F


def settle_runs(apps, schema_editor):
    """Nobody could sign up for these, and nobody can now: the minute is the last before the close."""
    runs = apps.get_model("courses", "CourseRun").objects.exclude(status="cancelled")
    for run in runs.filter(
        enrolment_opens_at=None, enrolment_closes_at__lte=F("semester__enrolment_opens_at")
    ):
        run.enrolment_opens_at = run.enrolment_closes_at - timedelta(minutes=1)
        run.save(update_fields=["enrolment_opens_at"])


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0007_notices_bear_their_moment"),
    ]

    operations = [
        migrations.RunPython(settle_runs, migrations.RunPython.noop),
    ]
