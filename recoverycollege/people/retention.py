"""What is kept about people and for how long, gathered from every app: `KEPT`.

The nightly purge works it off, the privacy page tells it, and the record of processing activities
prints it. See `courses.personal_data` for how a kind is declared.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

import certificates.personal_data
import courses.personal_data
import enrolment.personal_data
from courses.personal_data import STAFF, STUDENTS, Kept, after_days, after_years
from recoverycollege.people.inactive import erase_inactive, tell_inactive

__all__ = ["KEPT", "PURGED", "TOLD", "purge_admin_log", "tell_inactive"]


def purge_admin_log(*, now: datetime, dry_run: bool = False) -> int:
    """Delete what Django's admin wrote down of changes to the catalogue, after `EVENT_YEARS`.

    Nothing of students stands there, but names of tutors and staff do.
    """
    old = LogEntry.objects.filter(action_time__lt=now - timedelta(days=365 * settings.EVENT_YEARS))
    return old.count() if dry_run else old.delete()[0]


_OF_WHOLE_PEOPLE = [
    Kept(
        what=_("Staff: name, e-mail address and sign-in"),
        whose=STAFF,
        why=_("So that only staff open the pages about people."),
        seen_by=_("whoever runs the installation"),
        until=lambda: gettext("As long as somebody works here. A coordinator ends it."),
        columns={
            "auth.User": (
                *("username", "first_name", "last_name", "email", "password", "last_login"),
                *("groups", "user_permissions"),
            ),
            # The library's own tables of addresses: they stay empty.
            "account.EmailAddress": ("user", "email"),
        },
    ),
    Kept(
        what=_("Staff: the app and the recovery codes of signing in, sealed"),
        whose=STAFF,
        why=_("So that a password that somebody has found out opens nothing."),
        seen_by=_("nobody but the person"),
        until=lambda: gettext("Until the person takes the app away, or the access ends."),
        columns={"mfa.Authenticator": ("user", "data")},
    ),
    Kept(
        what=_("Log of changes to the catalogue"),
        whose=_("staff and tutors"),
        why=_("To find out afterwards who changed what."),
        seen_by=_("whoever runs the installation"),
        until=lambda: (
            gettext("Deleted after %(years)s.") % {"years": after_years(settings.EVENT_YEARS)}
        ),
        columns={"admin.LogEntry": ("user", "object_repr", "change_message")},
        purge=purge_admin_log,
    ),
    # Last: erasing a person ends what the others count.
    Kept(
        what=_("Your name, and how we reach you"),
        whose=STUDENTS,
        why=_("To give you a place, to tell you what you need to know, and to write certificates."),
        seen_by=_("coordinators, and the tutors of the course for a while"),
        until=lambda: (
            gettext(
                "Erased %(years)s after you last took part, signed up or asked to stay, or when "
                "you ask us to. We write to you %(days)s before."
            )
            % {
                "years": after_years(settings.INACTIVE_STUDENT_YEARS),
                "days": after_days(settings.INACTIVE_TOLD_DAYS),
            }
        ),
        columns={
            "enrolment.Student": (
                *("name", "name_key", "email", "phone", "channel", "postal_address", "language"),
                *("reminders", "key", "calendar_key"),
            )
        },
        purge=erase_inactive,
        is_told=True,
    ),
]

KEPT: list[Kept] = [
    *enrolment.personal_data.KEPT,
    *certificates.personal_data.KEPT,
    *courses.personal_data.KEPT,
    *_OF_WHOLE_PEOPLE,
]
# What ends by itself, in the order in which the nightly purge works it off.
PURGED = [(each, each.purge) for each in KEPT if each.purge is not None]
# What the privacy page tells the period of, whoever the person is before what they did.
TOLD = sorted(
    (each for each in KEPT if each.is_told), key=lambda each: each not in _OF_WHOLE_PEOPLE
)
