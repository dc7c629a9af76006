"""A student who has come in by a signed link. No password: the link in a letter is the key.

The session holds the student's random key and ends with the browser. Renewing the key, as a new
address does, ends every session that was opened with the old one.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth import SESSION_KEY as STAFF_KEY
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control

from enrolment.models import Student

STUDENT_KEY = "student"


def signed_in_student(request: HttpRequest) -> Student | None:
    """Who has come in, or None. One query where somebody has, besides the session's own."""
    key = request.session.get(STUDENT_KEY)
    return Student.objects.known().filter(key=key).first() if key else None


def sign_in(request: HttpRequest, student: Student) -> None:
    """Let the student in under a fresh session key."""
    request.session.cycle_key()
    request.session[STUDENT_KEY] = student.key


def sign_out(request: HttpRequest) -> None:
    """Forget the student. Somebody who is signed in as staff in the same browser stays so."""
    if STAFF_KEY in request.session:
        request.session.pop(STUDENT_KEY, None)
    else:
        request.session.flush()


def personal_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """No cache keeps the page, and no search engine lists it.

    The site's Referrer-Policy, same-origin, keeps its address from everybody else. `no-referrer`
    would make the browser send `Origin: null` with the page's own form, which CSRF protection
    refuses.
    """

    @wraps(view)
    def wrapped(*args: object, **kwargs: object) -> HttpResponse:
        response = view(*args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return cache_control(private=True, no_store=True)(wrapped)
