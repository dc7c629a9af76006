"""Pictures that were stored as somebody's file are drawn anew, without what a camera writes beside them.

A logo's old bytes stay under their old name, for the certificates that were issued with it: nothing but
a certificate shows them any more. A portrait's old bytes go.
"""

import hashlib

from django.core.files.base import ContentFile
from django.db import migrations, models

import courses.pictures

# What could be stored until now, beside what can be from now on.
ALSO = ('TIFF', 'BMP')


def draw_anew(apps, schema_editor):
    Picture = apps.get_model('courses', 'Picture')
    Tutor = apps.get_model('courses', 'Tutor')
    logos = [
        (apps.get_model('courses', 'College'), 'logo'),
        (apps.get_model('courses', 'Partner'), 'logo'),
    ]
    # Nobody can tell here what a picture without a holder was. A certificate may name it: it stays.
    portraits = {name for name in Tutor.objects.values_list('photo', flat=True) if name}
    for model, field in logos:
        portraits -= set(model.objects.values_list(field, flat=True))
    Picture.objects.exclude(name__in=portraits).update(is_logo=True)
    for model, field in [*logos, (Tutor, 'photo')]:
        held = model.objects.exclude(**{field: ''}).values_list(field, flat=True)
        for name in sorted(set(held)):
            new = store_anew(Picture.objects, name, is_logo=model is not Tutor)
            model.objects.filter(**{field: name}).update(**{field: new})
    Picture.objects.filter(name__in=portraits - set(Tutor.objects.values_list('photo', flat=True))).delete()


def store_anew(pictures, name, *, is_logo):
    """The name of the new picture; empty where there is nothing that can be shown."""
    stored = pictures.filter(name=name).first()
    if stored is None:
        return ''
    try:
        picture = courses.pictures.prepare(ContentFile(bytes(stored.content), name=name), also=ALSO)
    except courses.pictures.PictureRefused:
        return ''
    data = picture.read()
    new = hashlib.sha256(data).hexdigest()[:32] + picture.name[-4:]
    values = {'content': data} | ({'is_logo': True} if is_logo else {})
    pictures.update_or_create(name=new, defaults=values)
    return new


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0003_rate_counts'),
    ]

    operations = [
        migrations.AddField(
            model_name='picture',
            name='is_logo',
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name='college',
            name='logo',
            field=models.ImageField(blank=True, max_length=60, storage=courses.pictures.PictureStorage(for_logos=True), upload_to='', verbose_name='logo'),
        ),
        migrations.AlterField(
            model_name='partner',
            name='logo',
            field=models.ImageField(blank=True, max_length=60, storage=courses.pictures.PictureStorage(for_logos=True), upload_to='', verbose_name='logo'),
        ),
        migrations.AlterField(
            model_name='tutor',
            name='photo',
            field=models.ImageField(blank=True, max_length=60, storage=courses.pictures.PictureStorage(for_logos=False), upload_to='', verbose_name='photo'),
        ),
        migrations.RunPython(draw_anew, migrations.RunPython.noop),
    ]
