"""The code of a session gets its plain name, in the table and in what was logged."""

import django.db.models.deletion
from django.db import migrations, models

import certificates.models


def rename_events(apps, schema_editor):
    events = apps.get_model("enrolment", "Event").objects
    events.filter(verb="collected").update(verb="claimed")
    events.filter(subject="wallcode").update(subject="sessioncode")


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0008_attendance_arrives"),
        ("courses", "0005_certificate_wording_per_language"),
        ("enrolment", "0006_attendance_leaves"),
    ]

    operations = [
        migrations.RenameModel("WallCode", "SessionCode"),
        migrations.AlterField("sessioncode", "session", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="session_code", to="courses.coursesession", verbose_name="session")),
        migrations.AlterField("sessioncode", "code", models.CharField(default=certificates.models.new_code, max_length=6, unique=True, verbose_name="code")),
        migrations.RunPython(rename_events, migrations.RunPython.noop),
    ]
