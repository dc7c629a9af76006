from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def tell_languages(apps, schema_editor):
    """Titles are in the language of their course; the wording was in the college's own."""
    runs = apps.get_model("courses", "CourseRun").objects.filter(pk=OuterRef("run"))
    apps.get_model("certificates", "Certificate").objects.update(
        title_language=Subquery(runs.values("course__language")[:1])
    )


class Migration(migrations.Migration):
    """Which language the title and the wording of a certificate are in, frozen with them."""

    dependencies = [
        ("certificates", "0006_key_fingerprint"),
        ("courses", "0005_certificate_wording_per_language"),
    ]

    operations = [
        migrations.AddField(
            model_name="certificate",
            name="title_language",
            field=models.CharField(
                choices=settings.LANGUAGES,
                default="nb",
                max_length=5,
                verbose_name="language of the title",
            ),
        ),
        migrations.AddField(
            model_name="certificate",
            name="wording_language",
            field=models.CharField(
                choices=settings.LANGUAGES,
                default="nb",
                max_length=5,
                verbose_name="language of the wording",
            ),
        ),
        migrations.RunPython(tell_languages, migrations.RunPython.noop),
    ]
