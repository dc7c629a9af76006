"""Saving a venue: whoever is to find it, in any run that meets there, may have to be told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from courses.models import CourseRun, CourseSession, Venue
from courses.services import read_run
from enrolment.queries import load_programme, unfinished
from enrolment.schedule_changes import programmes
from enrolment.services.run_changes import Announcement, tell_or_ask


@transaction.atomic
def save_venue(
    *,
    venue: Venue,
    fields: Mapping[str, Any],
    announcement: Announcement = Announcement.ASK,
    by: Any,
    now: datetime | None = None,
) -> int:
    """Write the named fields of a venue, or make it; and tell everybody who is to find it.

    Where its name, address or directions change, whoever has or waits for a place in a run with a
    session to come there is told, or not, as `announcement` says. Returns how many are told. Raises
    ChangeNeedsTelling where somebody would be and `announcement` is ASK; ValidationError where a
    rule is broken. Then nothing is written.
    """
    now = now or timezone.now()
    if venue.pk is None:
        venue.full_clean()
        venue.save()
        return 0
    here = CourseSession.objects.not_cancelled().filter(ends_at__gt=now)
    meets_here = here.filter(Q(venue=venue) | Q(venue=None, run__venue=venue)).values("run")
    runs = unfinished().filter(pk__in=meets_here).order_by("pk").values_list("pk", flat=True)
    touched = list(runs)
    # In one order for everybody, as runs are locked elsewhere.
    list(CourseRun.objects.select_for_update().order_by("pk").filter(pk__in=touched).values("pk"))
    before = programmes(touched)
    for name, value in fields.items():
        setattr(venue, name, value)
    venue.full_clean()
    venue.save()
    saved = {load_programme(read_run(pk)): known for pk, known in before.items()}
    return tell_or_ask(saved, announcement=announcement, by=by, now=now)
