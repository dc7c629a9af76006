"""Ideas for courses: proposed by anybody, moved on, counted, merged and shown by staff."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import Course, Idea
from courses.web import throttle
from courses.web.throttle import RateLimit


def count_idea(*, network: str) -> bool:
    """Count one idea from the web; whether it is one too many. One statement."""
    return throttle.goes_beyond(RateLimit(what="idea", who=network, most=settings.IDEAS_PER_HOUR))


@transaction.atomic
def propose_idea(*, text: str, language: str, now: datetime | None = None) -> None:
    """Keep an idea that somebody sent. It is shown to nobody but staff.

    Sent twice, it is kept once as long as it is new. Raises ValidationError where it holds a
    national identity number.
    """
    today = timezone.localdate(now)
    idea = Idea(text=text, language=language, proposed_on=today, moved_on=today)
    idea.full_clean()
    if not Idea.objects.new().filter(text=text).exists():
        idea.save()


@transaction.atomic
def add_ideas(
    *, texts: Sequence[str], language: str, is_shown: bool, now: datetime | None = None
) -> int:
    """Keep what stood on paper, an idea for each text; returns how many. Raises ValidationError."""
    today = timezone.localdate(now)
    ideas = [
        Idea(text=text, language=language, is_shown=is_shown, proposed_on=today, moved_on=today)
        for text in texts
    ]
    for each in ideas:
        each.full_clean()
    Idea.objects.bulk_create(ideas)
    return len(ideas)


@transaction.atomic
def save_idea(*, idea: Idea, now: datetime | None = None) -> None:
    """Save what staff wrote on an idea's own page. Raises ValidationError."""
    stored = Idea.objects.select_for_update(of=("self",)).get(pk=idea.pk)
    if stored.state != idea.state:
        idea.moved_on = timezone.localdate(now)
    idea.full_clean()
    idea.save()


@transaction.atomic
def move_idea(*, idea_id: int, state: str, now: datetime | None = None) -> Idea:
    """Put an idea into another state; twice is once. It is no course's any more.

    Raises Idea.DoesNotExist, and ValidationError where it would have become a course without one:
    that is `link_idea`.
    """
    idea = Idea.objects.select_for_update(of=("self",)).get(pk=idea_id)
    idea.move(state, timezone.localdate(now))
    idea.full_clean()
    idea.save(update_fields=["state", "moved_on", "course"])
    return idea


@transaction.atomic
def link_idea(*, idea_id: int, course: Course, now: datetime | None = None) -> Idea:
    """Write down which course an idea became. Raises Idea.DoesNotExist."""
    idea = Idea.objects.select_for_update(of=("self",)).get(pk=idea_id)
    idea.move(Idea.State.BECAME_COURSE, timezone.localdate(now))
    idea.course = course
    idea.save(update_fields=["state", "moved_on", "course"])
    return idea


def show_ideas(*, ids: Collection[int], is_shown: bool) -> int:
    """Let anybody read these ideas, or nobody but staff; returns how many. One statement."""
    return Idea.objects.filter(pk__in=ids).exclude(is_shown=is_shown).update(is_shown=is_shown)


@transaction.atomic
def count_votes(*, votes: Mapping[int, int]) -> int:
    """Write down the votes of these ideas, by their keys; returns of how many they were others."""
    found = list(Idea.objects.select_for_update(of=("self",)).filter(pk__in=votes).order_by("pk"))
    changed = [each for each in found if each.votes != votes[each.pk]]
    for each in changed:
        each.votes = votes[each.pk]
        each.clean_fields(exclude=["text", "other_words", "course"])
    Idea.objects.bulk_update(changed, ["votes"])
    return len(changed)


@transaction.atomic
def merge_ideas(*, kept_id: int, ids: Collection[int]) -> Idea:
    """Make these ideas one: that which is kept, with the words and the votes of them all.

    It stays as it is otherwise, and shows no more than before. Raises Idea.DoesNotExist where it is
    gone, and ValidationError where there is nothing to merge, or another one became a course.
    """
    found = {
        each.pk: each
        for each in Idea.objects.select_for_update(of=("self",))
        .filter(pk__in={kept_id, *ids})
        .order_by("pk")
    }
    if kept_id not in found:
        raise Idea.DoesNotExist
    kept = found.pop(kept_id)
    if not found:
        raise ValidationError(_("Tick several ideas first."))
    if any(each.course_id for each in found.values()):
        raise ValidationError(_("An idea that became a course can only be the one that stays."))
    words = [kept.other_words]
    for each in found.values():
        words += [each.text, each.other_words]
    kept.other_words = "\n\n".join(filter(None, words))
    kept.votes += sum(each.votes for each in found.values())
    kept.full_clean()
    kept.save(update_fields=["other_words", "votes"])
    Idea.objects.filter(pk__in=found).delete()
    return kept


@transaction.atomic
def purge_ideas(*, now: datetime, dry_run: bool = False) -> int:
    """Delete what became no course: after `IDEA_NOT_NOW_DAYS` where the answer was not now, else
    `IDEA_DAYS` after it was last moved.
    """
    today = timezone.localdate(now)
    not_now = Idea.objects.filter(
        state=Idea.State.NOT_NOW, moved_on__lt=today - timedelta(days=settings.IDEA_NOT_NOW_DAYS)
    )
    left = Idea.objects.exclude(state=Idea.State.BECAME_COURSE, course__isnull=False).filter(
        moved_on__lt=today - timedelta(days=settings.IDEA_DAYS)
    )
    old = not_now | left
    return old.count() if dry_run else old.delete()[0]
