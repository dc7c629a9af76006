"""What people thought of courses that are over, and one who would like to help make some."""

import random
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from certificates import services
from courses.models import CourseRun

ANSWERS = 7
WORDS = [
    "Godt å være på et sted der ingen spør hvorfor du er der.",
    "Mer tid til å prate i pausene, takk.",
    "Jeg turte å si noe den tredje gangen. Det hadde jeg ikke trodd.",
    "Fint at de to som holdt kurset, var så forskjellige.",
    "Rommet var litt kaldt.",
]


def answer_past(*, chance: random.Random) -> None:
    """Of courses that are over for long enough, seven people said what they thought."""
    shown_after = timedelta(days=settings.FEEDBACK_DAYS + settings.FEEDBACK_PAPER_DAYS)
    before = timezone.now() - shown_after
    runs = CourseRun.objects.published().filter(entry=CourseRun.Entry.SIGN_UP).with_programme()
    for run in runs.order_by("pk"):
        ends_at = run.ends_at
        if ends_at is None or ends_at >= before:
            continue
        feedback = services.make_feedback(run=run, now=ends_at)
        for number in range(ANSWERS):
            steps = [chance.choice([2, 3, 3, 4, 4, 4]) for _each in range(5)]
            words = WORDS[number] if number < len(WORDS) else ""
            services.answer(feedback=feedback, steps=steps, words=words, now=ends_at)
    services.close_feedback(now=timezone.now())


def ask_lately(*, now: datetime) -> None:
    """Whoever was on a course that has just ended was asked this night."""
    services.ask_for_feedback(now=now.replace(hour=3))


def offer_to_develop() -> None:
    services.offer_to_develop(
        name="Villig Medlager",
        contact="villig.medlager@example.org",
        language="nb",
        now=timezone.now() - timedelta(days=2),
    )
