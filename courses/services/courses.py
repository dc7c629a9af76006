"""Courses and the pair that developed them."""

from courses.models import Course


def slug_is_frozen(course: Course) -> bool:
    """Whether the course's address may stand on a poster somewhere."""
    return course.runs.filter(published_at__isnull=False).exists()
