"""«Send me my link»: the way to one's own page, for whoever owns an address or number."""

from django.db import transaction
from django.utils import timezone

from enrolment.models import ClosedLink, LinkRequest, Student
from enrolment.models.students import new_key
from enrolment.services.outbox import owe_page_link


def ask_for_page_link(*, contact: str, language: str) -> None:
    """Note down that somebody at an e-mail address or phone number (E.164) asks for their link.

    One row, whether or not anybody is known there: a worker looks it up.
    """
    LinkRequest.objects.create(contact=contact, language=language)


def answer_link_requests(*, limit: int = 100) -> int:
    """Owe the link to everybody at the addresses that were written; how many were looked up.

    At most one letter each in `PAGE_LINK_EVERY_HOURS`. An address may be shared: each gets a letter
    of their own. The request is deleted with it. Two workers never answer the same one.
    """
    with transaction.atomic():
        requests = LinkRequest.objects.select_for_update(skip_locked=True).order_by("pk")
        found = list(requests[:limit])
        now = timezone.now()
        for each in found:
            channel = Student.Channel.EMAIL if "@" in each.contact else Student.Channel.PHONE
            # In one order, as everybody holds the rows of several students; and nobody is erased
            # meanwhile.
            people = Student.objects.with_contact(each.contact).order_by("pk")
            for student in people.select_for_update(no_key=True):
                owe_page_link(student, channel=channel, language=each.language, now=now)
        LinkRequest.objects.filter(pk__in=[each.pk for each in found]).delete()
    return len(found)


@transaction.atomic
def renew_calendar_address(*, student: Student) -> None:
    """Let the student's calendar be fetched at another address. The old one opens nothing more."""
    Student.objects.filter(pk=student.pk).update(calendar_key=new_key())
    student.merged_keys.filter(is_calendar=True).delete()


def close_page_link(*, token_hash: str) -> None:
    """Let one link to a student's page open nothing any more, and end every session it opened.

    Other links, to withdraw or to a calendar, live on, and a new link can always be asked for.
    """
    ClosedLink.objects.get_or_create(token_hash=token_hash)
