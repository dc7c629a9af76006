"""The catalogue: semesters, topics and the courses that peers and professionals made together."""

from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.models.checks import known_choice
from courses.models.opportunities import Opportunity
from courses.models.tutors import PairRole, Tutor
from courses.norwegian.formatting import clock, day


class Semester(models.Model):
    class Term(models.TextChoices):
        SPRING = "spring", _("spring")
        AUTUMN = "autumn", _("autumn")

    year = models.PositiveSmallIntegerField(_("year"))
    term = models.CharField(_("term"), max_length=6, choices=Term)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    enrolment_opens_at = models.DateTimeField(_("sign-up opens"))

    class Meta:
        verbose_name = _("semester")
        verbose_name_plural = _("semesters")
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "term"],
                name="semester_once",
                violation_error_message=_("This semester is already there."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="semester_ends_after_start",
                violation_error_message=_("The semester must end after it starts."),
            ),
            known_choice("term", ["spring", "autumn"], name="semester_term_known"),
        ]

    def __str__(self) -> str:
        return self.name.capitalize()

    def clean(self) -> None:
        """Sign-up for none of its runs would close before it opens: see `CourseRun.clean`."""
        super().clean()
        if self.pk is None or self.enrolment_opens_at is None:
            return
        too_late = self.runs.closed_by(self.enrolment_opens_at).select_related("course")
        if faults := [
            gettext(
                "Sign-up for «%(course)s» closes %(day)s, %(clock)s. Choose an earlier time, or "
                "change the run first."
            )
            % {
                "course": run.course.title,
                "day": day(run.enrolment_closes_at),
                "clock": clock(run.enrolment_closes_at),
            }
            for run in too_late.order_by("enrolment_closes_at", "pk")
            if run.enrolment_closes_at
        ]:
            raise ValidationError({"enrolment_opens_at": faults})

    @property
    def name(self) -> str:
        """«høst 2026», within a sentence or after a comma."""
        # Not `get_term_display`, which looks through all choices: lists say this in every row.
        term = self.Term(self.term).label if self.term else ""
        return f"{term} {self.year}".lower()

    @property
    def slug(self) -> str:
        """As in addresses: `2026-host`. Norwegian everywhere: posters keep working."""
        return f"{self.year}-{'var' if self.term == self.Term.SPRING else 'host'}"

    @property
    def is_past(self) -> bool:
        return self.ends_on < timezone.localdate()


class SchoolHoliday(models.Model):
    """Days on which schools are closed, and parents of small children may be away."""

    name = models.CharField(_("name"), max_length=60, help_text=_("Such as «Autumn break»."))
    municipality = models.CharField(
        _("municipality"), max_length=60, blank=True, help_text=_("Empty: everywhere here.")
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    class Meta:
        verbose_name = _("school holiday")
        verbose_name_plural = _("school holidays")
        ordering = ["-starts_on", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="school_holiday_ends_after_start",
                violation_error_message=_("The last day must not be before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.municipality}" if self.municipality else self.name


class Topic(models.Model):
    name = models.CharField(_("name"), max_length=60, unique=True)
    slug = models.SlugField(_("address"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Course(models.Model):
    """An entry of the catalogue. It lives across semesters; a run is one time it is held."""

    class Format(models.TextChoices):
        SHORT_COURSE = "short_course", _("Short course")
        SERIES = "series", _("Course series")
        SEMINAR = "seminar", _("Seminar")
        DEBATE = "debate", _("Debate")
        EVENING_LECTURE = "evening_lecture", _("Evening lecture")
        WORKSHOP = "workshop", _("Workshop")
        CAFE = "cafe", _("Drop-in café")
        MAIN_WORKSHOP = "main_workshop", _("Main workshop")
        HOUSING_WORKSHOP = "housing_workshop", _("Workshop in housing")
        THEME_DAY = "theme_day", _("Open theme day")
        BREAKFAST_SEMINAR = "breakfast_seminar", _("Breakfast seminar")
        OUTSIDE_CLASS = "outside_class", _("Teaching for an outside group")
        INFORMATION_MEETING = "information_meeting", _("Information meeting")
        NETWORK_MEETING = "network_meeting", _("Network meeting")

    title = models.CharField(_("title"), max_length=120)
    discreet_title = models.CharField(
        _("discreet title"),
        max_length=120,
        help_text=_("Printed on certificates. A title that can be shown to anybody."),
    )
    slug = models.SlugField(
        _("address"),
        max_length=80,
        unique=True,
        help_text=_("The last part of the page's address. Fixed once the course is public."),
    )
    language = models.CharField(
        _("language of the text"), max_length=5, choices=settings.LANGUAGES, default="nb"
    )
    format = models.CharField(_("format"), max_length=20, choices=Format)
    summary = models.CharField(
        _("summary"), max_length=300, help_text=_("One or two sentences for the catalogue.")
    )
    what_happens = models.TextField(
        _("what will happen"),
        blank=True,
        help_text=_("From the first minute to the last: what a nervous person wonders."),
    )
    breaks = models.CharField(
        _("are there breaks"),
        max_length=200,
        blank=True,
        help_text=_("In one sentence, such as «A long one with coffee halfway.» Empty: not said."),
    )
    speaking = models.CharField(
        _("must one say something"),
        max_length=200,
        blank=True,
        help_text=_("In one sentence, such as «No. It is fine just to listen.» Empty: not said."),
    )
    what_you_take = models.TextField(_("what you take with you"), blank=True)
    topics = models.ManyToManyField(
        Topic, related_name="courses", blank=True, verbose_name=_("topics")
    )
    lists_ideas = models.BooleanField(
        _("planning workshop"),
        default=False,
        help_text=_(
            "Its page lists the ideas that are new or talked about, and that you have said can be "
            "shown."
        ),
    )
    opportunities = models.ManyToManyField(
        Opportunity,
        related_name="courses",
        blank=True,
        verbose_name=_("opportunities outside the college"),
        help_text=_("Those that suit people on this course: they stand on its page."),
    )
    developers: "models.ManyToManyField[Tutor, CourseDeveloper]" = models.ManyToManyField(
        Tutor,
        through="CourseDeveloper",
        related_name="developed_courses",
        verbose_name=_("developers"),
    )

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["title"]
        constraints = [
            known_choice(
                "format",
                [
                    "short_course",
                    "series",
                    "seminar",
                    "debate",
                    "evening_lecture",
                    "workshop",
                    "cafe",
                    "main_workshop",
                    "housing_workshop",
                    "theme_day",
                    "breakfast_seminar",
                    "outside_class",
                    "information_meeting",
                    "network_meeting",
                ],
                name="course_format_known",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("course", args=[self.slug])

    @property
    def has_developer_pair(self) -> bool:
        """Whether a peer and a professional, two different people, developed the course."""
        return is_pair(
            (developer.tutor_id, developer.role) for developer in self.coursedeveloper_set.all()
        )


class CourseDeveloper(models.Model):
    """Somebody who co-produced a course, and in which role."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, verbose_name=_("course"))
    tutor = models.ForeignKey(Tutor, on_delete=models.PROTECT, verbose_name=_("tutor"))
    role = models.CharField(_("role"), max_length=12, choices=PairRole)
    since = models.DateField(_("since"), default=timezone.localdate)

    class Meta:
        verbose_name = _("developer")
        verbose_name_plural = _("developers")
        ordering = ["tutor__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "tutor"],
                name="course_developer_once",
                violation_error_message=_(
                    "A person counts in one role: choose peer or professional."
                ),
            ),
            known_choice("role", PairRole, name="course_developer_role_known"),
        ]

    def __str__(self) -> str:
        return str(self.tutor)


def is_pair(members: Iterable[tuple[int, str]]) -> bool:
    """Whether (person, role) pairs hold a peer and a professional who are two different people."""
    people: dict[str, set[int]] = {PairRole.PEER: set(), PairRole.PROFESSIONAL: set()}
    for person, role in members:
        if role in people:
            people[role].add(person)
    peers, professionals = people[PairRole.PEER], people[PairRole.PROFESSIONAL]
    return bool(peers and professionals and len(peers | professionals) > 1)
