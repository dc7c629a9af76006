"""What a letter tells, by which way it goes, and what becomes of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from enrolment.models.students import Student


class LetterKind(models.TextChoices):
    PLACE = "place", _("place")
    WAITING = "waiting", _("waiting list")
    PROMOTED = "promoted", _("place from the waiting list")
    WITHDRAWN = "withdrawn", _("withdrawal")
    COMPANION = "companion", _("companion's seat given up")
    CHANGED = "changed", _("changed time or venue")
    CANCELLED = "cancelled", _("cancelled")
    # To tutors alone, who are told of what is changed or cancelled as well.
    ASSIGNED = "assigned", _("tutor on the run")
    UNASSIGNED = "unassigned", _("no longer tutor on the run")
    REMINDER = "reminder", _("reminder to a tutor")
    LINK = "link", _("my page")
    # To the student, at an address of its own: the one to be confirmed, and the one of before.
    NEW_EMAIL = "new_email", _("confirmation of a new e-mail address")
    CONTACT = "contact", _("contact corrected on my page")
    MESSAGE = "message", _("message")
    # Of a session, to whoever has a place.
    COMING = "coming", _("reminder")
    # To whoever was absent from a session, once.
    MISSED = "missed", _("after an absence")
    # To whoever took part, about the run.
    CERTIFICATE = "certificate", _("certificate")
    # To whoever had a place, after the last session.
    FEEDBACK = "feedback", _("what did you think?")
    # To whoever asked to be told when a course is held again.
    INTEREST = "interest", _("the course is held again")
    # To whoever has not taken part for so long that they are erased soon.
    ERASURE = "erasure", _("erased soon")
    # To staff, about their sign-in.
    CODE = "code", _("sign-in code")
    INVITED = "invited", _("invitation to staff")
    PASSWORD = "password", _("choosing a new password")
    SIGN_IN = "sign_in", _("the sign-in has changed")


class LetterChannel(models.TextChoices):
    """The channels of students, and what goes beside them."""

    EMAIL = Student.Channel.EMAIL.value, _("e-mail")
    PHONE = Student.Channel.PHONE.value, _("phone call")
    PAPER = Student.Channel.PAPER.value, _("paper letter")
    NONE = Student.Channel.NONE.value, _("cannot be reached")
    SMS = "sms", _("SMS")


class LetterOutcome(models.TextChoices):
    """How staff dealt with a letter by phone or on paper."""

    REACHED = "reached", _("told")
    POSTED = "posted", _("posted")
    UNREACHED = "unreached", _("not reached")


class OvertakenBy(models.TextChoices):
    """Why a letter is not sent: newer news, or that it does not hold any more."""

    PLACE = "place", _("news of a place")
    WAITING = "waiting", _("news of the waiting list")
    WITHDRAWN = "withdrawn", _("the withdrawal")
    CANCELLED = "cancelled", _("the cancellation")
    UNASSIGNED = "unassigned", _("no longer tutor on the run")
    MOVED = "moved", _("the session was moved, cancelled or given to another tutor")
    NOTHING_LEFT = "nothing_left", _("changed back before it was told")
    OVER = "over", _("the run is over")
    FOLDED = "folded", _("said in another letter")
    KEPT = "kept", _("the student stays")
    SWITCHED_OFF = "switched_off", _("such letters are switched off")
