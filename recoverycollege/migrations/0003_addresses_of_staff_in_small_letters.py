"""Addresses of staff in small letters: a sign-in code is looked for by them."""

from django.conf import settings
from django.db import migrations
from django.db.models.functions import Lower


def write_small(apps, schema_editor):
    users = apps.get_model("auth", "User")._default_manager.using(schema_editor.connection.alias)
    users.exclude(email="").update(email=Lower("email"))


class Migration(migrations.Migration):
    dependencies = [
        ("recoverycollege", "0002_nightly_steps"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [migrations.RunPython(write_small, migrations.RunPython.noop)]
