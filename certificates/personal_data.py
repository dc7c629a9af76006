"""What this app keeps about people, and for how long; see `courses.personal_data`."""

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certificates import services
from courses.personal_data import COORDINATORS, STUDENTS, Kept, after_days

KEPT = [
    Kept(
        what=_("Attendance"),
        whose=STUDENTS,
        why=_("To issue certificates, and to count for the owners."),
        seen_by=_("coordinators, and the tutors of the course for a while"),
        until=lambda: gettext("Stays without a name when the person is erased."),
        columns={"certificates.Attendance": ("student",)},
        is_told=True,
    ),
    Kept(
        what=_("Certificates"),
        whose=_("students, tutors and staff"),
        why=_("So that whoever took part can show it, and have it checked."),
        seen_by=_("the student, coordinators, and the tutors of the course for a while"),
        until=lambda: gettext(
            "The name goes when the person is erased. Number, keyed proof and the facts of the "
            "course stay, the tutors' names with them, so that the paper can be checked."
        ),
        columns={
            "certificates.Certificate": (
                *("student", "name", "tutors", "issued_by", "superseded_by", "number", "proof"),
            )
        },
        is_told=True,
    ),
    Kept(
        what=_("Names on certificates given to people who did not sign up"),
        whose=_("people who took part without signing up"),
        why=_("To print and correct the certificate."),
        seen_by=_("coordinators, and the tutors of the course for a while"),
        until=lambda: (
            gettext("The name is deleted after %(days)s.")
            % {"days": after_days(settings.CERTIFICATE_NAME_DAYS)}
        ),
        columns={"certificates.Certificate": ("name",)},
        purge=services.purge_old_names,
        is_told=True,
    ),
    Kept(
        what=_("What people thought of a course"),
        whose=_("people who took part"),
        why=_("To make the next courses better, and to tell the owners in numbers."),
        seen_by=_("coordinators, and the tutors of the course"),
        until=lambda: (
            gettext(
                "Nobody can see who has answered, and answers are kept in no order. Where fewer "
                "than %(number)s have answered, they are deleted after %(days)s. Numbers stay."
            )
            % {
                "number": settings.FEEDBACK_SHOWN_FROM,
                "days": after_days(settings.FEEDBACK_DAYS + settings.FEEDBACK_PAPER_DAYS),
            }
        ),
        columns={"certificates.Feedback": ("answered", "counts")},
        purge=services.close_feedback,
        is_told=True,
    ),
    Kept(
        what=_("What people wrote about a course in their own words"),
        whose=_("people who took part"),
        why=_("To make the next courses better."),
        seen_by=_("coordinators, and the tutors of the course"),
        until=lambda: (
            gettext("Deleted after %(days)s. A coordinator takes out what names a third person.")
            % {"days": after_days(settings.FEEDBACK_WORDS_DAYS)}
        ),
        columns={"certificates.Feedback": ("words",)},
        purge=services.purge_feedback_words,
        is_told=True,
    ),
    Kept(
        what=_("That you would like to help make courses"),
        whose=_("anybody who offers it"),
        why=_("To ring or write to you about it."),
        seen_by=COORDINATORS,
        until=lambda: (
            gettext("Deleted %(done)s after we have spoken, and otherwise after %(days)s.")
            % {
                "done": after_days(settings.DEVELOPER_OFFER_DONE_DAYS),
                "days": after_days(settings.DEVELOPER_OFFER_DAYS),
            }
        ),
        columns={"certificates.DeveloperOffer": ("name", "contact", "language")},
        purge=services.purge_offers,
        is_told=True,
    ),
]
