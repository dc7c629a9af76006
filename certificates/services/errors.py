"""Why a verb refused. Views turn these into words."""

from courses.models import CourseSession


class CertificateError(Exception):
    """A verb of `certificates.services` refused; nothing was changed."""


class SessionCodeClosed(CertificateError):
    """The session's code is not open yet, has closed, or the session was cancelled."""


class NotCounted(CertificateError):
    """The tutor has not written yet how many are there."""


class NothingLeft(CertificateError):
    """As many certificates are given as the tutor counted people."""


class SessionNotHeld(CertificateError):
    """A list of names is about sessions of its run that have begun, and about one at least."""


class MoreThanCounted(CertificateError):
    """The list of names goes beyond what the tutor counted (`headcount`)."""

    def __init__(self, headcount: int) -> None:
        super().__init__(str(headcount))
        self.headcount = headcount


class Withdrawn(CertificateError):
    """It was withdrawn: nothing takes its place."""


class Replaced(CertificateError):
    """A newer certificate has taken its place."""


class NameForgotten(CertificateError):
    """The name is gone for good; only checking is left."""


class NotHereAnyLonger(CertificateError):
    """The register marks the student in no session: there is nothing to tell."""


class OtherKey(CertificateError):
    """The certificates of this database are proved by another key than CERTIFICATE_KEY."""

    def __str__(self) -> str:
        return (
            "CERTIFICATE_KEY is not the key that proves the certificates in this database. Set the "
            "one it was first started with, or run manage.py change_certificate_key, which says "
            "what a new one means."
        )


class NotInThisRun(CertificateError):
    """The student, session or mark does not belong to the run."""


class SessionNotBegun(CertificateError):
    """The session has not begun and does not begin today, or was cancelled before it began."""


class SessionIsMarked(CertificateError):
    """Somebody took part in these `sessions`, or was expected and did not come: they were held."""

    def __init__(self, sessions: list[CourseSession]) -> None:
        super().__init__(len(sessions))
        self.sessions = sessions


class AlreadyOnList(CertificateError):
    """Somebody with this name is on the run's list (`student`)."""

    def __init__(self, student: object) -> None:
        super().__init__()
        self.student = student


class FeedbackClosed(CertificateError):
    """The run is not asked about yet, or not any more."""


class NothingAnswered(CertificateError):
    """No question has an answer, and nothing is written."""
