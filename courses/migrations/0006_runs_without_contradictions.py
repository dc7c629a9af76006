"""The database holds what the code assumes of a run: its cancellation, its window of sign-up, its choices."""

from datetime import timedelta

from django.db import migrations, models
from django.db.models import F
from django.utils import timezone


def settle_runs(apps, schema_editor):
    """What the checks would refuse is written as it has been read until now."""
    runs = apps.get_model("courses", "CourseRun").objects
    # Without a time of cancellation every session counted as held: so do those up to now.
    runs.filter(status="cancelled", cancelled_at=None).update(cancelled_at=timezone.now())
    runs.exclude(status="cancelled").exclude(cancelled_at=None).update(cancelled_at=None)
    # Nobody could sign up for these, and nobody can now: the minute is the last before the close.
    for run in runs.filter(enrolment_opens_at__gte=F("enrolment_closes_at")):
        run.enrolment_opens_at = run.enrolment_closes_at - timedelta(minutes=1)
        run.save(update_fields=["enrolment_opens_at"])


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0005_certificate_wording_per_language'),
    ]

    operations = [
        migrations.RunPython(settle_runs, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='college',
            constraint=models.CheckConstraint(condition=models.Q(('legal_basis__in', ['public_task', 'legitimate_interest', 'consent'])), name='college_legal_basis_known', violation_error_message='Choose one of the answers that are offered.'),
        ),
        migrations.AddConstraint(
            model_name='course',
            constraint=models.CheckConstraint(condition=models.Q(('format__in', ['short_course', 'series', 'seminar', 'debate', 'evening_lecture', 'workshop', 'cafe', 'main_workshop', 'housing_workshop', 'theme_day', 'breakfast_seminar', 'outside_class', 'information_meeting', 'network_meeting'])), name='course_format_known', violation_error_message='Choose one of the answers that are offered.'),
        ),
        migrations.AddConstraint(
            model_name='coursedeveloper',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['peer', 'professional'])), name='course_developer_role_known', violation_error_message='Choose one of the answers that are offered.'),
        ),
        migrations.AddConstraint(
            model_name='courserun',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cancelled_at__isnull', False), ('status', 'cancelled')), models.Q(models.Q(('status', 'cancelled'), _negated=True), ('cancelled_at__isnull', True)), _connector='OR'), name='run_cancelled_exactly_with_moment', violation_error_message='A cancelled run has a time of cancellation, and no other run has one.'),
        ),
        migrations.AddConstraint(
            model_name='courserun',
            constraint=models.CheckConstraint(condition=models.Q(('enrolment_opens_at__isnull', True), ('enrolment_closes_at__isnull', True), ('enrolment_opens_at__lt', models.F('enrolment_closes_at')), _connector='OR'), name='run_sign_up_opens_before_it_closes', violation_error_message='Sign-up must open before it closes.'),
        ),
        migrations.AddConstraint(
            model_name='courserun',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'published', 'cancelled'])), name='run_status_known', violation_error_message='Choose one of the answers that are offered.'),
        ),
        migrations.AddConstraint(
            model_name='courserun',
            constraint=models.CheckConstraint(condition=models.Q(('entry__in', ['sign_up', 'drop_in', 'closed'])), name='run_entry_known', violation_error_message='Choose one of the answers that are offered.'),
        ),
        migrations.AddConstraint(
            model_name='noticeversion',
            constraint=models.CheckConstraint(condition=models.Q(('legal_basis__in', ['public_task', 'legitimate_interest', 'consent'])), name='notice_legal_basis_known', violation_error_message='Choose one of the answers that are offered.'),
        ),
        migrations.AddConstraint(
            model_name='partner',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['owner', 'partner'])), name='partner_kind_known', violation_error_message='Choose one of the answers that are offered.'),
        ),
        migrations.AddConstraint(
            model_name='semester',
            constraint=models.CheckConstraint(condition=models.Q(('term__in', ['spring', 'autumn'])), name='semester_term_known', violation_error_message='Choose one of the answers that are offered.'),
        ),
        migrations.AddConstraint(
            model_name='tutorassignment',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['peer', 'professional'])), name='tutor_role_known', violation_error_message='Choose one of the answers that are offered.'),
        ),
        migrations.AlterConstraint(
            model_name='college',
            name='college_single_row',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='college_single_row', violation_error_message='There is one already, and there can only be one.'),
        ),
        migrations.AlterConstraint(
            model_name='courserun',
            name='run_counters_not_negative',
            constraint=models.CheckConstraint(condition=models.Q(('places_taken__gte', 0), ('waiting__gte', 0)), name='run_counters_not_negative', violation_error_message='Neither places nor people on the waiting list can be fewer than none.'),
        ),
        migrations.AlterConstraint(
            model_name='courserun',
            name='run_queue_only_when_sign_up',
            constraint=models.CheckConstraint(condition=models.Q(('entry', 'sign_up'), ('waiting', 0), _connector='OR'), name='run_queue_only_when_sign_up', violation_error_message='Only where people sign up is there a waiting list.'),
        ),
        migrations.AlterConstraint(
            model_name='courserun',
            name='run_published_has_moment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'published'), _negated=True), ('published_at__isnull', False), _connector='OR'), name='run_published_has_moment', violation_error_message='A published run must have a time of publication.'),
        ),
    ]
