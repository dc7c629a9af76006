"""Students: people who take part. No login, no password, and nothing that is never asked."""

import re
import secrets
import unicodedata

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.models import CourseRun

# No field that is looked through keeps as much; looking through more only keeps others waiting.
LOOKED_THROUGH = 5000


# Digits, and what people write between them: «+47 (22) 86-50.11».
PHONE_SIGNS = re.compile(r"\s*\(?\+?[\d\s().-]+")
# Eleven digits, also after Norway's own code, as somebody writes them in a field for a number. A
# lookahead, so that digits before it (a phone number, say) do not swallow its start.
ELEVEN_DIGITS = re.compile(
    r"(?:(?<!\d)|(?<=\+47)|(?<=(?<!\d)0047))(?=((?:\d[\W_]{0,3}){10}\d)(?!\d))"
)


# What a telephone or a word processor writes where a keyboard has one sign.
LOOKS_ALIKE = str.maketrans(
    dict.fromkeys("\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}`´ʼ", "'")
    | dict.fromkeys("\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}", "-")
)


def normalise_name(name: str) -> str:
    """The name as it is compared, by eye as much as by machine.

    Unicode form, case and spaces do not tell people apart, nor do signs that look alike or that
    nobody sees.
    """
    seen = unicodedata.normalize("NFKC", without_unseen(name).translate(LOOKS_ALIKE))
    return " ".join(seen.casefold().split())


def without_unseen(text: str) -> str:
    """The text without signs that nobody sees: joiners, marks of direction, soft hyphens."""
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf")


def normalise_email(email: str) -> str:
    return email.strip().lower()


def normalise_phone(phone: str) -> str:
    """A phone number in E.164; Norwegian where no country is given. Raises ValidationError.

    Words, an extension or a second number are refused and not left out: whoever wrote them would
    believe that we have them.
    """
    written = unicodedata.normalize("NFKC", without_unseen(phone).translate(LOOKS_ALIKE))
    if not PHONE_SIGNS.fullmatch(written) and any(sign.isdecimal() for sign in written):
        raise ValidationError(
            gettext(
                "Write one phone number here, without words: eight digits, or with + and the "
                "country code."
            ),
            code="phone",
        )
    try:
        number = phonenumbers.parse(written, "NO")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise ValidationError(
            gettext("Write a phone number with eight digits, or with + and the country code."),
            code="phone",
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def identity_number_in(text: str) -> str:
    """The first Norwegian national identity number with valid check digits; empty without one.

    Eleven digits, as they are written: together or with spaces or other signs between; D numbers
    and the synthetic ones that public testing uses included. Source: the check digits of
    Skatteetaten. Looks at the beginning of an endless text only.
    """
    seen = unicodedata.normalize("NFKC", without_unseen(text[:LOOKED_THROUGH]))
    for match in ELEVEN_DIGITS.finditer(seen):
        digits = [int(sign) for sign in match.group(1) if sign.isdecimal()]
        first = -sum(a * b for a, b in zip(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2), strict=False)) % 11
        second = (
            -sum(a * b for a, b in zip(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=False)) % 11
        )
        if [first, second] == digits[9:]:
            return match.group(1)
    return ""


def contains_identity_number(text: str) -> bool:
    """Whether the text holds a national identity number, as `identity_number_in` finds it."""
    return bool(identity_number_in(text))


def validate_no_identity_number(text: str) -> None:
    """Refuse kindly, and point at it by its first six digits; the text must not be stored.

    The whole number is in no message: messages may be logged, the field's own text is not.
    """
    if number := identity_number_in(text):
        six_digits = re.sub(r"^((?:\d[\W_]*){5}\d).*", r"\1", number, flags=re.DOTALL)
        raise ValidationError(
            gettext(
                "What begins with %(digits)s looks like a national identity number. We never need "
                "it: please take it out, and then go on."
            )
            % {"digits": " ".join(six_digits.split())},
            code="identity_number",
        )


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

    def on_list_of(self, run: CourseRun) -> "StudentQuerySet":
        """Who a run's tutors meet: those with a place, and those who were in the room.

        Nobody from the waiting list, and nobody who has been erased.
        """
        from enrolment.models.enrolments import Attendance, Enrolment

        with_place = Enrolment.objects.with_place().filter(run=run).values("student")
        in_room = Attendance.objects.filter(session__run=run).values("student")
        return self.known().filter(Q(pk__in=with_place) | Q(pk__in=in_room))

    def matching(self, wanted: str) -> "StudentQuerySet":
        """Whose name holds every word, or whose number or address holds it. Å finds å."""
        digits = wanted.replace(" ", "").removeprefix("+")
        if digits.isdigit():
            return self.known().filter(phone__contains=digits)
        people = self.known()
        for word in normalise_name(wanted).split():
            people = people.filter(Q(name_key__contains=word) | Q(email__contains=word))
        return people

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
    municipality = models.CharField(_("municipality"), max_length=60, blank=True)
    wants_news = models.BooleanField(_("wants news about courses"), default=False)
    key = models.CharField(max_length=40, unique=True, default=new_key, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
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
        ]

    def __str__(self) -> str:
        return self.name or gettext("erased student")

    @property
    def can_be_reached(self) -> bool:
        return bool(self.email or self.phone or self.postal_address)
