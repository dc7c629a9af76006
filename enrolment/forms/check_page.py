"""What the check page showed, signed into its form so that the answer can be trusted."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.utils import timezone

from courses.models import College, CourseRun, NoticeVersion
from enrolment.forms.optional_questions import NOTHING_ASKED, OptionalQuestions

SALT = "enrolment.check_page"


@dataclass(frozen=True, kw_only=True)
class CheckPage:
    """One check page: for which run, with which notice, when, and the id of its submission.

    With what was asked, so that the answers can be read without the college.
    """

    run_id: int
    slug: str
    notice_id: int | None
    needs_consent: bool
    submission: uuid.UUID
    at: datetime
    questions: OptionalQuestions = NOTHING_ASKED

    @classmethod
    def now(
        cls, run: CourseRun, college: College, notice_id: int | None, questions: OptionalQuestions
    ) -> "CheckPage":
        return cls(
            run_id=run.pk,
            slug=run.course.slug,
            notice_id=notice_id,
            needs_consent=college.legal_basis == College.LegalBasis.CONSENT,
            submission=uuid.uuid4(),
            at=timezone.now(),
            questions=questions,
        )

    @classmethod
    def read(cls, signed: str, *, run_id: int, slug: str) -> "CheckPage | None":
        """What was signed; None where it is forged, too old, or another run's."""
        try:
            lifetime = timedelta(hours=settings.CHECK_PAGE_HOURS)
            values = signing.loads(signed, salt=SALT, max_age=lifetime)
        except signing.BadSignature:
            return None
        municipalities, offers_news = values.pop("asked", ((), False))
        shown = cls(
            **values
            | {
                "submission": uuid.UUID(values["submission"]),
                "at": datetime.fromisoformat(values["at"]),
                "questions": OptionalQuestions(tuple(municipalities), offers_news),
            }
        )
        return shown if (shown.run_id, shown.slug) == (run_id, slug) else None

    def submission_of(self, who: str) -> uuid.UUID:
        """The id of what this person sends from the page: somebody else's is another one."""
        return uuid.uuid5(self.submission, who)

    @property
    def signed(self) -> str:
        return signing.dumps(
            {
                "run_id": self.run_id,
                "slug": self.slug,
                "notice_id": self.notice_id,
                "needs_consent": self.needs_consent,
                "submission": str(self.submission),
                "at": self.at.isoformat(),
                "asked": (self.questions.municipalities, self.questions.offers_news),
            },
            salt=SALT,
        )

    @property
    def notice(self) -> NoticeVersion | None:
        """The version shown, known by its key alone: versions are never deleted."""
        return NoticeVersion(pk=self.notice_id) if self.notice_id else None
