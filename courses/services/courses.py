"""Courses and the pair that developed them."""

from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Course, CourseDeveloper, CourseFile, Opportunity, Topic
from courses.services.publishing import check_pairs, lock_course_with_runs


def slug_is_frozen(course: Course) -> bool:
    """Whether the course's address may stand on a poster somewhere."""
    return course.runs.filter(published_at__isnull=False).exists()


@transaction.atomic
def save_course(
    *,
    course: Course,
    topics: Iterable[Topic] | None = None,
    opportunities: Iterable[Opportunity] | None = None,
    developers: Collection[CourseDeveloper] = (),
    removed: Collection[CourseDeveloper] = (),
    files: Collection[CourseFile] = (),
    removed_files: Collection[CourseFile] = (),
) -> None:
    """Save a course, new or changed, with the developers and files that are new, changed or taken
    away.

    Those of either that are not named stay as they are, and so do topics and
    opportunities where None.
    Locks the runs of the course, then the course: nobody publishes one while its pair changes.

    Raises PairIncomplete where a published run would be left without a pair, ValidationError where
    a rule is broken, also where the address of a published course would be another.
    """
    if course.pk:
        lock_course_with_runs(course.pk)
        is_moved = not Course.objects.filter(pk=course.pk, slug=course.slug).exists()
        if is_moved and slug_is_frozen(course):
            raise ValidationError(_("The address is fixed: the course has been published."))
    course.full_clean()
    course.save()
    if topics is not None:
        course.topics.set(topics)
    if opportunities is not None:
        course.opportunities.set(opportunities)
    # Two developers may take over each other's row: all that changes is taken out first.
    changing = [each.pk for each in (*developers, *removed) if each.pk]
    course.coursedeveloper_set.filter(pk__in=changing).delete()
    for each in developers:
        each.course = course
        each.full_clean()
        each.save(force_insert=True)
    for file in removed_files:
        file.delete()
    for file in files:
        file.course = course
        # The content is not sent to the database only to be looked at.
        file.full_clean(exclude={"content"})
        file.save()
    check_pairs(course=course)
