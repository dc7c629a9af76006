"""Who sees which figures: coordinators exact ones, owners rounded ones, others what is public."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone

from certificates.access import is_coordinator
from courses.models import College
from recoverycollege.figures.overview import NoSuchYear, Overview, overview
from recoverycollege.figures.years import Audience


@dataclass(frozen=True)
class Reader:
    audience: Audience
    is_coordinator: bool
    is_public: bool


def reader_of(user: Any) -> Reader:
    """Raises Http404 for strangers where the college shows its figures to nobody else."""
    if is_coordinator(user):
        return Reader(Audience.COORDINATORS, is_coordinator=True, is_public=False)
    if user.is_active and user.has_perm("courses.view_frozenyear"):
        return Reader(Audience.OTHERS, is_coordinator=False, is_public=False)
    if not College.objects.filter(shows_public_figures=True).exists():
        raise Http404
    return Reader(Audience.OTHERS, is_coordinator=False, is_public=True)


def overview_for(request: HttpRequest, year: int | None) -> tuple[Reader, Overview | None]:
    """The year as whoever asks may see it. Raises Http404 where they may not, or there is none."""
    reader = reader_of(request.user)
    try:
        found = overview(reader.audience, year=year, now=timezone.now(), is_public=reader.is_public)
    except NoSuchYear:
        raise Http404 from None
    return reader, found
