"""Session codes: everybody who was there gets a certificate by name, before they leave.

No account and no e-mail. What somebody types is trusted as far as the tutor's headcount reaches.
"""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from certificates.models import Certificate, SessionCode, make_proof, new_number
from certificates.services import NotInThisRun
from certificates.services.errors import NotCounted, NothingLeft, SessionCodeClosed
from certificates.services.facts import facts_of_language, facts_of_run, facts_of_sessions
from courses.models import College, CourseRun, CourseSession
from courses.norwegian.identity_numbers import validate_no_identity_number
from courses.services import lock_run
from courses.web import throttle
from courses.web.throttle import RateLimit
from enrolment.events import log


def code_closes_at(session: CourseSession) -> datetime:
    """From here on the session's code gives no certificate: `SESSION_CODE_HOURS` after its end."""
    return session.ends_at + timedelta(hours=settings.SESSION_CODE_HOURS)


def code_is_open(session: CourseSession, now: datetime | None = None) -> bool:
    """Whether the code gives certificates: from the session's start until `code_closes_at`."""
    now = now or timezone.now()
    return session.takes_place and session.starts_at <= now < code_closes_at(session)


def can_have_code(session: CourseSession, now: datetime | None = None) -> bool:
    """Whether a code may be made: any time before it closes, so that it can be printed early."""
    return session.takes_place and (now or timezone.now()) < code_closes_at(session)


def readable_until(certificate: Certificate) -> datetime:
    """Until when whoever claimed it can open it again.

    That is `CLAIMED_CERTIFICATE_MINUTES` after the code has closed, for whoever claimed in the last
    minute. A certificate that was not claimed by a code has no session: it was never readable so.
    """
    if certificate.session is None:
        return certificate.issued_at
    minutes = timedelta(minutes=settings.CLAIMED_CERTIFICATE_MINUTES)
    return code_closes_at(certificate.session) + minutes


def can_be_read(certificate: Certificate, now: datetime | None = None) -> bool:
    """Whether whoever claimed it may open it again without being known."""
    return certificate.is_printable and (now or timezone.now()) < readable_until(certificate)


def normalise_code(code: str) -> str:
    """The code as it is stored: case, spaces and hyphens are nothing."""
    return re.sub(r"[\W_]", "", code).upper()


def session_of_code(code: str) -> CourseSession | None:
    """The session whose code this is, while the code is open; else None. One query.

    An unknown code, one that is not open yet and one that has closed get the same answer.
    """
    found = (
        SessionCode.objects.select_related("session__run__course")
        .filter(code=normalise_code(code))
        .first()
    )
    if found is None or not code_is_open(found.session):
        return None
    return found.session


def has_guessed_too_often(*, network: str) -> bool:
    """Whether so many wrong codes came from this network this hour that none is looked at."""
    return throttle.is_used_up(_wrong_codes(network))


def count_wrong_code(*, network: str) -> None:
    throttle.count_one(_wrong_codes(network))


def _wrong_codes(network: str) -> RateLimit:
    """Right codes are not counted: a whole audience behind one network has them."""
    return RateLimit(what="wrong code", who=network, most=settings.WRONG_CODES_PER_HOUR)


@transaction.atomic
def make_code(
    *, run: CourseRun, session: CourseSession, by: Any, now: datetime | None = None
) -> SessionCode:
    """The session's code; made now where it has none. Asking twice is asking once.

    Raises NotInThisRun, and SessionCodeClosed for a session that is over or was never held.
    """
    locked = lock_run(run.pk)
    current = locked.sessions.filter(pk=session.pk).first()
    if current is None:
        raise NotInThisRun
    now = now or timezone.now()
    if not can_have_code(current, now):
        raise SessionCodeClosed
    code, is_new = SessionCode.objects.get_or_create(session=current)
    if is_new:
        log("made_code", code, by=by, now=now)
    return code


def check_left(session: CourseSession) -> None:
    """Raise NotCounted or NothingLeft where nobody else can have one. Two queries."""
    if session.headcount is None:
        raise NotCounted
    if given_at(session) + on_register_at(session) >= session.headcount:
        raise NothingLeft


def given_at(session: CourseSession) -> int:
    """How many valid certificates were given for this session by name alone."""
    return Certificate.objects.valid().filter(session=session, student=None).count()


def on_register_at(session: CourseSession) -> int:
    """How many of those counted are on the register: they get theirs from it, without a code."""
    return session.attendances.present().count()


@transaction.atomic
def claim(
    *,
    session: CourseSession,
    name: str,
    language: str,
    submission: UUID,
    now: datetime | None = None,
) -> Certificate:
    """Give somebody who has the code a certificate for this session.

    The same submission gets the same certificate, however often and however late it is sent. Two
    people of the same name get one each. Raises SessionCodeClosed, NotCounted, NothingLeft, and
    ValidationError for a national identity number.
    """
    locked = lock_run(session.run_id)
    before = Certificate.objects.filter(submission=submission).first()
    if before is not None:
        return before
    current = next(each for each in locked.session_list if each.pk == session.pk)
    now = now or timezone.now()
    if not code_is_open(current, now):
        raise SessionCodeClosed
    check_left(current)
    validate_no_identity_number(name)
    number = new_number()
    college = College.objects.get()
    certificate = Certificate.objects.create(
        **facts_of_run(locked, college),
        **facts_of_language(college, language),
        **facts_of_sessions([current]),
        session=current,
        submission=submission,
        number=number,
        proof=make_proof(number, name),
        name=name,
        issued_at=now,
    )
    log("claimed", certificate, now=now)
    return certificate
