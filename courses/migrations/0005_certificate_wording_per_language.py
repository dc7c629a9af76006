from django.conf import settings
from django.db import migrations, models


def keep_wording(apps, schema_editor):
    """The one line there was is the college's own language's: it is printed where others have none."""
    for college in apps.get_model("courses", "College").objects.exclude(certificate_wording=""):
        college.certificate_wordings = {settings.LANGUAGE_CODE: college.certificate_wording}
        college.save(update_fields=["certificate_wordings"])


def one_wording(apps, schema_editor):
    for college in apps.get_model("courses", "College").objects.all():
        college.certificate_wording = college.certificate_wordings.get(settings.LANGUAGE_CODE, "")
        college.save(update_fields=["certificate_wording"])


class Migration(migrations.Migration):
    """The line at the foot of certificates, in each language. What was written stays."""

    dependencies = [("courses", "0004_pictures_drawn_anew")]

    operations = [
        migrations.AddField(
            model_name="college",
            name="certificate_wordings",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="The line at the foot of every certificate, for each language it is "
                "written in.",
                verbose_name="wording on certificates",
            ),
        ),
        migrations.RunPython(keep_wording, one_wording),
        migrations.RemoveField(model_name="college", name="certificate_wording"),
    ]
