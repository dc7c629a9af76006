"""The record of processing activities (GDPR, article 30), and a draft DPIA (article 35).

Both are Markdown, made from what the apps declare: `recoverycollege.people.retention`.
"""

import re

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from courses.models import College
from courses.norwegian.formatting import day_without_weekday, phone
from courses.personal_data import after_days
from enrolment import sms
from recoverycollege.people.retention import KEPT, TOLD


def record_of_processing(language: str) -> str:
    """In that language; reads the college and nothing of people."""
    with translation.override(language):
        college = College.objects.current()
        contact = filter(None, (college.email, phone(college.phone)))
        return _document(
            "recoverycollege/record_of_processing.txt",
            college,
            {
                "kept": KEPT,
                "controller": college.privacy_controller.strip(),
                "contact": ", ".join(contact),
                "sends_sms": sms.is_switched_on(),
            },
        )


def dpia(language: str) -> str:
    """A draft in that language, for the college to complete."""
    with translation.override(language):
        context = {"told": TOLD, "risks": _risks()}
        return _document("recoverycollege/dpia.txt", College.objects.current(), context)


def _document(template: str, college: College, context: dict[str, object]) -> str:
    today = day_without_weekday(timezone.localdate())
    own = {"college": college, "today": today, "measures": _measures()}
    text = render_to_string(template, own | context)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _measures() -> list[str]:
    """What the portal itself does; each is held by a test of its own."""
    return [
        gettext("Students have no password. A personal link is signed and works for %(days)s.")
        % {"days": after_days(settings.LINK_DAYS)},
        gettext(
            "Staff sign in, and see what their role needs. Wrong passwords are counted and slowed "
            "down."
        ),
        gettext("Tutors see contact and names for a while after the course, and then numbers."),
        gettext(
            "Answers are the same whether or not we know somebody: nobody can find out who takes "
            "part."
        ),
        gettext("Letters, SMS and calendars have neutral titles and a neutral sender."),
        gettext("National identity numbers are refused, and not stored."),
        gettext("Pages with names are kept by no browser and no proxy."),
        gettext("Logs hold no names, addresses or personal links."),
        gettext("No other website is told anything, and nobody's visits are counted."),
        gettext("Every night what has been kept long enough is deleted."),
        *([_of_backups()] if settings.BACKUP_FOLDER else []),
    ]


def _of_backups() -> str:
    """How long those are kept that the portal makes: see `recoverycollege.backups.folder`."""
    months = settings.BACKUP_MONTHS
    return gettext(
        "The portal's backups are deleted after %(days)s, but for the first of each month, which "
        "is kept for %(months)s."
    ) % {
        "days": after_days(settings.BACKUP_DAYS),
        "months": ngettext("%(number)s month", "%(number)s months", months) % {"number": months},
    }


def _risks() -> list[tuple[str, str]]:
    """What could happen to people, and what is done about it."""
    return [
        (
            gettext("Others learn that somebody takes part"),
            gettext(
                "Neutral letters, same answers for known and unknown, no lists of names in public, "
                "and links that can be closed on a borrowed computer."
            ),
        ),
        (
            gettext("Too much is known for too long"),
            gettext(
                "Few questions, one period for each kind, a nightly purge, and a letter before "
                "somebody is erased. Everybody can be erased before that."
            ),
        ),
        (
            gettext("Free text tells about health"),
            gettext(
                "Only wishes for adjustments are asked for. Coordinators and the tutors of the "
                "course see them, and they are deleted soon after."
            ),
        ),
        (
            gettext("A stranger gets hold of a letter or link"),
            gettext(
                "The link opens one person's page and nothing else, is renewed with their contact, "
                "and stops working after a while."
            ),
        ),
        (
            gettext("A member of staff looks without reason, or an account is taken over"),
            gettext(
                "Access by role, and a log of what was done to whom. Looking is not logged. The "
                "college decides who has an account, and ends it when somebody leaves."
            ),
        ),
        (
            gettext("Data is lost, or comes back from a backup after it was erased"),
            gettext(
                "The portal lists who was erased, without names, and erases them again after a "
                "restore. The backups themselves are the college's own matter."
            ),
        ),
    ]
