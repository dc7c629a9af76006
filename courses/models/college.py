"""The college itself: its name, its words and its colours."""

import math
import re
import secrets
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Exists, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses import colours
from courses.models.checks import ONLY_ONE_MESSAGE, known_choice
from courses.models.opportunities import Opportunity
from courses.models.written_pages import Page, PageLink, links_in
from courses.pictures import PictureStorage

# Characters: a line of `College.municipalities`, and the column that holds somebody's answer.
MUNICIPALITY_LENGTH = 60
HEX = r"#[0-9a-f]{6}"
COLOUR = RegexValidator(rf"^{HEX}\Z", _("Write a colour as # and six signs, as #14464c."))


def new_calendar_key() -> str:
    return secrets.token_urlsafe(32)


def beside_the_college() -> dict[str, Any]:
    """What every page shows of other tables in its head and foot, read along with the college."""
    return {
        "has_opportunities": Exists(Opportunity.objects.order_by()),
        "has_stories": Exists(Page.objects.stories().order_by()),
        "page_links": Page.objects.all().links_as_text(),
    }


def _hard_to_read(pair: colours.Pair, ratio: float, nearest: str) -> str:
    words = gettext(
        "This colour is hard to read: for %(where)s the contrast is %(ratio)s : 1, and "
        "%(at_least)s : 1 is needed. The nearest colour that holds is %(nearest)s."
    )
    return words % {
        "where": pair.where,
        # Never rounded up to what is needed.
        "ratio": number_format(math.floor(ratio * 10) / 10, 1),
        "at_least": number_format(pair.at_least, 1),
        "nearest": nearest,
    }


class CollegeQuerySet(models.QuerySet["College"]):
    def current(self) -> "College":
        """The one there is, and what stands beside it on every page; empty, and not stored, before
        somebody filled it in. One query.
        """
        known = self.annotate(**beside_the_college())
        return next(iter(known), None) or College()


class College(models.Model):
    """The one college of this installation."""

    class LegalBasis(models.TextChoices):
        """GDPR article 6, with the matching condition of article 9."""

        PUBLIC_TASK = "public_task", _("Public task (article 6 no. 1 e)")
        LEGITIMATE_INTEREST = "legitimate_interest", _("Legitimate interest (article 6 no. 1 f)")
        CONSENT = "consent", _("Consent (article 6 no. 1 a)")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(_("name"), max_length=120)
    headline = models.CharField(
        _("heading of the front page"),
        max_length=60,
        blank=True,
        help_text=_("A few words in your own voice. Empty: «All you need is to want to»."),
    )
    introduction = models.TextField(
        _("introduction"),
        blank=True,
        help_text=_("A few warm sentences for the front page: what the college is, and for whom."),
    )
    phone = models.CharField(_("phone"), max_length=20)
    email = models.EmailField(_("e-mail"))
    address = models.TextField(_("postal address"), blank=True)
    logo = models.ImageField(
        _("logo"), blank=True, max_length=60, storage=PictureStorage(for_logos=True)
    )
    colour = models.CharField(
        _("colour"),
        max_length=7,
        blank=True,
        validators=[COLOUR],
        help_text=_("Of headings, links and buttons. On dark screens it is shown lighter."),
    )
    ground_colour = models.CharField(
        _("colour of the ground"),
        max_length=7,
        blank=True,
        validators=[COLOUR],
        help_text=_("A pale one, behind everything. Dark screens keep their dark ground."),
    )
    sender_name = models.CharField(
        _("sender of letters"),
        max_length=60,
        help_text=_(
            "Shown as the sender of every letter, where anybody may glance at it. Use neutral "
            "words: nothing about health."
        ),
    )
    reminds_students = models.BooleanField(_("remind people of their sessions"), default=True)
    ground_rules = models.TextField(
        _("ground rules"), blank=True, help_text=_("Shown before somebody signs up. One a line.")
    )
    legal_basis = models.CharField(
        _("legal basis"),
        max_length=20,
        choices=LegalBasis,
        default=LegalBasis.PUBLIC_TASK,
        help_text=_("A box to tick appears at sign-up only where the basis is consent."),
    )
    privacy_controller = models.TextField(
        _("data controller"),
        blank=True,
        help_text=_("Who is responsible for personal data, and how to reach them."),
    )
    privacy_notice = models.TextField(
        _("short privacy notice"),
        blank=True,
        help_text=_("Two or three sentences shown before somebody signs up."),
    )
    privacy_text = models.TextField(
        _("privacy text"), blank=True, help_text=_("The whole text of the privacy page.")
    )
    accessibility_text = models.TextField(
        _("accessibility text"),
        blank=True,
        help_text=_("What the college does so that everybody can take part."),
    )
    # Until then they are drafts, begun from the model texts, and the public is shown none of them.
    texts_confirmed_at = models.DateTimeField(
        _("texts confirmed"), null=True, blank=True, editable=False
    )
    accessibility_statement_url = models.URLField(
        _("accessibility statement"),
        blank=True,
        help_text=_("The address of the statement that the law asks for (uustatus.no)."),
    )
    certificate_wordings: Any = models.JSONField(
        _("wording on certificates"),
        blank=True,
        default=dict,
        help_text=_(
            "The line at the foot of every certificate, for each language it is written in."
        ),
    )
    municipalities = models.TextField(
        _("municipalities"),
        blank=True,
        help_text=_(
            "One a line. Those who sign up may say which of them they live in, or that they would "
            "rather not. Empty: nobody is asked."
        ),
    )
    offers_news = models.BooleanField(
        _("ask whether they want to hear of new courses"),
        default=False,
        help_text=_(
            "A box at the end of the form, not ticked. Who ticked it you find under Students, with "
            "the filter at the side. You write to them yourselves: nothing is sent by itself."
        ),
    )
    shows_public_figures = models.BooleanField(
        _("show figures to everybody"),
        default=False,
        help_text=_(
            "Years that are over, with the annual report. Small groups are hidden and all numbers "
            "of people rounded. Unticked: only coordinators and owners see figures."
        ),
    )
    # What whoever gives the adult-education subsidy asks of a run.
    subsidy_hours = models.PositiveSmallIntegerField(
        _("hours at least"), default=4, validators=[MinValueValidator(1)]
    )
    subsidy_participants = models.PositiveSmallIntegerField(
        _("participants at least"), default=4, validators=[MinValueValidator(1)]
    )
    subsidy_attendance_percent = models.PositiveSmallIntegerField(
        _("attendance at least, in per cent"),
        default=75,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Of the hours of the course. Whoever was there less is not counted."),
    )
    subsidy_months = models.PositiveSmallIntegerField(
        _("months to report it in"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(24)],
        help_text=_("Counted from the last session."),
    )
    # What the ids of appointments in calendars are made with: never another one, so that a calendar
    # knows an appointment again.
    calendar_key = models.CharField(max_length=43, default=new_calendar_key, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    # Of other tables, read along with it: see `beside_the_college`.
    has_opportunities = False
    has_stories = False
    page_links = ""

    objects = CollegeQuerySet.as_manager()

    class Meta:
        verbose_name = _("college")
        verbose_name_plural = _("college")
        constraints = [
            models.CheckConstraint(
                condition=Q(id=1),
                name="college_single_row",
                violation_error_message=ONLY_ONE_MESSAGE,
            ),
            known_choice(
                "legal_basis",
                ["public_task", "legitimate_interest", "consent"],
                name="college_legal_basis_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """The sender's name goes into the head of every letter, which ends at a line break.

        Each municipality is an answer of its own, as long as the column for it.
        """
        super().clean()
        if len(self.sender_name.splitlines()) > 1:
            raise ValidationError({"sender_name": gettext("Write the sender's name on one line.")})
        lines = self.municipality_lines
        if any(len(line) > MUNICIPALITY_LENGTH for line in lines):
            too_long = gettext("Write each municipality on a line of its own.")
            raise ValidationError({"municipalities": too_long})
        if len({line.casefold() for line in lines}) < len(lines):
            twice = gettext("Write each municipality once.")
            raise ValidationError({"municipalities": twice})
        self._check_colours()

    def _check_colours(self) -> None:
        """Refuse a colour with which something could not be read, and propose the nearest that can.

        The ground is looked at first: the other colour is judged on one that holds.
        """
        if any(each and not re.fullmatch(HEX, each) for each in self.own_colours):
            return  # which the field says
        if failing := colours.weakest(colours.light("", self.ground_colour)):
            nearest = colours.nearest(
                self.ground_colour, lambda each: colours.weakest(colours.light("", each)) is None
            )
            raise ValidationError({"ground_colour": _hard_to_read(*failing, nearest)})
        if failing := colours.weakest(colours.light(*self.own_colours)):
            nearest = colours.nearest(
                self.colour,
                lambda each: colours.weakest(colours.light(each, self.ground_colour)) is None,
            )
            raise ValidationError({"colour": _hard_to_read(*failing, nearest)})

    @property
    def own_colours(self) -> tuple[str, str]:
        """For headings, links and buttons, and for the ground; empty where it is the portal's."""
        return self.colour, self.ground_colour

    @property
    def stylesheet_url(self) -> str:
        """Where its own colours are, at another address for other colours; empty without any."""
        if not any(self.own_colours):
            return ""
        colour = self.colour or colours.STANDARD_COLOUR
        ground = self.ground_colour or colours.STANDARD_GROUND
        return reverse("colours", args=[colour.removeprefix("#"), ground.removeprefix("#")])

    @property
    def menu(self) -> list[PageLink]:
        """The pages of its own in the menu, for whoever reads now."""
        return links_in(self.page_links, Page.Place.MENU)

    @property
    def footer(self) -> list[PageLink]:
        """Those at the foot of every page."""
        return links_in(self.page_links, Page.Place.FOOTER)

    @property
    def has_confirmed_texts(self) -> bool:
        """Whether somebody at the college has said that its texts are true for it."""
        return self.texts_confirmed_at is not None

    @property
    def has_privacy_texts(self) -> bool:
        """Whether a student can be told, before signing up, who keeps their data and why."""
        return bool(
            self.privacy_controller.strip()
            and self.privacy_notice.strip()
            and self.privacy_text.strip()
        )

    def certificate_wording(self, language: str) -> tuple[str, str]:
        """The line for certificates in this language, and the language it is written in.

        Where there is none in this language, it is the one in the college's own.
        """
        for written_in in (language, settings.LANGUAGE_CODE):
            if wording := self.certificate_wordings.get(written_in, ""):
                return wording, written_in
        return "", language

    @property
    def ground_rule_lines(self) -> list[str]:
        return [line.strip() for line in self.ground_rules.splitlines() if line.strip()]

    @property
    def municipality_lines(self) -> list[str]:
        return [line.strip() for line in self.municipalities.splitlines() if line.strip()]


class NoticeVersion(models.Model):
    """The privacy notice and ground rules as students saw them from a moment on. Never edited."""

    privacy_notice = models.TextField(_("short privacy notice"))
    ground_rules = models.TextField(_("ground rules"))
    legal_basis = models.CharField(
        _("legal basis"), max_length=20, choices=College.LegalBasis.choices
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("version of the notice")
        verbose_name_plural = _("versions of the notice")
        get_latest_by = "pk"
        constraints = [
            known_choice("legal_basis", College.LegalBasis, name="notice_legal_basis_known"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
