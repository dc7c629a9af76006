"""The days on which people may be away: public holidays, and those of the schools."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone

from courses.models import SchoolHoliday
from courses.norwegian import holidays


def days_off(moments: Sequence[datetime]) -> dict[date, list[str]]:
    """By day in Norway, what is special about each of these days; others are left out. One query.

    Public holidays are computed, school holidays are what the college has entered.
    """
    found: dict[date, list[str]] = {}
    days = sorted({timezone.localdate(each) for each in moments})
    if not days:
        return found
    for each in moments:
        if name := holidays.holiday_name(each):
            found[timezone.localdate(each)] = [name]
    closed = SchoolHoliday.objects.filter(starts_on__lte=days[-1], ends_on__gte=days[0])
    for holiday in closed.order_by("starts_on", "name"):
        for day in days:
            if holiday.starts_on <= day <= holiday.ends_on:
                found.setdefault(day, []).append(str(holiday))
    return found
