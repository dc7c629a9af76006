"""A student who is signed in by a personal link. No password: the link in a letter is the key.

The session holds the student's random key. It ends with the browser, and at the latest
`STUDENT_SESSION_HOURS` after the link was opened. Renewing the key, as a new address does, ends
every session that was opened with the old one; closing the link ends every session that was
opened with it.
"""

import time
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth import SESSION_KEY as STAFF_KEY
from django.db.models import Exists
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control

from courses.web.plain_pages import keeps_answers
from enrolment.forms_kept_over_sign_in import forget as forget_kept_form
from enrolment.models import ClosedLink, Student

STUDENT_KEY = "student"
OPENED_AT = "student_opened_at"
LINK = "student_link"


def signed_in_student(request: HttpRequest) -> Student | None:
    """Who is signed in, or None. One query where somebody is, besides the session's own."""
    session = request.session
    key = session.get(STUDENT_KEY)
    seconds = settings.STUDENT_SESSION_HOURS * 3600
    if not key or time.time() - session.get(OPENED_AT, 0) > seconds:
        return None
    closed = ClosedLink.objects.filter(token_hash=session.get(LINK, ""))
    return Student.objects.filter(~Exists(closed)).with_key(key)


def visiting_student(request: HttpRequest) -> Student | None:
    """Who is signed in, on a page for everybody: a browser without a session is asked nothing."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return signed_in_student(request)


def sign_in(request: HttpRequest, student: Student, *, token: str) -> None:
    """Let the student in by the link with this token, under a fresh session key."""
    request.session.cycle_key()
    forget_kept_form(request)
    request.session[STUDENT_KEY] = student.key
    request.session[OPENED_AT] = int(time.time())
    request.session[LINK] = ClosedLink.hash_of(token)


def stay_signed_in(request: HttpRequest, student: Student) -> None:
    """Keep in this browser a student whose key has just been renewed by their own doing."""
    request.session[STUDENT_KEY] = student.key


def link_of(request: HttpRequest) -> str:
    """The hash of the link that the student came in by; empty where nobody did."""
    return str(request.session.get(LINK, ""))


def sign_out(request: HttpRequest) -> None:
    """Forget the student. Somebody who is signed in as staff in the same browser stays so."""
    if STAFF_KEY in request.session:
        for name in (STUDENT_KEY, OPENED_AT, LINK):
            request.session.pop(name, None)
    else:
        request.session.flush()


def personal_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """No cache keeps the page, no search engine lists it, and what is sent to it is not lost.

    The site's Referrer-Policy, strict-origin, keeps its address out of every other request.
    """

    kept = keeps_answers(view)

    @wraps(view)
    def wrapped(*args: object, **kwargs: object) -> HttpResponse:
        response = kept(*args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return cache_control(private=True, no_store=True)(wrapped)


def keep_out_of_the_log(response: HttpResponse) -> HttpResponse:
    """Django logs the address of every 404, and such an address may still open something."""
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
