"""What concerns a whole person, across the apps."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Max

from courses.models import CourseRun
from enrolment.events import log_all
from enrolment.forms.check_page import LASTS
from enrolment.models import Adjustment, ClosedLink, RepeatedSubmission


@transaction.atomic
def forget_adjustments(*, now: datetime, dry_run: bool = False) -> int:
    """Delete what people wanted arranged, `ADJUSTMENT_DAYS` after the run's last session.

    The sign-up form promises it. Also where the run was cancelled. Returns how many.
    """
    over = CourseRun.objects.annotate(last_ends_at=Max("sessions__ends_at")).filter(
        last_ends_at__lt=now - timedelta(days=settings.ADJUSTMENT_DAYS)
    )
    adjustments = Adjustment.objects.filter(enrolment__run__in=over.order_by().values("pk"))
    if dry_run:
        return adjustments.count()
    forgotten = list(adjustments.only("pk"))
    log_all("forgotten", forgotten)
    Adjustment.objects.filter(pk__in=[each.pk for each in forgotten]).delete()
    return len(forgotten)


def forget_repeats(*, now: datetime) -> None:
    """Delete what repeated sign-ups were told, once their check page is too old to be sent."""
    RepeatedSubmission.objects.filter(sent_at__lt=now - LASTS).delete()


def forget_sessions(*, now: datetime) -> None:
    """Delete browser sessions that have expired: they hold the keys of students and staff."""
    Session.objects.filter(expire_date__lt=now).delete()


def forget_closed_links(*, now: datetime) -> None:
    """Delete what is known of links that their students closed, once they would have expired."""
    ClosedLink.objects.filter(closed_at__lt=now - timedelta(days=settings.LINK_DAYS)).delete()
