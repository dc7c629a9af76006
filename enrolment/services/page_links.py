"""«Send me my link»: the way to one's own page, for whoever owns an address or number."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from enrolment import letters
from enrolment.models import ClosedLink, Letter, Student


def send_page_link(*, contact: str) -> int:
    """Write the way to their page to everybody at an e-mail address or phone number (E.164).

    At most one letter each in `PAGE_LINK_EVERY_HOURS`. An address may be shared: each gets a letter
    of their own. Returns the number of letters, which no screen may tell.
    """
    channel = Student.Channel.EMAIL if "@" in contact else Student.Channel.PHONE
    period = int(timezone.now().timestamp()) // (settings.PAGE_LINK_EVERY_HOURS * 3600)
    students = list(Student.objects.with_contact(contact))
    if not students:
        letters.rehearse(kind=Letter.Kind.LINK, student=Student(language=get_language() or "nb"))
    written = [
        letters.write_page_link(
            student=student, channel=channel, occasion=f"{student.pk}:{channel}:{period}"
        )
        for student in students
    ]
    return sum(letter is not None for letter in written)


def close_page_link(*, token_hash: str) -> None:
    """Let one link to a student's page open nothing any more, and end every session it opened.

    Other links, to withdraw or to a calendar, live on, and a new link can always be asked for.
    """
    ClosedLink.objects.get_or_create(token_hash=token_hash)
