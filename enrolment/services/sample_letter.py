"""A letter to try the college's e-mail with: as all letters go, and an answer at once."""

from datetime import datetime

from django.contrib.auth.models import User
from django.core.mail import get_connection
from django.utils import timezone
from django.utils.translation import get_language, gettext

from courses.models import College
from courses.norwegian.formatting import moment_in_full
from enrolment import emails
from enrolment.models import Letter
from enrolment.services.delivery_errors import NoAddress, describe

TIMEOUT = 20  # seconds: somebody is waiting for the page


class SampleNotSent(Exception):
    """The mail server did not take it: what `describe` says of the error."""


def send_sample(*, to: User, now: datetime | None = None) -> None:
    """Send a sample letter to a member of staff, at once and by itself. Nothing is stored.

    Raises NoAddress, or SampleNotSent. Must be called outside `atomic`: the mail server is asked.
    """
    if not to.email:
        raise NoAddress
    college, written_at = College.objects.current(), now or timezone.now()
    paragraphs = [
        gettext("Hi!"),
        gettext(
            "This is a sample letter. It looks like the ones people get from you, and whoever "
            "answers it writes to %(email)s."
        )
        % {"email": college.email},
        gettext("It was sent %(moment)s.") % {"moment": moment_in_full(written_at)},
        college.name,
    ]
    letter = Letter(
        user=to,
        language=get_language(),
        subject=gettext("A sample letter"),
        text="\n\n".join(paragraphs),
        written_at=written_at,
    )
    message = emails.as_email(letter)
    try:
        get_connection(timeout=TIMEOUT).send_messages([message])
    except Exception as error:  # no such host, no sign-in, an answer that refuses it, …
        raise SampleNotSent(describe(error)) from error
