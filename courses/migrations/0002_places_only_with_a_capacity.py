from django.db import migrations, models


class Migration(migrations.Migration):
    """A run without sign-up takes no places: the check said «unknown» there, and let it pass."""

    dependencies = [("courses", "0001_the_catalogue")]

    operations = [
        migrations.RemoveConstraint(model_name="courserun", name="run_places_within_capacity"),
        migrations.AddConstraint(
            model_name="courserun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(capacity__isnull=False, places_taken__lte=models.F("capacity")),
                    models.Q(capacity__isnull=True, places_taken=0),
                    _connector="OR",
                ),
                name="run_places_within_capacity",
                violation_error_message="More places are taken than the capacity allows.",
            ),
        ),
    ]
