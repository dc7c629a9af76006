"""A tutor is erased; what they developed and held stays as fact."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from courses import models as course_models
from courses import services as course_services
from courses.models import CourseRun, Substitution, Tutor, TutorAssignment
from courses.services import is_coordinators_own, lock_run
from courses.tutor_history import coming_sessions
from enrolment import services as enrolment_services
from recoverycollege.people.erasures import ErasuresNotKept, list_erased
from recoverycollege.people.written_letters import blank_out
from recoverycollege.staff import second_factor

__all__ = [
    "ErasuresNotKept",
    "PlannedTutorErasure",
    "StillNeeded",
    "erase_tutor",
    "plan_tutor_erasure",
    "texts_naming",
]


@dataclass(frozen=True)
class PlannedTutorErasure:
    """What must be done first."""

    leads: list[CourseRun]  # still to lead, or in a draft: the pair must not be left alone
    rung: list[CourseRun]  # not over, and this is whom people can ring
    is_coordinator: bool

    @property
    def can_be_erased(self) -> bool:
        return not (self.leads or self.rung or self.is_coordinator)


class StillNeeded(Exception):
    """A run that is to come counts on the tutor, or a coordinator signs in as them."""


def plan_tutor_erasure(tutor: Tutor) -> PlannedTutorErasure:
    """What `erase_tutor` would meet now."""
    leads = {each.session.run.pk: each.session.run for each in coming_sessions(tutor)}
    drafts = TutorAssignment.objects.filter(tutor=tutor, run__status=CourseRun.Status.DRAFT)
    for each in drafts.select_related("run__course", "run__semester"):
        leads[each.run_id] = each.run
    rung = (
        course_services.runs_with_contact(tutor)
        .filter(status=CourseRun.Status.PUBLISHED)
        .select_related("course", "semester")
        .prefetch_related("sessions")
    )
    return PlannedTutorErasure(
        leads=list(leads.values()),
        rung=[run for run in rung if run.is_running()],
        is_coordinator=is_coordinators_own(tutor),
    )


def erase_tutor(*, tutor: Tutor, by: Any, now: datetime | None = None) -> None:
    """Erase a tutor who asked for it. Erasing twice is erasing once.

    Assignments, substitutions and what they developed stay, without a name, and so do the names in
    certificates that were issued. Letters to them go, also those written into a folder, and
    letters to others name nobody instead. All runs that they lead, or on which they are rung, are
    locked, by key, and then the tutor. The proof is listed before anything is written, as in
    `recoverycollege.people.erasing`.

    Raises StillNeeded where a published run, or a draft, counts on them; ErasuresNotKept.
    """
    tutor = Tutor.objects.select_related("user").get(pk=tutor.pk)
    if tutor.erased_at is not None:
        return
    if not plan_tutor_erasure(tutor).can_be_erased:
        raise StillNeeded
    addresses = {tutor.email, tutor.user.email if tutor.user else ""} - {""}
    _erase_under_locks(tutor, by=by, now=now or timezone.now())
    blank_out(addresses)


@transaction.atomic
def _erase_under_locks(tutor: Tutor, *, by: Any, now: datetime) -> None:
    for key in _run_keys(tutor):
        lock_run(key)
    found = Tutor.objects.select_for_update(of=("self",)).select_related("user")
    current = found.get(pk=tutor.pk)
    if current.erased_at is not None:
        return
    if not plan_tutor_erasure(current).can_be_erased:
        raise StillNeeded  # put on a run in this very moment
    list_erased([current], now=now)
    if current.user is not None:
        second_factor.remove(current.user)
    names = course_services.erase_tutor(tutor=current, now=now)
    enrolment_services.forget_tutor(tutor=current, names=names, by=by, now=now)


def _run_keys(tutor: Tutor) -> list[int]:
    led = TutorAssignment.objects.filter(tutor=tutor).values("run")
    stood_in = Substitution.objects.filter(tutor=tutor).values("session__run")
    rung = course_services.runs_with_contact(tutor).order_by().values("pk")
    runs = CourseRun.objects.filter(Q(pk__in=led) | Q(pk__in=stood_in) | Q(pk__in=rung))
    return list(runs.order_by("pk").values_list("pk", flat=True))


def texts_naming(tutor: Tutor) -> list[str]:
    """The rows of the catalogue in whose texts, written by hand, the name stands: what nobody but
    staff can take away. One query for each kind of row.
    """
    return list(_naming(tutor)) if tutor.name else []


def _naming(tutor: Tutor) -> Iterable[str]:
    for attribute in course_models.__all__:
        model = getattr(course_models, attribute)
        if not (isinstance(model, type) and issubclass(model, models.Model)) or model is Tutor:
            continue
        texts = Q(pk__in=[])
        for column in model._meta.concrete_fields:
            if isinstance(column, models.CharField | models.TextField):
                texts |= Q(**{f"{column.name}__icontains": tutor.name}) & _stays(tutor, column.name)
        rows = model._default_manager.filter(texts)
        if model is CourseRun:
            rows = rows.select_related("course", "semester")  # what it is called by
        for row in rows:
            yield f"{model._meta.verbose_name}: {row}"


def _stays(tutor: Tutor, column: str) -> Q:
    """Whom people can ring goes with the tutor; other texts stay."""
    if column != "contact_name":
        return Q()
    return ~Q(pk__in=course_services.runs_with_contact(tutor).values("pk"))
