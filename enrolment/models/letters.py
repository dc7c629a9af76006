"""Every message to somebody: the outbox, whatever the channel."""

from datetime import datetime, timedelta
from typing import TypeAlias

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import CourseRun, CourseSession, Tutor
from enrolment.models.daytime import is_daytime
from enrolment.models.enrolments import Enrolment
from enrolment.models.interest import Interest
from enrolment.models.letter_checks import LETTER_CHECKS
from enrolment.models.letter_choices import (
    LetterChannel,
    LetterKind,
    LetterOutcome,
    OvertakenBy,
)
from enrolment.models.letter_news import news_that_holds, sessions_to_come
from enrolment.models.messages import Message
from enrolment.models.recipients import Recipient, interest_as_recipient, tutor_as_recipient
from enrolment.models.students import Student
from enrolment.models.workers import LettersWorker


class LetterQuerySet(models.QuerySet["Letter"]):
    def unsent(self) -> "LetterQuerySet":
        """Not told yet, and to be told: nothing newer has taken the letter's place."""
        return self.filter(sent_at__isnull=True, overtaken_at__isnull=True)

    def about(self, *, student: Student, run_id: int) -> "LetterQuerySet":
        """What a student is told of a run, whichever of their enrolments in it a letter names."""
        return self.filter(student=student, enrolment__run=run_id)

    def waiting(self) -> "LetterQuerySet":
        """E-mail that is neither sent nor given up."""
        return self.unsent().filter(channel=Letter.Channel.EMAIL, failed_at__isnull=True)

    def to_send(self, now: datetime | None = None) -> "LetterQuerySet":
        """E-mail and SMS that may be sent now and is in nobody's hands, in the order it goes in.

        While a worker holds a letter to somebody, no other letter to them is sent by the same
        channel: it would arrive before or after, as it happens. Letters from public forms go last.
        What nobody waits for goes by day alone, and holds up nothing else: `Letter.BY_DAY`.
        """
        now = now or timezone.now()
        alive = LettersWorker.alive(now).values("pk")
        in_hand = (
            Letter.objects.filter(
                channel=models.OuterRef("channel"), sent_at__isnull=True, claimed_by__in=alive
            )
            .order_by()
            .exclude(pk=models.OuterRef("pk"))
        )
        to_student = in_hand.filter(student=models.OuterRef("student"))
        to_tutor = in_hand.filter(tutor=models.OuterRef("tutor"))
        return (
            self.unsent()
            .filter(channel__in=Letter.SENT_BY_WORKERS, failed_at__isnull=True)
            .filter(Q(not_before__isnull=True) | Q(not_before__lte=now), owed_since__lte=now)
            .filter(Q(claimed_by__isnull=True) | ~Q(claimed_by__in=alive))
            .exclude(kind__in=[] if is_daytime(now) else Letter.BY_DAY)
            .filter(~models.Exists(to_student), ~models.Exists(to_tutor))
            .order_by("is_from_public_form", "owed_since", "pk")
        )

    def overdue(self, now: datetime | None = None) -> "LetterQuerySet":
        """E-mail that ought to be sent by now, and is not: what the index tells.

        A letter that waits only because its address has had its share of the hour is in time.
        """
        late = (now or timezone.now()) - timedelta(minutes=settings.LETTER_LATE_MINUTES)
        return (
            self.waiting()
            .filter(owed_since__lte=late)
            .exclude(is_from_public_form=True, last_error="", not_before__gt=late)
        )

    def still_true(self, now: datetime | None = None) -> "LetterQuerySet":
        """Letters whose news holds as things are now: see `news_that_holds`.

        What goes beside somebody's own channel, because a session is so soon, ends with its start.
        """
        now = now or timezone.now()
        return self.exclude(is_beside=True, urgent_for__lte=now).filter(news_that_holds(now))

    def for_staff(self) -> "LetterQuerySet":
        """What a person must say or post: phone and paper, and e-mail that did not arrive.

        The soonest session first, and then whoever has waited longest. Only what still holds,
        nothing of a run that is over, a link to the student's page once, and of one number no more
        from public forms than `LETTERS_AN_HOUR`: see `held_back`.
        """
        newer_link = Letter.objects.filter(
            kind=Letter.Kind.LINK, student=models.OuterRef("student"), pk__gt=models.OuterRef("pk")
        )
        return (
            self.unsent()
            .by_hand()
            .still_true()
            .exclude(pk__in=Letter.objects.held_back())
            .exclude(Q(kind=Letter.Kind.LINK), models.Exists(newer_link))
            .exclude(pk__in=Letter.objects.unsent().of_runs_over().values("pk"))
            # An address that is wrong: its student finds that out, and staff have no other.
            .exclude(kind__in=Letter.TO_ADDRESSES)
            # An address that is wrong, and no number: nobody can do anything about it.
            .exclude(interest__isnull=False, interest__phone="")
            .order_by(
                models.Case(models.When(urgent_for__gt=timezone.now(), then="urgent_for")).asc(
                    nulls_last=True
                ),
                "owed_since",
                "pk",
            )
        )

    def of_runs_over(self, now: datetime | None = None) -> "LetterQuerySet":
        """About a run, or an enrolment in one, that has no session to come.

        Whoever asked to be told is told of the course's other runs, too: see `news_that_holds`.
        Feedback is asked for when the run is over.
        """
        to_come = models.Exists(sessions_to_come(now or timezone.now()))
        about_it = Q(enrolment__isnull=False) | Q(run__isnull=False, interest__isnull=True)
        return self.filter(~to_come, about_it).exclude(kind=LetterKind.FEEDBACK)

    def by_hand(self) -> "LetterQuerySet":
        """Phone and paper, and e-mail that did not arrive. An SMS is never all that is done.

        Nobody is rung for what is written by machine alone: `Letter.NEVER_BY_HAND`; nor for
        feedback, which is asked for on paper where that is somebody's channel.
        """
        arrives = Q(channel=Letter.Channel.EMAIL, failed_at__isnull=True)
        by_machine = Q(channel=Letter.Channel.SMS) | Q(kind__in=Letter.NEVER_BY_HAND)
        by_machine |= Q(kind=LetterKind.FEEDBACK) & ~Q(channel=Letter.Channel.PAPER)
        return self.exclude(arrives | by_machine)

    def held_back(self, now: datetime | None = None) -> list[int]:
        """Keys of letters from public forms that do not stand on the call list yet.

        Of one phone number, whatever names were written with it, `LETTERS_AN_HOUR` lines come an
        hour; the next one comes an hour after the first of them. Whoever has a line is told
        everything on it. One query, and one more where a number has more than that.
        """
        now, most = now or timezone.now(), settings.LETTERS_AN_HOUR
        lines_count_for = timedelta(days=settings.CALL_LINES_COUNT_DAYS)
        public = (
            self.by_hand()
            .filter(is_from_public_form=True, owed_since__gt=now - lines_count_for)
            .exclude(student__phone="")
            .order_by()
        )
        phones = (
            public.values("student__phone")
            .annotate(lines=models.Count("pk"))
            .filter(lines__gt=most)
            .values_list("student__phone", flat=True)
        )
        numbers = list(phones)
        if not numbers:
            return []
        comes_at: dict[str, list[datetime]] = {}
        held, shown = [], set()
        lines = public.filter(student__phone__in=numbers).annotate(
            since=Coalesce("failed_at", "owed_since")
        )
        for line in lines.select_related("student").order_by("since", "pk"):
            before = comes_at.setdefault(line.recipient.phone, [])
            moment: datetime = line.since  # type: ignore[attr-defined]  # annotated above
            if len(before) >= most:
                moment = max(moment, before[-most] + timedelta(hours=1))
            before.append(moment)
            if moment > now:
                held.append(line)
            elif line.sent_at is None and line.overtaken_at is None:
                shown.add(line.student_id)
        return [line.pk for line in held if line.student_id not in shown]


class Letter(models.Model):
    """A message to somebody, owed in the same transaction as the fact it reports.

    It is written when it is sent, printed, or opened to be read aloud, with the facts as they are
    then (`enrolment.letters.as_of_now`). What was sent is kept, with placeholders where personal
    links went: no stored text and no staff screen shows one.
    """

    Kind: TypeAlias = LetterKind
    Channel: TypeAlias = LetterChannel
    Outcome: TypeAlias = LetterOutcome
    OvertakenBy: TypeAlias = OvertakenBy

    # Whoever is told this need not be told what an older letter about the same run says.
    TELLS_ALL = (Kind.PLACE, Kind.WAITING, Kind.PROMOTED, Kind.WITHDRAWN, Kind.CANCELLED)
    # A letter that tells the programme: unsent, it tells a change of it as well.
    TELLS_PROGRAMME = (Kind.PLACE, Kind.WAITING, Kind.PROMOTED, Kind.COMPANION, Kind.CHANGED)

    # To an address of their own: see `enrolment.services.own_contact`.
    TO_ADDRESSES = (Kind.NEW_EMAIL, Kind.CONTACT)
    # What nobody waits for: it goes by day alone, and never twice, even where nobody knows whether
    # it arrived.
    BY_DAY = (Kind.COMING, Kind.MISSED, Kind.FEEDBACK)
    # What is no line on the call list, whatever becomes of it: few people run a college, and nobody
    # would miss it.
    NEVER_BY_HAND = (
        *(Kind.COMING, Kind.CERTIFICATE, Kind.MISSED),
        # Who was invited, and has not come yet, stands on the page of staff.
        *(Kind.CODE, Kind.INVITED, Kind.PASSWORD, Kind.SIGN_IN),
    )

    # Along with which whoever it is to is known: see `recipient`.
    RECIPIENTS = ("student", "tutor__user", "user", "interest")
    SENT_BY_WORKERS = (Channel.EMAIL, Channel.SMS)

    # Exactly one of these four is whom it is to.
    student = models.ForeignKey(
        Student,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("student"),
    )
    tutor = models.ForeignKey(
        Tutor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("tutor"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("member of staff"),
    )
    interest = models.ForeignKey(
        Interest,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("interest"),
    )
    # What it is about: a student's enrolment, or else a run.
    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("enrolment"),
    )
    run = models.ForeignKey(
        CourseRun,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("run"),
    )
    # Of which a tutor, or whoever has a place, is reminded; or from which they were absent.
    session = models.ForeignKey(
        CourseSession,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("course session"),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    # What staff wrote, which the letter carries.
    message = models.ForeignKey(
        Message,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("message"),
    )
    channel = models.CharField(_("channel"), max_length=5, choices=Channel)
    # Where it goes, if not to the address that its student has now.
    address = models.EmailField(_("e-mail"), blank=True)
    # Empty until it is written, unless it answers a page in this language.
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    # A sign-in code, until it is sent: see `enrolment.sealing`.
    sealed = models.CharField(max_length=255, blank=True, editable=False)
    # The moment of which the text tells, and for which its links are signed, once it is written to
    # be sent. Cleared where it certainly did not go.
    written_at = models.DateTimeField(_("written"), null=True, editable=False)
    dedupe_key = models.CharField(max_length=120, unique=True, editable=False)
    owed_since = models.DateTimeField(_("owed since"), default=timezone.now)
    # When it is tried again, or when its address has room for one more from a public form.
    not_before = models.DateTimeField(null=True, editable=False)
    is_from_public_form = models.BooleanField(_("from a public form"), default=False)
    # When the session begins that is so near that a letter may be read too late (`URGENT_HOURS`),
    # or of which a tutor is reminded.
    urgent_for = models.DateTimeField(_("urgent"), null=True, editable=False)
    # The same news by SMS or telephone, beside the letter by the student's own channel.
    is_beside = models.BooleanField(_("beside another letter"), default=False, editable=False)
    # The programme as the student knows it, where it has changed: see `enrolment.schedule_changes`.
    before = models.JSONField(null=True, editable=False)
    # In the address where everybody on the run says what they thought of it: see `certificates`.
    feedback_key = models.CharField(max_length=10, blank=True, editable=False)
    overtaken_at = models.DateTimeField(
        _("overtaken"), null=True, help_text=_("Not sent: it does not hold any more.")
    )
    overtaken_by = models.CharField(
        _("overtaken by"), max_length=12, choices=OvertakenBy, blank=True
    )
    # The worker that is sending it just now, or that died at it.
    claimed_by = models.UUIDField(_("claimed by"), null=True, editable=False)
    claimed_at = models.DateTimeField(_("claimed"), null=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True)
    failed_at = models.DateTimeField(_("given up"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # How often nobody knows whether it arrived: the worker died, or the line broke.
    unclear_ends = models.PositiveSmallIntegerField(default=0, editable=False)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    # Since when the mail server gives this answer, `last_error`.
    refused_at = models.DateTimeField(null=True, editable=False)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-pk"]
        default_permissions = ("change", "view")
        indexes = [
            models.Index(
                fields=["owed_since"],
                condition=Q(sent_at__isnull=True, overtaken_at__isnull=True),
                name="letter_unsent",
            )
        ]
        constraints = LETTER_CHECKS

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def recipient(self) -> Recipient:
        """Whom it is to. Needs what it points to; no further query."""
        if self.student is not None:
            return Recipient(
                name=self.student.name,
                email=self.address or self.student.email,
                phone=self.student.phone,
                postal_address=self.student.postal_address,
                language=self.student.language,
            )
        if self.tutor is not None:
            return tutor_as_recipient(self.tutor)
        if self.interest is not None:
            return interest_as_recipient(self.interest)
        if self.user is None:
            raise ValueError("A letter is to somebody.")
        name = self.user.get_full_name() or self.user.get_username()
        return Recipient(name=name, email=self.user.email)

    @property
    def may_have_arrived(self) -> bool:
        """Whether it was written to be sent, and nobody knows what became of it."""
        return self.sent_at is None and self.written_at is not None

    @property
    def tells_of_phone(self) -> bool:
        """Whether the contact of which it tells is the phone number, and not the e-mail address."""
        return self.dedupe_key.startswith(f"{self.Kind.CONTACT}:phone:")

    @property
    def is_urgent(self) -> bool:
        """Whether a session that is near has not begun yet."""
        return self.urgent_for is not None and self.urgent_for > timezone.now()

    @property
    def about_run(self) -> CourseRun | None:
        """The run it is about, with or without an enrolment."""
        return self.enrolment.run if self.enrolment else self.run
