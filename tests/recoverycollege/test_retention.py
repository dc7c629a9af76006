"""What is deleted when its time has come."""

import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from enrolment import services
from enrolment.models import Adjustment, Event, RepeatedSubmission
from tests.factories import enrol, make_published_run

LIFETIME = timedelta(hours=settings.CHECK_PAGE_HOURS)
pytestmark = pytest.mark.django_db


def make_adjustment(days_since_end: int) -> Adjustment:
    run = make_published_run()
    enrol(run, adjustment=f"Plass ved døra, {days_since_end}")
    ended_at = timezone.now() - timedelta(days=days_since_end)
    run.sessions.update(starts_at=ended_at - timedelta(hours=2), ends_at=ended_at)
    return Adjustment.objects.get(enrolment__run=run)


def test_purge_adjustments_deletes_those_of_runs_that_ended_over_a_week_ago():
    make_adjustment(8)
    recent, coming = make_adjustment(6), make_adjustment(-3)

    assert services.purge_adjustments(now=timezone.now()) == 1

    assert list(Adjustment.objects.order_by("pk")) == [recent, coming]


def test_purge_adjustments_waits_for_the_last_session_of_a_series():
    adjustment = make_adjustment(30)
    last = timezone.now() + timedelta(days=1)
    adjustment.enrolment.run.sessions.create(starts_at=last, ends_at=last + timedelta(hours=2))

    assert services.purge_adjustments(now=timezone.now()) == 0


def test_purge_adjustments_leaves_an_event_without_the_words():
    adjustment = make_adjustment(8)

    services.purge_adjustments(now=timezone.now())

    event = Event.objects.get(verb="purged")
    assert (event.subject, event.subject_id) == ("adjustment", adjustment.pk)


def test_command_only_counts_in_a_dry_run(capsys):
    make_adjustment(8)

    call_command("purge_expired", "--dry-run")
    assert "Would purge 1: What you want us to arrange." in capsys.readouterr().out
    assert Adjustment.objects.count() == 1

    call_command("purge_expired")
    assert "Purged 1: What you want us to arrange." in capsys.readouterr().out
    assert Adjustment.objects.count() == 0


def test_command_deletes_browser_sessions_that_have_expired():
    now = timezone.now()
    Session.objects.create(session_key="old", session_data="", expire_date=now - timedelta(1))
    Session.objects.create(session_key="new", session_data="", expire_date=now + timedelta(1))

    call_command("purge_expired")

    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]


def test_purge_deletes_what_repeats_were_told_once_their_page_is_too_old():
    enrolment = enrol(make_published_run())
    told = {"enrolment": enrolment, "was_told_of_place": True}
    recent = RepeatedSubmission.objects.create(submission=uuid.uuid4(), **told)
    RepeatedSubmission.objects.create(
        submission=uuid.uuid4(), sent_at=timezone.now() - LIFETIME - timedelta(minutes=1), **told
    )
    call_command("purge_expired", verbosity=0)
    assert list(RepeatedSubmission.objects.all()) == [recent]
