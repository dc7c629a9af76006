"""The guides there are. What each one says is its template."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Guide:
    name: str  # in its address
    title: str | Promise
    summary: str | Promise
    template: str


REGISTER = Guide(
    "oppmote",
    _("Keep the register"),
    _("Who came, who came without signing up, and how many there were."),
    "recoverycollege/guides/register.html",
)
CERTIFICATES = Guide(
    "kursbevis",
    _("Make and print certificates"),
    _("For everybody in the register, and for people who are not in it."),
    "recoverycollege/guides/certificates.html",
)
FOR_COORDINATORS = [
    Guide(
        "semester",
        _("Prepare a semester"),
        _("From the runs of an earlier semester to a new programme that is published."),
        "recoverycollege/guides/semester.html",
    ),
    Guide(
        "innringer",
        _("Somebody rings to sign up"),
        _("A place or a number in the queue, and a receipt, while they are on the phone."),
        "recoverycollege/guides/caller.html",
    ),
    Guide(
        "endring",
        _("When plans change"),
        _("Another day or another venue, a tutor who is ill, a session that is cancelled."),
        "recoverycollege/guides/change.html",
    ),
    REGISTER,
    CERTIFICATES,
    Guide(
        "mandag",
        _("Monday morning"),
        _("What waits, from the top down, until nothing does."),
        "recoverycollege/guides/monday.html",
    ),
]
FOR_TUTORS = [
    REGISTER,
    CERTIFICATES,
    Guide(
        "endring",
        _("When you cannot come, or something changes"),
        _("Whom you tell, who tells the students, and what a stand-in can open."),
        "recoverycollege/guides/change_for_tutors.html",
    ),
]
