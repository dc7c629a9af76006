"""Whoever is to be reached can be: those without contact get the channel «none»."""

from django.db import migrations, models


CONTACT = (("email", "email"), ("phone", "phone"), ("paper", "postal_address"))


def settle_people(apps, schema_editor):
    """A channel without its contact gives way to one that has it, and to «none» where none has."""
    students = apps.get_model("enrolment", "Student").objects
    for channel, field in CONTACT:
        for student in students.filter(channel=channel, **{field: ""}):
            reachable = (each for each, contact in CONTACT if getattr(student, contact))
            student.channel = next(reachable, "none")
            student.save(update_fields=["channel"])
            # What they have not been told yet goes the same way, as when staff correct it.
            student.letters.filter(sent_at=None, channel=channel).update(channel=student.channel)
    enrolments = apps.get_model("enrolment", "Enrolment").objects
    enrolments.filter(status="waiting").exclude(placed_at=None).update(placed_at=None)


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0006_runs_without_contradictions'),
        ('enrolment', '0007_purged_events'),
    ]

    operations = [
        migrations.RunPython(settle_people, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='letter',
            name='channel',
            field=models.CharField(choices=[('email', 'e-mail'), ('phone', 'phone call'), ('paper', 'paper letter'), ('none', 'cannot be reached')], max_length=5, verbose_name='channel'),
        ),
        migrations.AlterField(
            model_name='student',
            name='channel',
            field=models.CharField(choices=[('email', 'e-mail'), ('phone', 'phone call'), ('paper', 'paper letter'), ('none', 'cannot be reached')], max_length=5, verbose_name='reached by'),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.CheckConstraint(condition=models.Q(('call_outcome__in', ['', 'yes', 'cannot', 'unreached'])), name='enrolment_call_outcome_known', violation_error_message='Choose one of the answers that are offered.'),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'waiting'), _negated=True), ('placed_at__isnull', True), _connector='OR'), name='enrolment_waiting_has_no_place', violation_error_message='Whoever waits has not got a place yet.'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['place', 'waiting', 'promoted', 'withdrawn', 'companion', 'changed', 'cancelled', 'link'])), name='letter_kind_known', violation_error_message='Choose one of the answers that are offered.'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['email', 'phone', 'paper', 'none'])), name='letter_channel_known', violation_error_message='Choose one of the answers that are offered.'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'reached', 'posted', 'unreached'])), name='letter_outcome_known', violation_error_message='Choose one of the answers that are offered.'),
        ),
        migrations.AddConstraint(
            model_name='student',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('channel', 'email'), models.Q(('email', ''), _negated=True)), models.Q(('channel', 'phone'), models.Q(('phone', ''), _negated=True)), models.Q(('channel', 'paper'), models.Q(('postal_address', ''), _negated=True)), models.Q(('channel', 'none'), ('email', ''), ('phone', ''), ('postal_address', '')), _connector='OR'), name='student_channel_has_its_contact', violation_error_message='Write the e-mail address, number or postal address by which the student is to be reached.'),
        ),
        migrations.AlterConstraint(
            model_name='enrolment',
            name='enrolment_one_live_per_run',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['place', 'waiting'])), fields=('student', 'run'), name='enrolment_one_live_per_run', violation_error_message='The student is signed up for this run already.'),
        ),
        migrations.AlterConstraint(
            model_name='enrolment',
            name='enrolment_one_or_two_places',
            constraint=models.CheckConstraint(condition=models.Q(('places__in', [1, 2])), name='enrolment_one_or_two_places', violation_error_message='A sign-up is for one place or two.'),
        ),
        migrations.AlterConstraint(
            model_name='enrolment',
            name='enrolment_status_known',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['place', 'waiting', 'withdrawn'])), name='enrolment_status_known', violation_error_message='Choose one of the answers that are offered.'),
        ),
        migrations.AlterConstraint(
            model_name='enrolment',
            name='enrolment_withdrawn_has_moment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'withdrawn'), _negated=True), ('withdrawn_at__isnull', False), _connector='OR'), name='enrolment_withdrawn_has_moment', violation_error_message='Whoever has withdrawn has a time of withdrawal.'),
        ),
        migrations.AlterConstraint(
            model_name='enrolment',
            name='enrolment_place_has_moment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'place'), _negated=True), ('placed_at__isnull', False), _connector='OR'), name='enrolment_place_has_moment', violation_error_message='Whoever has a place has a time of getting it.'),
        ),
    ]
