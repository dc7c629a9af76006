"""Runs: one time a course is held, when one can join, and whether there is room."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.models.availability import Availability
from courses.models.catalogue import Course, Semester, is_pair
from courses.models.in_calendars import InCalendars, InCalendarsQuerySet
from courses.models.partners import Venue
from courses.models.run_checks import RUN_CHECKS
from courses.models.sessions import (
    PRIVATE_VENUE_MESSAGE,
    CourseSession,
    Substitution,
    TutorAssignment,
)
from courses.models.tutors import Tutor
from courses.norwegian.formatting import clock, day
from courses.norwegian.sorting import sort_key


class CourseRunQuerySet(InCalendarsQuerySet["CourseRun"]):
    def public(self) -> "CourseRunQuerySet":
        """Runs anybody may see: published, also when cancelled later, and not closed."""
        return self.filter(published_at__isnull=False).exclude(
            Q(status=CourseRun.Status.DRAFT) | Q(entry=CourseRun.Entry.CLOSED)
        )

    def published(self) -> "CourseRunQuerySet":
        return self.filter(status=CourseRun.Status.PUBLISHED)

    def can_be_joined(self, now: datetime) -> "CourseRunQuerySet":
        """Open runs that anybody can join, now or when sign-up opens, and be it by waiting.

        Mirrors `CourseRun.availability_between`.
        """
        own = CourseSession.objects.not_cancelled().filter(run=models.OuterRef("pk")).order_by()
        has_begun = models.Exists(own.filter(starts_at__lte=now))
        is_closed = Q(enrolment_closes_at__isnull=False, enrolment_closes_at__lte=now)
        by_sign_up = Q(entry=CourseRun.Entry.SIGN_UP) & ~is_closed & ~has_begun
        return self.published().filter(
            by_sign_up | Q(entry=CourseRun.Entry.DROP_IN),
            models.Exists(own.filter(ends_at__gt=now)),
        )

    def for_tutor(self, tutor: Tutor) -> "CourseRunQuerySet":
        """Runs this person leads, or stands in for in a session; drafts are nobody's yet."""
        led = TutorAssignment.objects.filter(tutor=tutor).order_by()
        stood_in = Substitution.objects.filter(tutor=tutor, session__cancelled_at=None).order_by()
        return self.filter(
            Q(pk__in=led.values("run")) | Q(pk__in=stood_in.values("session__run"))
        ).exclude(status=CourseRun.Status.DRAFT)

    def with_programme(self) -> "CourseRunQuerySet":
        """Course, semester, venue, sessions, tutors and who stands in for them along with the
        runs, in four queries.
        """
        return self.select_related("course", "semester", "venue").prefetch_related(
            models.Prefetch("sessions", queryset=CourseSession.objects.select_related("venue")),
            models.Prefetch("assignments", queryset=TutorAssignment.objects.with_substitutions()),
        )

    def closed_by(self, semester_opens_at: datetime) -> "CourseRunQuerySet":
        """Runs that open with their semester, and would close by then if it opened at this time."""
        return self.filter(
            enrolment_opens_at__isnull=True, enrolment_closes_at__lte=semester_opens_at
        ).exclude(status=CourseRun.Status.CANCELLED)

    def by_start(self) -> "CourseRunQuerySet":
        return self.annotate(
            first_starts_at=models.Min("sessions__starts_at", filter=Q(sessions__cancelled_at=None))
        ).order_by(F("first_starts_at").asc(nulls_last=True), "pk")


class CourseRun(InCalendars):
    """A course held once, in the semester it starts in.

    `status`, `places_taken` and `waiting` are written only by service verbs that hold the row's
    lock. Every other write goes through `courses.services.save_run`, which names its fields.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        CANCELLED = "cancelled", _("cancelled")

    class Entry(models.TextChoices):
        SIGN_UP = "sign_up", _("by signing up")
        DROP_IN = "drop_in", _("open, no sign-up")
        CLOSED = "closed", _("closed: arranged with an outside group or inside housing")

    SHOWN_IN_CALENDARS = frozenset({"course", "course_id", "venue", "venue_id", "status"})

    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, related_name="runs", verbose_name=_("course")
    )
    semester = models.ForeignKey(
        Semester, on_delete=models.PROTECT, related_name="runs", verbose_name=_("semester")
    )
    venue = models.ForeignKey(
        Venue,
        on_delete=models.PROTECT,
        related_name="runs",
        null=True,
        blank=True,
        verbose_name=_("venue"),
    )
    contact_name = models.CharField(
        _("contact person"),
        max_length=120,
        blank=True,
        help_text=_("Who students can ring. Empty: the college."),
    )
    contact_phone = models.CharField(_("contact's phone"), max_length=20, blank=True)
    entry = models.CharField(
        _("how people join"), max_length=10, choices=Entry, default=Entry.SIGN_UP
    )
    capacity = models.PositiveSmallIntegerField(
        _("capacity"), null=True, blank=True, help_text=_("Set exactly when people sign up.")
    )
    places_taken = models.PositiveSmallIntegerField(_("places taken"), default=0, editable=False)
    waiting = models.PositiveSmallIntegerField(_("waiting"), default=0, editable=False)
    enrolment_opens_at = models.DateTimeField(
        _("sign-up opens"), null=True, blank=True, help_text=_("Empty: with the semester.")
    )
    enrolment_closes_at = models.DateTimeField(
        _("sign-up closes"), null=True, blank=True, help_text=_("Empty: at the first session.")
    )
    waiting_list_closes_at = models.DateTimeField(
        _("waiting list stops filling by itself"),
        null=True,
        blank=True,
    )
    practical = models.TextField(
        _("practical information"), blank=True, help_text=_("For this run only; shown publicly.")
    )
    who_meets_you = models.CharField(
        _("who meets you"),
        max_length=300,
        blank=True,
        help_text=_(
            "Who stands at the door, in their own words. Shown publicly, to those who come for the "
            "first time."
        ),
    )
    writes_after_absence = models.BooleanField(
        _("write to whoever was absent"),
        default=False,
        help_text=_(
            "One friendly e-mail, once, the day after. It asks for no reason. For courses where "
            "people know one another and would be missed."
        ),
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False
    )
    published_at = models.DateTimeField(_("first published"), null=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, editable=False)
    tutors: "models.ManyToManyField[Tutor, TutorAssignment]" = models.ManyToManyField(
        Tutor, through=TutorAssignment, related_name="runs", verbose_name=_("tutors")
    )

    objects = CourseRunQuerySet.as_manager()

    # What was read along with the run and passed on with it; None: the database is asked.
    _sessions: list[CourseSession] | None = None
    _assignments: list[TutorAssignment] | None = None
    _tutors: list[Tutor] | None = None

    class Meta:
        verbose_name = _("course run")
        verbose_name_plural = _("course runs")
        ordering = ["-semester__starts_on", "course__title", "pk"]
        constraints = RUN_CHECKS

    def __str__(self) -> str:
        return f"{self.course}, {self.semester.name}"

    def clean(self) -> None:
        super().clean()
        faults: dict[str, Any] = {}
        if self.closes_before_it_opens:
            faults["enrolment_closes_at"] = gettext(
                "Sign-up opens %(day)s, %(clock)s. Choose a later time."
            ) % {"day": day(self.opens_at), "clock": clock(self.opens_at)}
        if self.is_public and self.venue and not self.venue.is_public:
            faults["venue"] = PRIVATE_VENUE_MESSAGE
        elif self.is_public and self.pk and self.sessions.filter(venue__is_public=False).exists():
            faults[NON_FIELD_ERRORS] = PRIVATE_VENUE_MESSAGE
        if faults:
            raise ValidationError(faults)

    # What the run is

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def is_cancelled(self) -> bool:
        return self.status == self.Status.CANCELLED

    @property
    def is_public(self) -> bool:
        """Whether anybody may read about it; mirrors `CourseRunQuerySet.public`."""
        return (
            self.published_at is not None and not self.is_draft and self.entry != self.Entry.CLOSED
        )

    @property
    def has_sign_up(self) -> bool:
        return self.entry == self.Entry.SIGN_UP

    @property
    def has_tutor_pair(self) -> bool:
        """Whether a peer and a professional, two different people, teach the run."""
        return is_pair((each.tutor_id, each.role) for each in self.assignment_list)

    def sessions_planned_without_pair(self, now: datetime | None = None) -> list[CourseSession]:
        """Sessions to come that a planned replacement leaves without a peer or a professional.

        Two queries at most, none where the run carries its tutors `with_substitutions`.
        """
        unread = [each for each in self.assignment_list if not each.knows_substitutions]
        models.prefetch_related_objects(unread, "substitutions__tutor")
        return [
            each
            for each in self.session_list
            if not each.is_held(now) and not each.is_planned_with_pair
        ]

    def pass_on(
        self,
        *,
        sessions: Iterable[CourseSession] | None = None,
        assignments: Iterable[TutorAssignment] | None = None,
        tutors: Iterable[Tutor] | None = None,
    ) -> None:
        """Keep what the caller has just read, so that nobody reads it again: sessions, assignments,
        or whoever counts among the run's tutors.

        Whoever changes them afterwards reads the run anew.
        """
        if sessions is not None:
            self._sessions = sorted(sessions, key=lambda each: (each.starts_at, each.pk))
            for session in self._sessions:
                session.run = self
        if assignments is not None:
            self._assignments = list(assignments)
            for assignment in self._assignments:
                assignment.run = self
        if tutors is not None:
            self._tutors = list(tutors)

    @property
    def session_list(self) -> list[CourseSession]:
        """The sessions that take place, in their order.

        As passed on; else one query, none where prefetched.
        """
        return [each for each in self.planned_sessions if not each.is_cancelled]

    @property
    def planned_sessions(self) -> list[CourseSession]:
        """Also those that are cancelled: what a programme shows. Read as `session_list` is."""
        return list(self.sessions.all()) if self._sessions is None else self._sessions

    @property
    def assignment_list(self) -> list[TutorAssignment]:
        """Who teaches the run, as passed on; else one query, none where prefetched."""
        return list(self.assignments.all()) if self._assignments is None else self._assignments

    @property
    def knows_sessions(self) -> bool:
        """Whether the sessions were passed on."""
        return self._sessions is not None

    @property
    def knows_assignments(self) -> bool:
        """Whether the tutors were passed on."""
        return self._assignments is not None

    @property
    def tutors_as_equals(self) -> list[Tutor]:
        """The tutors alphabetically, with whoever took over from one; no role is told.

        Who stands in for single sessions is not among them. As passed on; else no query where the
        run carries its sessions, and its tutors `with_substitutions`.
        """
        tutors = self._tutors
        if tutors is None:
            held = {each.pk for each in self.session_list}
            people = {each.tutor.pk: each.tutor for each in self.assignment_list}
            people |= {
                each.tutor.pk: each.tutor
                for assignment in self.assignment_list
                for each in assignment.substitution_list
                if each.tutor and each.is_hand_over and each.session_id in held
            }
            tutors = list(people.values())
        return sorted(tutors, key=lambda tutor: sort_key(tutor.name))

    # When it is. One query each where the sessions are not prefetched.

    @property
    def starts_at(self) -> datetime | None:
        return min((each.starts_at for each in self.session_list), default=None)

    @property
    def ends_at(self) -> datetime | None:
        return max((each.ends_at for each in self.session_list), default=None)

    @property
    def opens_at(self) -> datetime:
        return self.enrolment_opens_at or self.semester.enrolment_opens_at

    @property
    def closes_before_it_opens(self) -> bool:
        """Whether sign-up is to close by the moment at which it opens: so that it never would.

        Mirrors `CourseRunQuerySet.closed_by`. What became of a cancelled run matters to nobody.
        """
        if self.enrolment_closes_at is None or self.semester_id is None or self.is_cancelled:
            return False
        return self.enrolment_closes_at <= self.opens_at

    @property
    def closes_at(self) -> datetime | None:
        return self._closes_at(self.starts_at)

    def _closes_at(self, starts_at: datetime | None) -> datetime | None:
        return min((each for each in (self.enrolment_closes_at, starts_at) if each), default=None)

    @property
    def queue_closes_at(self) -> datetime | None:
        """From here on a free place is given by telephone, in the order of the queue.

        Never after the first session has begun: nobody is given a place that has passed.
        """
        starts_at = self.starts_at
        if starts_at is None:
            return self.waiting_list_closes_at
        hours = timedelta(hours=settings.WAITING_LIST_CLOSES_HOURS)
        return min(self.waiting_list_closes_at or starts_at - hours, starts_at)

    def has_started(self, now: datetime | None = None) -> bool:
        starts_at = self.starts_at
        return starts_at is not None and starts_at <= (now or timezone.now())

    def marking_has_begun(self, now: datetime | None = None) -> bool:
        """Whether the register of its first session is open, so that people may be in it."""
        now = now or timezone.now()
        return any(each.can_be_marked_from <= now for each in self.session_list)

    def is_finished(self, now: datetime | None = None) -> bool:
        ends_at = self.ends_at
        return ends_at is not None and ends_at <= (now or timezone.now())

    def is_running(self, now: datetime | None = None) -> bool:
        """Whether its places may still change hands: published, not cancelled, and not over."""
        return self.is_published and not self.is_finished(now)

    def fills_by_itself(self, now: datetime | None = None) -> bool:
        """Whether a free place goes at once to the head of the queue."""
        closes_at = self.queue_closes_at
        return closes_at is None or (now or timezone.now()) < closes_at

    # Room

    @property
    def free_places(self) -> int:
        return (self.capacity or 0) - self.places_taken

    def has_room_for(self, places: int) -> bool:
        """Enough free places, and nobody waiting for them."""
        return self.waiting == 0 and self.free_places >= places

    def availability(self, now: datetime | None = None) -> Availability:
        return self.availability_between(self.starts_at, self.ends_at, now or timezone.now())

    def takes_sign_up(self, now: datetime | None = None) -> bool:
        """Whether anybody can sign up now, for a place or for the waiting list."""
        return self.is_published and self.availability(now).takes_sign_up

    def availability_between(
        self, starts_at: datetime | None, ends_at: datetime | None, now: datetime
    ) -> Availability:
        """As `availability`, for somebody who has read when the run begins and ends."""
        if self.is_cancelled:
            return Availability.CANCELLED
        if ends_at is not None and ends_at <= now:
            return Availability.HELD
        if not self.has_sign_up:
            return Availability.DROP_IN
        if starts_at is not None and starts_at <= now:
            return Availability.UNDER_WAY
        closes_at = self._closes_at(starts_at)
        if closes_at is None or closes_at <= now:
            return Availability.CLOSED
        if now < self.opens_at:
            return Availability.OPENS_LATER
        return Availability.ROOM if self.has_room_for(1) else Availability.WAITING_LIST
