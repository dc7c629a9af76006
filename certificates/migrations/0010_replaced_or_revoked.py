"""A certificate is replaced or withdrawn, never both: where both stood, the newer one has its place."""

from decimal import Decimal
from django.db import migrations, models


def settle_certificates(apps, schema_editor):
    both = apps.get_model("certificates", "Certificate").objects.exclude(superseded_by=None)
    both.exclude(revoked_at=None).update(revoked_at=None)


class Migration(migrations.Migration):

    dependencies = [
        ('certificates', '0009_session_codes'),
        ('courses', '0006_runs_without_contradictions'),
        ('enrolment', '0008_channels_have_their_contact'),
    ]

    operations = [
        migrations.RunPython(settle_certificates, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.CheckConstraint(condition=models.Q(('superseded_by__isnull', True), ('revoked_at__isnull', True), _connector='OR'), name='certificate_not_replaced_and_revoked', violation_error_message='A certificate is either replaced or withdrawn, never both.'),
        ),
        migrations.AlterConstraint(
            model_name='certificate',
            name='certificate_one_valid_per_student_and_run',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True), ('superseded_by__isnull', True)), fields=('student', 'run'), name='certificate_one_valid_per_student_and_run', violation_error_message='The student has a valid certificate from this run already.'),
        ),
        migrations.AlterConstraint(
            model_name='certificate',
            name='certificate_hours_positive',
            constraint=models.CheckConstraint(condition=models.Q(('hours__gt', Decimal('0'))), name='certificate_hours_positive', violation_error_message='A certificate is about more than no hours.'),
        ),
        migrations.AlterConstraint(
            model_name='keyfingerprint',
            name='key_fingerprint_single_row',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='key_fingerprint_single_row', violation_error_message='There is one already, and there can only be one.'),
        ),
    ]
