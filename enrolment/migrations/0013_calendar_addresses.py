from django.db import migrations, models

import enrolment.models.students


def give_keys(apps, schema_editor):
    """A key of their own to each: the default of a new column is the same for all."""
    students = apps.get_model("enrolment", "Student").objects.order_by("pk")
    rows = [
        students.model(pk=pk, calendar_key=enrolment.models.students.new_key())
        for pk in students.values_list("pk", flat=True)
    ]
    students.bulk_update(rows, ["calendar_key"], batch_size=200)


class Migration(migrations.Migration):
    """An address for each student's calendar: add, fill, constrain."""

    dependencies = [("enrolment", "0012_messages_to_people_on_a_run")]

    operations = [
        migrations.AddField(
            model_name="student",
            name="calendar_key",
            field=models.CharField(default="", editable=False, max_length=40),
        ),
        migrations.RunPython(give_keys, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="student",
            name="calendar_key",
            field=models.CharField(
                default=enrolment.models.students.new_key,
                editable=False,
                max_length=40,
                unique=True,
            ),
        ),
    ]
