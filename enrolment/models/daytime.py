"""When letters go that nobody waits for: by day, as the clock in Norway shows it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone


def is_daytime(now: datetime) -> bool:
    """Whether it is between `DAYTIME_FROM_HOUR` and `DAYTIME_UNTIL_HOUR`."""
    hour = timezone.localtime(now).hour
    return bool(settings.DAYTIME_FROM_HOUR <= hour < settings.DAYTIME_UNTIL_HOUR)


def next_daytime(now: datetime) -> datetime:
    """Now, where it is day; or else when the next day begins."""
    if is_daytime(now):
        return now
    local = timezone.localtime(now)
    morning = local.replace(hour=settings.DAYTIME_FROM_HOUR, minute=0, second=0, microsecond=0)
    return morning if local < morning else morning + timedelta(days=1)
