"""How long what people wrote is kept. Each verb deletes what is old enough and returns how many."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Max, Q, QuerySet

from courses.models import CourseRun
from enrolment.events import log_all
from enrolment.models import (
    Adjustment,
    ClosedLink,
    Event,
    Letter,
    LinkRequest,
    MergedKey,
    Message,
    RepeatedSubmission,
)


def _runs_over_since(moment: datetime) -> QuerySet[CourseRun]:
    """Runs whose last session ended before that moment, for use within another query."""
    takes_place = Q(sessions__cancelled_at=None)
    runs = CourseRun.objects.annotate(last_ends_at=Max("sessions__ends_at", filter=takes_place))
    return runs.filter(last_ends_at__lt=moment).order_by()


@transaction.atomic
def purge_adjustments(*, now: datetime, dry_run: bool = False) -> int:
    """Delete what people wanted arranged, `ADJUSTMENT_DAYS` after the run's last session.

    The sign-up form promises it. Also where the run was cancelled.
    """
    over = _runs_over_since(now - timedelta(days=settings.ADJUSTMENT_DAYS))
    adjustments = Adjustment.objects.filter(enrolment__run__in=over.values("pk"))
    if dry_run:
        return adjustments.count()
    purged = list(adjustments.only("pk"))
    log_all("purged", purged)
    Adjustment.objects.filter(pk__in=[each.pk for each in purged]).delete()
    return len(purged)


@transaction.atomic
def purge_messages(*, now: datetime, dry_run: bool = False) -> int:
    """Empty what staff wrote to people, `MESSAGE_DAYS` after the run's last session, in the letters
    that carried it too; and delete the drafts. When it was sent, and to how many, stays.
    """
    over = _runs_over_since(now - timedelta(days=settings.MESSAGE_DAYS))
    messages = Message.objects.exclude(text="").filter(run__in=over.values("pk"))
    if dry_run:
        return messages.count()
    purged = list(messages.only("pk"))
    log_all("purged", purged)
    found = Message.objects.filter(pk__in=[each.pk for each in purged])
    Letter.objects.filter(message__in=found.values("pk")).update(text="")
    found.filter(sent_at=None).delete()
    found.update(text="")
    return len(purged)


@transaction.atomic
def purge_letter_texts(*, now: datetime, dry_run: bool = False) -> int:
    """Empty what letters said, `LETTER_TEXT_DAYS` after they were sent, were not sent after all, or
    did not arrive. That there was a letter, of what kind and when, stays.

    The mail server's answer goes, too: it may name the address. One that did not arrive is written
    anew if it is sent again.
    """
    long_ago = now - timedelta(days=settings.LETTER_TEXT_DAYS)
    old = Letter.objects.filter(
        Q(sent_at__lt=long_ago) | Q(overtaken_at__lt=long_ago) | Q(failed_at__lt=long_ago)
    ).exclude(text="", subject="", last_error="", before=None)
    if dry_run:
        return old.count()
    return old.order_by().update(text="", subject="", last_error="", before=None)


def purge_events(*, now: datetime, dry_run: bool = False) -> int:
    """Delete who did what to which row, after `EVENT_YEARS`."""
    old = Event.objects.filter(happened_at__lt=now - timedelta(days=365 * settings.EVENT_YEARS))
    return old.count() if dry_run else old.delete()[0]


def purge_sessions(*, now: datetime, dry_run: bool = False) -> int:
    """Delete browser sessions that are over, with all they hold, as `clearsessions` does."""
    old = Session.objects.filter(expire_date__lt=now)
    return old.count() if dry_run else old.delete()[0]


def purge_repeated_submissions(*, now: datetime, dry_run: bool = False) -> int:
    """Delete what repeated sign-ups were told, once their check page is too old to be sent."""
    old = RepeatedSubmission.objects.filter(
        sent_at__lt=now - timedelta(hours=settings.CHECK_PAGE_HOURS)
    )
    return old.count() if dry_run else old.delete()[0]


def purge_closed_links(*, now: datetime, dry_run: bool = False) -> int:
    """Delete what tells of a link that it was closed, once the link is too old to open anything."""
    old = ClosedLink.objects.filter(closed_at__lt=now - timedelta(days=settings.LINK_DAYS))
    return old.count() if dry_run else old.delete()[0]


def purge_merged_keys(*, now: datetime, dry_run: bool = False) -> int:
    """Delete keys of records that became part of another, once no link signed over them opens.

    Addresses of calendars never expire: those are kept.
    """
    old = MergedKey.objects.filter(
        is_calendar=False, merged_at__lt=now - timedelta(days=settings.LINK_DAYS)
    )
    return old.count() if dry_run else old.delete()[0]


def purge_link_requests(*, now: datetime, dry_run: bool = False) -> int:
    """Delete addresses that no worker has looked up for a day: the letter would surprise by now."""
    old = LinkRequest.objects.filter(
        asked_at__lt=now - timedelta(hours=settings.LINK_REQUEST_HOURS)
    )
    return old.count() if dry_run else old.delete()[0]
