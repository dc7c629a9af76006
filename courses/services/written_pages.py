"""Pages that the college writes itself, and digital stories with the yes of whoever tells."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import Page, PageFile
from courses.models.written_pages import faults_in


@transaction.atomic
def save_page(
    *,
    page: Page,
    files: Collection[PageFile] = (),
    removed_files: Collection[PageFile] = (),
) -> None:
    """Save a page, new or changed, with the files that are new, changed or taken away; others stay.

    A story that was withdrawn is one again with a new yes, of the day when it was withdrawn or
    later. Raises ValidationError where a rule is broken, also where the address of a published page
    would be another, or a page would become a story.
    """
    stored = Page.objects.select_for_update().order_by().filter(pk=page.pk).first()
    if stored is not None:
        _check_unchanged(stored, page)
        if page.consent_on and page.withdrawn_on and page.consent_on != stored.consent_on:
            is_later = page.consent_on >= page.withdrawn_on
            page.withdrawn_on = None if is_later else page.withdrawn_on
    faults = faults_in(titles=page.titles, texts=page.texts, is_published=page.is_published)
    if faults:
        raise ValidationError(list(dict.fromkeys(faults.values())))
    page.full_clean()
    page.save()
    for file in removed_files:
        file.delete()
    for file in files:
        file.page = page
        # The content is not sent to the database only to be looked at.
        file.full_clean(exclude={"content"})
        file.save()


def _check_unchanged(stored: Page, page: Page) -> None:
    if stored.kind != page.kind:
        raise ValidationError(_("A page stays a page, and a story a story: write a new one."))
    if stored.is_published and stored.slug != page.slug:
        raise ValidationError(_("The address is fixed while the page is published."))


@transaction.atomic
def withdraw_story(*, page_id: int, now: datetime | None = None) -> Page:
    """Whoever told the story wants it back: from now on nobody can read it, or open its files.

    Twice is once. Raises Page.DoesNotExist, also for a page that is no story.
    """
    stories = Page.objects.select_for_update().order_by().filter(kind=Page.Kind.STORY)
    story = stories.get(pk=page_id)
    story.is_published = False
    story.withdrawn_on = story.withdrawn_on or timezone.localdate(now)
    story.save(update_fields=["is_published", "withdrawn_on"])
    return story


@transaction.atomic
def add_pages(*, pages: Iterable[Page]) -> int:
    """Save these pages as drafts, but for those whose address there is already; returns how many
    were added.
    """
    pages = list(pages)
    there = set(Page.objects.values_list("slug", flat=True))
    added = [each for each in pages if each.slug not in there]
    for each in added:
        each.is_published = False
        save_page(page=each)
    return len(added)


@transaction.atomic
def purge_stories(*, now: datetime, dry_run: bool = False) -> int:
    """Delete stories with their files, `WITHDRAWN_STORY_DAYS` after they were withdrawn."""
    before = timezone.localdate(now) - timedelta(days=settings.WITHDRAWN_STORY_DAYS)
    old = Page.objects.filter(kind=Page.Kind.STORY, withdrawn_on__lt=before)
    number = old.count()
    if not dry_run:
        old.delete()
    return number
