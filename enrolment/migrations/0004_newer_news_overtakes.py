from django.db import migrations, models
from django.utils import timezone

TELLS_ALL = ["place", "waiting", "promoted", "withdrawn", "cancelled"]


def mark_overtaken(apps, schema_editor):
    """Unsent letters about a run of which the student has been written something newer."""
    Letter = apps.get_model("enrolment", "Letter")
    newer = Letter.objects.filter(
        models.Q(kind__in=TELLS_ALL) | models.Q(kind=models.OuterRef("kind")),
        student=models.OuterRef("student"),
        enrolment__run=models.OuterRef("enrolment__run"),
        pk__gt=models.OuterRef("pk"),
    )
    old = Letter.objects.filter(sent_at=None, enrolment__isnull=False).filter(models.Exists(newer))
    keys = list(old.values_list("pk", flat=True))
    now = timezone.now()
    for first in range(0, len(keys), 500):
        Letter.objects.filter(pk__in=keys[first : first + 500]).update(overtaken_at=now)


class Migration(migrations.Migration):
    dependencies = [
        ("enrolment", "0003_links_students_closed"),
    ]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="before",
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="letter",
            name="is_from_public_form",
            field=models.BooleanField(default=False, verbose_name="from a public form"),
        ),
        migrations.AddField(
            model_name="letter",
            name="not_before",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="letter",
            name="overtaken_at",
            field=models.DateTimeField(
                help_text="Not sent: newer news took its place.",
                null=True,
                verbose_name="overtaken",
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="refused_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunPython(mark_overtaken, migrations.RunPython.noop),
    ]
