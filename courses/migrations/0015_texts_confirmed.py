"""Texts are drafts until somebody confirms them. Those of a college that has them already are its own."""

from django.db import migrations, models
from django.utils import timezone


def confirm_what_is_there(apps, schema_editor):
    for college in apps.get_model("courses", "College").objects.all():
        texts = (college.privacy_controller, college.privacy_notice, college.privacy_text)
        if all(text.strip() for text in texts):
            college.texts_confirmed_at = timezone.now()
            college.save(update_fields=["texts_confirmed_at"])


class Migration(migrations.Migration):
    dependencies = [("courses", "0014_who_meets_you")]

    operations = [
        migrations.AddField(
            model_name="college",
            name="texts_confirmed_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="texts confirmed"
            ),
        ),
        migrations.RunPython(confirm_what_is_there, migrations.RunPython.noop, elidable=True),
    ]
