"""Portraits that were removed or replaced stayed stored, and anybody with their address saw them: they go.

What a certificate that was issued names stays, and so does what the college, a partner or a tutor has.
"""

from django.db import migrations


def remove(apps, schema_editor):
    named = set()
    for model, field in [('College', 'logo'), ('Partner', 'logo'), ('Tutor', 'photo')]:
        named |= set(apps.get_model('courses', model).objects.values_list(field, flat=True))
    issued = apps.get_model('certificates', 'Certificate').objects.values_list('college_logo', 'owners')
    for college_logo, owners in issued.iterator():
        named |= {college_logo, *(owner.get('logo', '') for owner in owners)}
    Picture = apps.get_model('courses', 'Picture')
    stored = set(Picture.objects.values_list('name', flat=True))
    for name in stored - named:
        Picture.objects.filter(name=name).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0004_pictures_drawn_anew'),
        ('certificates', '0004_checks_counted_in_courses'),
    ]

    operations = [
        migrations.RunPython(remove, migrations.RunPython.noop),
    ]
