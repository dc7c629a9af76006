"""What a run is made of: its sessions, and the tutors who lead them."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models.catalogue import is_pair
from courses.models.checks import known_choice
from courses.models.in_calendars import InCalendars, InCalendarsQuerySet
from courses.models.partners import Venue
from courses.models.tutors import PairRole, Tutor
from courses.norwegian.formatting import moment_in_full
from courses.norwegian.sorting import sort_key

PRIVATE_VENUE_MESSAGE = _(
    "This venue is not public, and the run is open to everybody. Choose another venue, or make the "
    "run closed."
)


class CourseSessionQuerySet(InCalendarsQuerySet["CourseSession"]):
    def not_cancelled(self) -> "CourseSessionQuerySet":
        """Those that take place as far as they themselves are concerned; their run may be off."""
        return self.filter(cancelled_at=None)

    def with_somebody_away(self) -> "CourseSessionQuerySet":
        """Those in which an assigned tutor is away, whether or not somebody stands in."""
        return self.filter(pk__in=Substitution.objects.order_by().values("session"))

    def for_tutor(self, tutor: Tutor) -> "CourseSessionQuerySet":
        """Those whose register this person may open: of the runs somebody is assigned to, all; from
        the first one that somebody took over; and where they stand in for that session.
        """
        own = Substitution.objects.filter(tutor=tutor, session__cancelled_at=None).order_by()
        taken_over = own.filter(
            is_hand_over=True,
            session__run=models.OuterRef("run"),
            session__starts_at__lte=models.OuterRef("starts_at"),
        )
        led = TutorAssignment.objects.filter(tutor=tutor).order_by()
        return self.not_cancelled().filter(
            Q(run__in=led.values("run"))
            | Q(pk__in=own.values("session"))
            | models.Exists(taken_over)
        )


class CourseSession(InCalendars):
    """One meeting of a run. Stored in UTC; a series keeps its local time in Norway.

    One that people were told of is cancelled, never deleted: it stays in the programme, struck
    through, and in calendars. Whatever is asked of a run's sessions is asked of the others.
    """

    SHOWN_IN_CALENDARS = frozenset(
        {"starts_at", "ends_at", "theme", "guest_speakers", "venue", "venue_id", "online_link"}
        | {"cancelled_at"}
    )

    run = models.ForeignKey(
        "CourseRun", on_delete=models.CASCADE, related_name="sessions", verbose_name=_("run")
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    theme = models.CharField(_("theme"), max_length=120, blank=True)
    guest_speakers = models.CharField(_("guest speakers"), max_length=200, blank=True)
    venue = models.ForeignKey(
        Venue,
        on_delete=models.PROTECT,
        related_name="sessions",
        null=True,
        blank=True,
        verbose_name=_("another venue"),
        help_text=_("Empty: the run's venue."),
    )
    online_link = models.URLField(
        _("online link"), blank=True, help_text=_("Told only to those with a place.")
    )
    is_optional = models.BooleanField(_("optional"), default=False)
    headcount = models.PositiveSmallIntegerField(
        _("headcount"),
        null=True,
        blank=True,
        help_text=_("How many came, where names are not kept."),
    )
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, editable=False)

    objects = CourseSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("course session")
        verbose_name_plural = _("course sessions")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_start",
                violation_error_message=_("The session must end after it starts."),
            ),
            models.UniqueConstraint(
                fields=["run", "starts_at"],
                condition=Q(cancelled_at=None),
                name="session_once_per_run",
                violation_error_message=_("Two sessions of the run start at the same time."),
            ),
        ]

    def __str__(self) -> str:
        return moment_in_full(self.starts_at)

    def clean(self) -> None:
        super().clean()
        if self.venue and not self.venue.is_public and self.run_id and self.run.is_public:
            raise ValidationError({"venue": PRIVATE_VENUE_MESSAGE})

    @property
    def place(self) -> Venue | None:
        return self.venue or self.run.venue

    @property
    def is_only_online(self) -> bool:
        """Whether nobody meets at a venue."""
        return self.place is None and bool(self.online_link)

    @property
    def has_place(self) -> bool:
        """Whether one knows where to be: at a venue, or online."""
        return self.place is not None or bool(self.online_link)

    @property
    def hours(self) -> float:
        """Length in hours."""
        return (self.ends_at - self.starts_at).total_seconds() / 3600

    @property
    def is_cancelled(self) -> bool:
        """Whether the session itself is off, whatever its run is: see `takes_place`."""
        return self.cancelled_at is not None

    @property
    def takes_place(self) -> bool:
        """Whether the session is, or was, held: known to people, and not called off before it."""
        run = self.run
        if self.is_cancelled or run.is_draft:
            return False
        return run.cancelled_at is None or self.starts_at <= run.cancelled_at

    @property
    def can_be_marked_from(self) -> datetime:
        """When its register opens: at midnight of its day in Norway, and `REGISTER_OPENS_HOURS`
        before it at the latest.
        """
        midnight = timezone.localtime(self.starts_at).replace(
            hour=0, minute=0, second=0, microsecond=0, fold=0
        )
        return min(midnight, self.starts_at - timedelta(hours=settings.REGISTER_OPENS_HOURS))

    def can_be_marked(self, now: datetime | None = None) -> bool:
        """Whether somebody can be marked in it, and heads be counted."""
        return self.takes_place and self.can_be_marked_from <= (now or timezone.now())

    @property
    def in_front(self) -> list[tuple[str, Tutor]]:
        """The role and the person of everybody in front of the room, substitutes included.

        No query where the run carries its tutors `with_substitutions`.
        """
        pairs = ((each.role, each.in_front_of(self)) for each in self.run.assignment_list)
        return [(role, tutor) for role, tutor in pairs if tutor is not None]

    @property
    def has_tutor_pair(self) -> bool:
        """Whether a peer and a professional, two different people, are in front of the room."""
        return is_pair((tutor.pk, role) for role, tutor in self.in_front)

    @property
    def is_planned_with_pair(self) -> bool:
        """The same as it is planned: an absence is a fact, and is not judged."""
        return is_pair(
            ((each.in_front_of(self) or each.tutor).pk, each.role)
            for each in self.run.assignment_list
        )

    @property
    def tutors_in_front(self) -> list[Tutor]:
        """Who is in front of the room, as equals: alphabetically, no role told."""
        people = {tutor.pk: tutor for _role, tutor in self.in_front}
        return sorted(people.values(), key=lambda tutor: sort_key(tutor.name))

    @property
    def other_tutors(self) -> list[Tutor]:
        """Who is in front where it is not simply the assigned tutors; else nobody."""
        is_as_assigned = not any(
            each.session_id == self.pk
            for assignment in self.run.assignment_list
            for each in assignment.substitution_list
        )
        return [] if is_as_assigned else self.tutors_in_front

    def has_started(self, now: datetime | None = None) -> bool:
        return self.starts_at <= (now or timezone.now())

    def is_held(self, now: datetime | None = None) -> bool:
        return self.ends_at <= (now or timezone.now())


class TutorAssignmentQuerySet(models.QuerySet["TutorAssignment"]):
    def with_substitutions(self) -> "TutorAssignmentQuerySet":
        """With the tutors, and who stands in for them in which sessions. One query more."""
        stand_ins = Substitution.objects.select_related("tutor").order_by()
        return self.select_related("tutor").prefetch_related(
            models.Prefetch("substitutions", queryset=stand_ins)
        )


class TutorAssignment(models.Model):
    """Who leads the run. Somebody who is both counts in one role per run."""

    run = models.ForeignKey(
        "CourseRun", on_delete=models.CASCADE, related_name="assignments", verbose_name=_("run")
    )
    tutor = models.ForeignKey(
        Tutor, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("tutor")
    )
    role = models.CharField(_("role"), max_length=12, choices=PairRole)

    # What was passed on of who stands in; None where nobody has read it.
    _substitutions: "list[Substitution] | None" = None

    objects = TutorAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("tutor")
        verbose_name_plural = _("tutors")
        ordering = ["tutor__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "tutor"],
                name="tutor_once_per_run",
                violation_error_message=_(
                    "A person counts in one role: choose peer or professional."
                ),
            ),
            known_choice("role", PairRole, name="tutor_role_known"),
        ]

    def __str__(self) -> str:
        return str(self.tutor)

    def pass_on(self, *, substitutions: "Iterable[Substitution]") -> None:
        """Keep who stands in, as the caller has just read it."""
        self._substitutions = list(substitutions)

    @property
    def knows_substitutions(self) -> bool:
        """Whether who stands in was passed on."""
        return self._substitutions is not None

    @property
    def substitution_list(self) -> "list[Substitution]":
        """Who stands in for this tutor, as passed on; else one query, none where prefetched."""
        return (
            list(self.substitutions.all()) if self._substitutions is None else self._substitutions
        )

    def in_front_of(self, session: CourseSession) -> Tutor | None:
        """This tutor, or who stands in; None where nobody does. No query `with_substitutions`."""
        for each in self.substitution_list:
            if each.session_id == session.pk:
                return each.tutor
        return self.tutor

    def successors(self, undecided: Collection[int]) -> dict[int, Tutor]:
        """Who has taken over from this tutor by these sessions of the run, told by their keys.

        As the sessions before each of them show. No query where the run carries its sessions, and
        its tutors `with_substitutions`.
        """
        recorded = {each.session_id: each for each in self.substitution_list}
        found: dict[int, Tutor] = {}
        successor = None
        for session in self.run.planned_sessions:
            substitution = recorded.get(session.pk)
            if session.pk in undecided:
                if successor is not None:
                    found[session.pk] = successor
            elif substitution is None:
                successor = None
            elif substitution.is_hand_over:
                successor = substitution.tutor
        return found


class Substitution(models.Model):
    """Who was or will be in front of one session in place of an assigned tutor, or that nobody was.

    A hand-over is one for each session that remains, all by the same tutor.
    """

    session = models.ForeignKey(
        CourseSession,
        on_delete=models.CASCADE,
        related_name="substitutions",
        verbose_name=_("course session"),
    )
    assignment = models.ForeignKey(
        TutorAssignment,
        on_delete=models.RESTRICT,  # and gone with its session, while the run is a draft
        related_name="substitutions",
        verbose_name=_("tutor who is away"),
    )
    tutor = models.ForeignKey(
        Tutor,
        on_delete=models.PROTECT,
        related_name="substitutions",
        null=True,
        blank=True,
        verbose_name=_("substitute"),
        help_text=_("Empty: nobody stood in."),
    )
    is_hand_over = models.BooleanField(
        _("takes over"), default=False, help_text=_("For this session and all that follow.")
    )

    class Meta:
        verbose_name = _("substitution")
        verbose_name_plural = _("substitutions")
        ordering = ["session__starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "assignment"],
                name="substitution_once_per_session",
                violation_error_message=_("Somebody stands in for this tutor already."),
            ),
            models.CheckConstraint(
                condition=Q(is_hand_over=False) | Q(tutor__isnull=False),
                name="hand_over_to_somebody",
                violation_error_message=_("Choose who takes over."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.session)
