"""Does nothing any more: `recoverycollege.groups` makes both groups after every migrate.

It used to make them here, and looked up permissions of models that have moved to another app since.
It stays because databases have it written down as applied.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []
    operations = []
