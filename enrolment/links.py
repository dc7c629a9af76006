"""Personal links: signed over the student's random key, expiring, and built from SITE_URL.

Each purpose has a salt of its own, so that a calendar link opens no page. Renewing the key makes
every older link worthless. An enrolment is named by its random submission, never by its number: two
numbers of one's own, before and after, would tell whether somebody else's sign-up was a new one.
"""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.db.models import Exists
from django.urls import reverse
from django.utils import translation

from enrolment.models import ClosedLink, Enrolment, Student


class Purpose(StrEnum):
    PAGE = "page"
    WITHDRAW = "withdraw"
    CALENDAR = "calendar"


URL_NAMES = {
    Purpose.PAGE: "my_page_sign_in",
    Purpose.WITHDRAW: "withdraw",
    Purpose.CALENDAR: "calendar",
}


def page_token(student: Student) -> str:
    return _signer(Purpose.PAGE).sign(student.key)


def enrolment_token(purpose: Purpose, enrolment: Enrolment) -> str:
    return _signer(purpose).sign(f"{enrolment.student.key}.{enrolment.submission.hex}")


def student_of(token: str) -> Student | None:
    """Whose page the token opens; None where it is wrong, too old, closed or for something else."""
    value = _read(Purpose.PAGE, token)
    if not value:
        return None
    closed = ClosedLink.objects.filter(token_hash=ClosedLink.hash_of(token))
    return Student.objects.known().filter(~Exists(closed), key=value).first()


def enrolment_of(purpose: Purpose, token: str) -> Enrolment | None:
    """Whose enrolment the token is about, with its student and run; None as in `student_of`."""
    key, _dot, name = _read(purpose, token).rpartition(".")
    try:
        submission = UUID(name)
    except ValueError:
        return None
    return (
        Enrolment.objects.filter(
            submission=submission, student__key=key, student__erased_at__isnull=True
        )
        .select_related("student", "run__course", "run__semester", "run__venue")
        .first()
    )


def address(url_name: str, *args: str, language: str) -> str:
    """The whole address of a page in the given language."""
    with translation.override(language):
        return settings.SITE_URL + reverse(url_name, args=args)


def link(purpose: Purpose, *, student: Student, enrolment: Enrolment | None, language: str) -> str:
    """A freshly signed link. Every purpose but the student's page needs the enrolment."""
    if purpose == Purpose.PAGE:
        token = page_token(student)
    elif enrolment is not None:
        token = enrolment_token(purpose, enrolment)
    else:
        raise ValueError(f"A {purpose} link is about an enrolment.")
    return address(URL_NAMES[purpose], token, language=language)


def _signer(purpose: Purpose) -> TimestampSigner:
    return TimestampSigner(salt=f"enrolment.links.{purpose}")


def _read(purpose: Purpose, token: str) -> str:
    """What the token was signed over; empty where it is wrong or too old."""
    try:
        return _signer(purpose).unsign(token, max_age=timedelta(days=settings.LINK_DAYS))
    except BadSignature:
        return ""
