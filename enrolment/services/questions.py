"""«Ask us»: a question, and that staff have answered it. The answer itself is given by phone or
e-mail, and is not kept.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from courses.models import Course
from enrolment.events import log, log_all
from enrolment.models import Question, Student
from enrolment.models.questions import QuestionQuerySet


@transaction.atomic
def ask_question(
    *, text: str, contact: str, language: str, course: Course | None, now: datetime | None = None
) -> None:
    """Keep a question until staff have answered it; `contact` as `Question` has it.

    Sent once more, it is asked once as long as nobody has answered. Nothing is locked: sent twice
    in the very same moment it may be kept twice, and staff read it twice. Raises ValidationError
    where it holds a national identity number.
    """
    asked = Question(
        text=text,
        contact=contact,
        language=language,
        course=course,
        asked_at=now or timezone.now(),
    )
    asked.full_clean()
    same = Question.objects.waiting().filter(text=text, contact=contact, course=course)
    if not same.exists():
        asked.save()


@transaction.atomic
def mark_answered(
    *, question: Question, is_answered: bool, by: Any, now: datetime | None = None
) -> Question:
    """Write down that somebody was answered, or was not after all. Twice is once.

    Raises Question.DoesNotExist where it has been deleted meanwhile.
    """
    current = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
    if bool(current.answered_at) != is_answered:
        now = now or timezone.now()
        current.answered_at = now if is_answered else None
        current.answered_by = by if is_answered else None
        current.save(update_fields=["answered_at", "answered_by"])
        log("answered" if is_answered else "not_answered", current, by=by, now=now)
    return current


def questions_of(student: Student) -> QuestionQuerySet:
    """What was asked from this person's `proved_contact`.

    A question holds no name: where several people share an address, it counts as asked by each of
    them.
    """
    return Question.objects.at(student.proved_contact)


@transaction.atomic
def purge_questions(*, now: datetime, dry_run: bool = False) -> int:
    """Delete what was answered `QUESTION_ANSWERED_DAYS` ago, and after `QUESTION_DAYS` what nobody
    has answered.
    """
    answered_before = now - timedelta(days=settings.QUESTION_ANSWERED_DAYS)
    asked_before = now - timedelta(days=settings.QUESTION_DAYS)
    old = Question.objects.filter(Q(answered_at__lt=answered_before) | Q(asked_at__lt=asked_before))
    if dry_run:
        return old.count()
    purged = list(old.only("pk"))
    log_all("purged", purged)
    Question.objects.filter(pk__in=[each.pk for each in purged]).delete()
    return len(purged)
