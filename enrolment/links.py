"""Personal links: signed over the student's random key, expiring, and built from SITE_URL.

Each purpose has a salt of its own, so that a calendar link opens no page. Renewing the key makes
every older link worthless. An enrolment is named by its random submission, never by its number: two
numbers of one's own, before and after, would tell whether somebody else's sign-up was a new one.

The link that confirms a new address alone is signed over the random name of its letter: whoever
corrects their number meanwhile can still confirm the address. `change_contact` ends it.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.core.signing import BadSignature, TimestampSigner, b62_encode
from django.db.models import Exists
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac

from enrolment.models import ClosedLink, Enrolment, Letter, Student


class Purpose(StrEnum):
    PAGE = "page"
    WITHDRAW = "withdraw"
    CALENDAR = "calendar"
    KEEP = "keep"
    NEW_EMAIL = "new_email"
    # To staff: choose a password, for the first time or because it is forgotten.
    INVITED = "invited"
    PASSWORD = "password"  # noqa: S105 - what the link is for


URL_NAMES = {
    Purpose.PAGE: "my_page_sign_in",
    Purpose.WITHDRAW: "withdraw",
    Purpose.CALENDAR: "calendar",
    Purpose.KEEP: "keep_me",
}
# What these open is the student's, and about no enrolment.
OF_STUDENTS = (Purpose.PAGE, Purpose.KEEP)


class _Signer(TimestampSigner):
    """Signs for a given moment, so that a letter sent once more holds the very same links."""

    def __init__(self, purpose: Purpose, moment: datetime | None = None) -> None:
        super().__init__(salt=f"enrolment.links.{purpose}")
        self.moment = moment

    def timestamp(self) -> str:
        return b62_encode(int(self.moment.timestamp())) if self.moment else super().timestamp()


def page_token(student: Student, moment: datetime | None = None) -> str:
    """Opens the student's page, for `LINK_DAYS` from the given moment, else from now."""
    return _Signer(Purpose.PAGE, moment).sign(student.key)


def keep_token(student: Student, moment: datetime | None = None) -> str:
    """Opens the page where a student who is erased soon can stay, as long as `page_token`."""
    return _Signer(Purpose.KEEP, moment).sign(student.key)


def enrolment_token(purpose: Purpose, enrolment: Enrolment, moment: datetime | None = None) -> str:
    """Opens what the purpose says about the enrolment, as long as `page_token`."""
    return _Signer(purpose, moment).sign(f"{enrolment.student.key}.{enrolment.submission.hex}")


def new_email_token(letter: Letter, moment: datetime | None = None) -> str:
    """Confirms the address that this letter goes to, for `NEW_EMAIL_DAYS`."""
    return _Signer(Purpose.NEW_EMAIL, moment).sign(letter.dedupe_key.rpartition(":")[2])


def new_email_letter_of(token: str) -> Letter | None:
    """The letter whose address the token confirms, with its student; None as in `student_of`.

    Whether the address can still be confirmed says `new_email_of`.
    """
    # Older links have the student's key before the name.
    name = _read(
        Purpose.NEW_EMAIL, token, period=timedelta(days=settings.NEW_EMAIL_DAYS)
    ).rpartition(".")[2]
    found = Letter.objects.filter(
        dedupe_key=f"{Letter.Kind.NEW_EMAIL}:{name}", student__erased_at__isnull=True
    )
    return found.select_related("student").first()


def password_token(user: User, purpose: Purpose, moment: datetime | None = None) -> str:
    """Lets a member of staff choose a password, once: it is signed over the one of before.

    For `INVITATION_DAYS` where they are invited, else for `PASSWORD_LINK_HOURS`.
    """
    return _Signer(purpose, moment).sign(f"{user.pk}.{_sign_in_as_it_is(user)}")


def who_chooses_password(token: str) -> User | None:
    """Whose password may be chosen; None where it has been, or the token is wrong or too old."""
    value = _read(Purpose.INVITED, token, period=timedelta(days=settings.INVITATION_DAYS)) or _read(
        Purpose.PASSWORD, token, period=timedelta(hours=settings.PASSWORD_LINK_HOURS)
    )
    key, _dot, known = value.partition(".")
    user = User.objects.filter(pk=key, is_active=True).first() if key else None
    return user if user and constant_time_compare(known, _sign_in_as_it_is(user)) else None


def _sign_in_as_it_is(user: User) -> str:
    value = f"{user.pk}\n{user.password}\n{user.email}"
    return salted_hmac(f"{__name__}.password", value, algorithm="sha256").hexdigest()[:40]


def student_of(token: str) -> Student | None:
    """Whose page the token opens; None where it is wrong, too old, closed or for something else."""
    value = _read(Purpose.PAGE, token)
    if not value:
        return None
    closed = ClosedLink.objects.filter(token_hash=ClosedLink.hash_of(token))
    return Student.objects.filter(~Exists(closed)).with_key(value)


def student_to_keep(token: str) -> Student | None:
    """Whom the token lets stay; None where it is wrong, too old or for something else."""
    value = _read(Purpose.KEEP, token)
    return Student.objects.with_key(value) if value else None


def enrolment_of(purpose: Purpose, token: str) -> Enrolment | None:
    """Whose enrolment the token is about, with its student and run; None as in `student_of`."""
    key, _dot, name = _read(purpose, token).rpartition(".")
    try:
        submission = UUID(name)
    except ValueError:
        return None
    student = Student.objects.with_key(key)
    found = Enrolment.objects.filter(submission=submission, student=student)
    enrolment = found.select_related("run__course", "run__semester", "run__venue").first()
    if enrolment is not None and student is not None:
        enrolment.student = student
    return enrolment


def address(url_name: str, *args: str, language: str) -> str:
    """The whole address of a page in the given language."""
    with translation.override(language):
        return settings.SITE_URL + reverse(url_name, args=args)


def link(
    purpose: Purpose,
    *,
    student: Student,
    enrolment: Enrolment | None,
    language: str,
    moment: datetime | None = None,
) -> str:
    """A link signed for the moment, else for now. All but `OF_STUDENTS` need the enrolment."""
    if purpose == Purpose.PAGE:
        token = page_token(student, moment)
    elif purpose == Purpose.KEEP:
        token = keep_token(student, moment)
    elif enrolment is not None:
        token = enrolment_token(purpose, enrolment, moment)
    else:
        raise ValueError(f"A {purpose} link is about an enrolment.")
    return address(URL_NAMES[purpose], token, language=language)


def _read(purpose: Purpose, token: str, *, period: timedelta | None = None) -> str:
    """What the token was signed over; empty where it is wrong or too old."""
    try:
        max_age = period or timedelta(days=settings.LINK_DAYS)
        return _Signer(purpose).unsign(token, max_age=max_age)
    except BadSignature:
        return ""
