from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('enrolment', '0002_repeated_submissions'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClosedLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('closed_at', models.DateTimeField(auto_now_add=True, verbose_name='closed')),
            ],
            options={
                'verbose_name': 'closed link',
                'verbose_name_plural': 'closed links',
                'default_permissions': (),
            },
        ),
    ]
