"""Attendance belongs here from now on. Its table stays where it is, so no row is touched."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0007_languages_of_title_and_wording"),
        ("courses", "0005_certificate_wording_per_language"),
        ("enrolment", "0006_attendance_leaves"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Attendance",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("is_present", models.BooleanField(verbose_name="present")),
                        ("recorded_at", models.DateTimeField(auto_now=True, verbose_name="recorded")),
                        ("session", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="attendances", to="courses.coursesession", verbose_name="session")),
                        ("student", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="attendances", to="enrolment.student", verbose_name="student")),
                    ],
                    options={
                        "verbose_name": "attendance",
                        "verbose_name_plural": "attendance",
                        "db_table": "enrolment_attendance",
                        "default_permissions": ("change", "view"),
                        "constraints": [models.UniqueConstraint(fields=("student", "session"), name="attendance_once_per_session")],
                    },
                )
            ]
        )
    ]
