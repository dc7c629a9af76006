"""Students: people who take part. No login, no password, and nothing that is never asked."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.models.checks import known_choice
from courses.models.college import MUNICIPALITY_LENGTH
from courses.norwegian.identity_numbers import validate_no_identity_number
from courses.norwegian.names import normalise_name
from courses.norwegian.phone_numbers import normalise_phone

# What is stored of whoever lives in none of those that the college lists, in any language.
OTHER_MUNICIPALITY = "En annen kommune"


def normalise_email(email: str) -> str:
    return email.strip().lower()


def new_key() -> str:
    return secrets.token_urlsafe(18)


class StudentQuerySet(models.QuerySet["Student"]):
    def known(self) -> "StudentQuerySet":
        """Students who have not been erased."""
        return self.filter(erased_at__isnull=True)

    def same_person(self, *, name: str, email: str, phone: str) -> "StudentQuerySet":
        """Whoever this is, oldest first: same name and e-mail, or without e-mail same phone.

        Without e-mail, a row that has one is somebody else: anybody may have written it, with this
        person's name and number and an address of their own, and would be told what this person
        signs up for. A row without contact, somebody who just turned up, is never matched.
        """
        name_key = normalise_name(name)
        if email:
            people = self.known().filter(name_key=name_key, email=normalise_email(email))
        elif phone:
            people = self.known().filter(name_key=name_key, phone=phone, email="")
        else:
            return self.none()
        return people.order_by("pk")

    def with_key(self, key: str, *, is_calendar: bool = False) -> "Student | None":
        """Whose key it is, or was before another record became part of this one.

        Of a student's page, or of their calendar. One query; two where it is nobody's own.
        """
        own = {"calendar_key": key} if is_calendar else {"key": key}
        merged = {"merged_keys__key": key, "merged_keys__is_calendar": is_calendar}
        return self.known().filter(**own).first() or self.known().filter(**merged).first()

    def with_contact(self, contact: str) -> "StudentQuerySet":
        """Everybody at an e-mail address or phone number; several people may share one."""
        if "@" in contact:
            return self.known().filter(email=normalise_email(contact))
        return self.known().filter(phone=normalise_phone(contact))


class Student(models.Model):
    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        PHONE = "phone", _("phone call")
        PAPER = "paper", _("paper letter")
        # Somebody who just turned up, by name alone, or whose contact has been erased.
        NONE = "none", _("cannot be reached")

    class Reminders(models.TextChoices):
        """How they are reminded of a session. Whoever is rung or gets paper has none by e-mail."""

        EMAIL = "email", _("by e-mail")
        SMS = "sms", _("by SMS")
        NONE = "none", _("no reminders")

    name = models.CharField(_("name"), max_length=100, validators=[validate_no_identity_number])
    name_key = models.CharField(max_length=200, editable=False, db_index=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    channel = models.CharField(_("reached by"), max_length=5, choices=Channel)
    postal_address = models.TextField(
        _("postal address"),
        blank=True,
        validators=[validate_no_identity_number],
        help_text=_("Only for somebody who wants letters on paper."),
    )
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default="nb"
    )
    reminders = models.CharField(
        _("reminders"), max_length=5, choices=Reminders, default=Reminders.EMAIL
    )
    # For the figures to the owners, and for news about courses, where the college asks for them.
    # Empty: not asked, or not answered.
    municipality = models.CharField(_("municipality"), max_length=MUNICIPALITY_LENGTH, blank=True)
    wants_news = models.BooleanField(_("wants news about courses"), default=False)
    key = models.CharField(max_length=40, unique=True, default=new_key, editable=False)
    # In the address at which calendars fetch the student's appointments.
    calendar_key = models.CharField(max_length=40, unique=True, default=new_key, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    # When another record of the same person became part of this one, the last time.
    merged_at = models.DateTimeField(null=True, editable=False)
    # When they, or staff for them, last said that they want to stay: see `keep_student`.
    kept_at = models.DateTimeField(_("wants to stay"), null=True, editable=False)
    # When somebody was erased on request: see `recoverycollege.people.erasing`.
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)

    objects = StudentQuerySet.as_manager()

    class Meta:
        verbose_name = _("student")
        verbose_name_plural = _("students")
        ordering = ["name_key", "pk"]
        default_permissions = ("add", "change", "view")
        constraints = [
            models.UniqueConstraint(
                fields=["name_key", "email"],
                condition=~Q(email=""),
                name="student_one_per_name_and_email",
                violation_error_message=_("This person is already a student."),
            ),
            models.UniqueConstraint(
                fields=["name_key", "phone"],
                condition=Q(email="") & ~Q(phone=""),
                name="student_one_per_name_and_phone",
                violation_error_message=_("This person is already a student."),
            ),
            models.CheckConstraint(
                # Also that the channel is a known one.
                condition=(Q(channel="email") & ~Q(email=""))
                | (Q(channel="phone") & ~Q(phone=""))
                | (Q(channel="paper") & ~Q(postal_address=""))
                | Q(channel="none", email="", phone="", postal_address=""),
                name="student_channel_has_its_contact",
                violation_error_message=_(
                    "Write the e-mail address, number or postal address by which the student is "
                    "to be reached."
                ),
            ),
            known_choice("reminders", ["email", "sms", "none"], name="student_reminders_known"),
        ]

    def __str__(self) -> str:
        return self.name or gettext("erased student")

    @property
    def proved_contact(self) -> str:
        """Where what was asked without a name counts as asked by this person; empty for nobody.

        Anybody may type any number at sign-up or on their own page, and nobody proves it: a
        stranger's number must show, or delete, nothing of the stranger's. An e-mail address is
        proved by the links that arrive there. Whoever has a number alone has no page, and is
        known to staff, who speak to them there.
        """
        return self.email or self.phone

    @property
    def can_be_reached(self) -> bool:
        return bool(self.email or self.phone or self.postal_address)
