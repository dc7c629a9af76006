"""What the tables of this app hold about somebody; see `courses.export`."""

from django.utils.translation import gettext_lazy as _

from certificates.models import Attendance, Certificate, DeveloperOffer
from certificates.services import offers_of
from courses.export import NUMBER, TECHNICAL, WHOSE, Held

ON_PAPER = "the same for everybody on the run, and on the certificate itself"

STUDENT = [
    Held(
        Attendance,
        _("Sessions you were at, or not"),
        lambda student: Attendance.objects.filter(student=student).select_related(
            "session__run__course"
        ),
        ("session", "is_present", "recorded_at"),
        {"id": NUMBER, "student": WHOSE},
        {"recorded_at": _("recorded")},
    ),
    Held(
        Certificate,
        _("Certificates"),
        lambda student: Certificate.objects.filter(student=student),
        (
            *("number", "name", "title", "hours", "sessions_attended", "first_on", "last_on"),
            *("place", "tutors", "college_name", "language", "issued_at", "revoked_at"),
            "revoked_because",
        ),
        {
            "id": NUMBER,
            "run": "the title says it",
            "student": WHOSE,
            "session": "only where it was given by name alone",
            "submission": TECHNICAL,
            "proof": "a keyed hash of number and name",
            "title_language": TECHNICAL,
            "college_logo": ON_PAPER,
            "college_colour": ON_PAPER,
            "owners": ON_PAPER,
            "wording": ON_PAPER,
            "wording_language": ON_PAPER,
            "site_url": ON_PAPER,
            "issued_by": "names a member of staff; what was done stands in the log",
            "superseded_by": "leads to another one that is shown",
        },
    ),
    Held(
        DeveloperOffer,
        _("That you would like to help make courses"),
        offers_of,
        ("name", "contact", "language", "offered_on", "done_on"),
        {"id": NUMBER},
    ),
]
