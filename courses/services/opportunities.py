"""Opportunities outside the college: written by staff, doubted by anybody, looked at again."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from courses.models import Opportunity
from courses.web import throttle
from courses.web.throttle import RateLimit


def count_opportunity_report(*, network: str) -> bool:
    """Count one «this is not right any more»; whether it is one too many. One statement."""
    return throttle.goes_beyond(
        RateLimit(what="opportunity", who=network, most=settings.OPPORTUNITY_REPORTS_PER_HOUR)
    )


def report_opportunity(*, opportunity_id: int, now: datetime | None = None) -> bool:
    """Write down that somebody says it is not right any more; whether there is such a one.

    The first day stays until staff have looked. One statement, and one more where it is so already.
    """
    found = Opportunity.objects.filter(pk=opportunity_id)
    today = timezone.localdate(now)
    return bool(found.filter(reported_on=None).update(reported_on=today)) or found.exists()


@transaction.atomic
def save_opportunity(*, opportunity: Opportunity, now: datetime | None = None) -> None:
    """Save what staff wrote. Whoever does has looked: it counts as checked. Raises
    ValidationError.
    """
    opportunity.checked_on, opportunity.reported_on = timezone.localdate(now), None
    opportunity.full_clean()
    opportunity.save()


@transaction.atomic
def check_opportunity(*, opportunity_id: int, now: datetime | None = None) -> Opportunity:
    """Write down that somebody looked, and all is right. Raises Opportunity.DoesNotExist."""
    found = Opportunity.objects.select_for_update(of=("self",)).get(pk=opportunity_id)
    found.checked_on, found.reported_on = timezone.localdate(now), None
    found.save(update_fields=["checked_on", "reported_on"])
    return found
