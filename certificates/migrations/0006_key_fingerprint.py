from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('certificates', '0005_removed_portraits'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeyFingerprint',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('fingerprint', models.CharField(max_length=64)),
            ],
            options={
                'verbose_name': 'fingerprint of the key',
                'verbose_name_plural': 'fingerprints of the key',
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='key_fingerprint_single_row')],
            },
        ),
    ]
