"""What people thought of a run, once it is closed; see `Feedback.shown` for which runs have any."""

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Subquery, Value
from django.utils.functional import Promise

from certificates.models import QUESTIONS, STEPS, DeveloperOffer, Feedback
from courses.models import Course, CourseRun


@dataclass(frozen=True)
class Step:
    """A word of the scale, and how many chose it."""

    words: Promise
    number: int
    share: int  # per cent


@dataclass(frozen=True)
class Question:
    """How a question was answered; nothing where fewer than `FEEDBACK_SHOWN_FROM` people did."""

    words: str
    steps: list[Step]  # from the most to the least
    mean: float | None  # from 1 to the number of steps

    @property
    def is_shown(self) -> bool:
        return self.mean is not None


@dataclass(frozen=True)
class Results:
    """Of one run: what may be shown."""

    run: CourseRun
    answered: int
    questions: list[Question]
    words: list[str]


@dataclass(frozen=True)
class Means:
    """Of one run, for reports: how many answered, and the mean of each question, from 1 to 4; None
    where too few answered it.
    """

    answered: int
    questions: list[str]
    means: list[float | None]


@dataclass(frozen=True)
class Compared:
    """A question that several runs of a course were asked in the same words."""

    words: str
    rows: list[tuple[Results, Question]]


def results_of(feedback: Feedback, language: str) -> Results | None:
    """What may be shown of the run's feedback; None while it is open, and where too few answered.

    No query.
    """
    if feedback.closed_at is None or feedback.answered < settings.FEEDBACK_SHOWN_FROM:
        return None
    wordings = feedback.wordings_in(language)[:QUESTIONS]
    questions = [
        _question(words, counts) for words, counts in zip(wordings, feedback.counts, strict=True)
    ]
    return Results(feedback.run, feedback.answered, questions, list(feedback.words))


def feedback_means(
    runs: Collection[int], language: str = settings.LANGUAGE_CODE
) -> dict[int, Means]:
    """Of the runs with these keys, by key, the means of their feedback; without those of which
    nothing is shown: open still, or answered by fewer than `FEEDBACK_SHOWN_FROM` people. One query.
    """
    found = Feedback.objects.shown().filter(run__in=runs)
    results = [results for each in found if (results := results_of(each, language)) is not None]
    return {
        each.run.pk: Means(
            each.answered,
            [question.words for question in each.questions],
            [question.mean for question in each.questions],
        )
        for each in results
    }


def compare(course: Course, language: str) -> list[Compared]:
    """The course's runs side by side, the newest first, for each question in the words in which it
    was asked: those of the newest run first. Two queries.
    """
    found = Feedback.objects.shown().filter(run__course=course).prefetch_related("run__sessions")
    newest_first = sorted(found, key=lambda each: (each.run.semester.starts_on, each.run_id))
    by_words: dict[str, list[tuple[Results, Question]]] = {}
    for each in reversed(newest_first):
        results = results_of(each, language)
        if results is None:
            continue
        for question in results.questions:
            by_words.setdefault(question.words, []).append((results, question))
    return [Compared(words, rows) for words, rows in by_words.items()]


def offers_waiting() -> Subquery:
    """How many people who would like to help make courses nobody has spoken with yet; None without
    any. For a query of something else.
    """
    waiting = DeveloperOffer.objects.waiting().order_by().annotate(all=Value(1)).values("all")
    return Subquery(waiting.annotate(number=Count("pk")).values("number"))


def _question(words: str, counts: list[int]) -> Question:
    total = sum(counts)
    if total < settings.FEEDBACK_SHOWN_FROM:
        return Question(words, [], None)
    steps = [
        Step(step, number, round(100 * number / total))
        for step, number in zip(STEPS, counts, strict=True)
    ]
    mean = sum(step * number for step, number in enumerate(counts, start=1)) / total
    return Question(words, steps[::-1], mean)
