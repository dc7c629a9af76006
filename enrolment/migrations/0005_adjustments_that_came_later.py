from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("enrolment", "0004_newer_news_overtakes"),
    ]

    operations = [
        migrations.AddField(
            model_name="adjustment",
            name="came_later",
            field=models.BooleanField(
                default=False,
                help_text="Not with the sign-up, but by a repeat of it.",
                verbose_name="came later",
            ),
        ),
    ]
