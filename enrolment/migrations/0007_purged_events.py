"""Deleting what is old is called purging, here as in the command that does it."""

from django.db import migrations


def rename_events(apps, schema_editor):
    apps.get_model("enrolment", "Event").objects.filter(verb="forgotten").update(verb="purged")


class Migration(migrations.Migration):
    dependencies = [("enrolment", "0006_attendance_leaves")]

    operations = [migrations.RunPython(rename_events, migrations.RunPython.noop)]
