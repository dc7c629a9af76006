"""Days and times of the clock in Norway, and the moments that they are."""

from datetime import UTC, date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext

from courses.norwegian import formatting

# On the clock. Whoever writes more has most likely mistyped an hour.
LONGEST_SESSION_HOURS = 12


def moment(day: date, clock: time) -> datetime:
    """The moment at which it is this date and time in Norway.

    In UTC: Python takes two moments of the same zone by their clocks, also where the clock changes
    between them.
    """
    return timezone.make_aware(datetime.combine(day, clock)).astimezone(UTC)


def session_times(day: date, begins: time, finishes: time) -> tuple[datetime, datetime]:
    """From when to when a session on this day is; an end earlier than its start is the next day's.

    Raises ValidationError, in words, where it begins and ends alike, or lasts longer than
    `LONGEST_SESSION_HOURS` on the clock: so a series is judged alike in summer and in winter.
    """
    last_day = day + timedelta(days=1) if finishes < begins else day
    on_the_clock = datetime.combine(last_day, finishes) - datetime.combine(day, begins)
    hours = on_the_clock / timedelta(hours=1)
    if hours > LONGEST_SESSION_HOURS:
        words = (
            gettext(
                "It ends before it starts. If it ends the next day, it lasts %(hours)s hours, and "
                "%(most)s is the most."
            )
            if finishes < begins
            else gettext("It would last %(hours)s hours, and %(most)s is the most.")
        )
        most = {"hours": formatting.hours(hours), "most": LONGEST_SESSION_HOURS}
        raise ValidationError(words % most)
    starts_at, ends_at = moment(day, begins), moment(last_day, finishes)
    # Later on the clock is not always later: one night a year an hour is left out.
    if ends_at <= starts_at:
        raise ValidationError(gettext("The session must end after it starts."))
    return starts_at, ends_at


def shifted(instant: datetime, days: int) -> datetime:
    """The same local time so many days later, also across a change of the clock."""
    local = timezone.localtime(instant)
    return moment(local.date() + timedelta(days=days), local.time())
