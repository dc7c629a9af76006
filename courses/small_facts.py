"""Short texts of several tables that public pages read in one query, and the college."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import models
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Cast

from courses.columns import (
    COLLEGE,
    IDEA,
    OPPORTUNITY,
    Row,
)
from courses.models import (
    College,
    Course,
    Idea,
    Opportunity,
    Partner,
    TutorAssignment,
)
from courses.norwegian.sorting import sort_key

HANDED_OVER = Q(substitutions__is_hand_over=True, substitutions__session__cancelled_at=None)


@dataclass
class SmallFacts:
    """Short texts that belong to a page's runs and courses, and the college."""

    college: College = field(default_factory=College)
    tutors: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    topics: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    partners: list[str] = field(default_factory=list)
    # Of a course's page.
    ideas: list[Idea] = field(default_factory=list)
    opportunities: list[Opportunity] = field(default_factory=list)
    began_as_idea: bool = False


def built_once(build: Callable[[], QuerySet[Any, Any]]) -> Callable[[], QuerySet[Any, Any]]:
    """The query set that `build` describes, unread each time; describing it anew costs more."""
    described = cache(build)
    return lambda: described().all()


@built_once
def _college_row() -> QuerySet[Any, Any]:
    return _rows(College.objects, "college", "id", COLLEGE.as_text())


@built_once
def _tutor_rows() -> QuerySet[Any, Any]:
    return _rows(TutorAssignment.objects, "tutor", "run_id", F("tutor__name"))


@built_once
def _successor_rows() -> QuerySet[Any, Any]:
    handed_over = TutorAssignment.objects.filter(HANDED_OVER)
    return _rows(handed_over, "tutor", "run_id", F("substitutions__tutor__name")).distinct()


@built_once
def _topic_rows() -> QuerySet[Any, Any]:
    return _rows(Course.topics.through.objects, "topic", "course_id", F("topic__name"))


@built_once
def _partner_rows() -> QuerySet[Any, Any]:
    return _rows(Partner.objects, "partner", "id", F("name"))


@built_once
def _origin_rows() -> QuerySet[Any, Any]:
    return _rows(Idea.objects, "origin", "course_id", Value("", models.TextField()))


@built_once
def _idea_rows() -> QuerySet[Any, Any]:
    return _rows(Idea.objects.to_talk_about(), "idea", "id", IDEA.as_text())


@built_once
def _opportunity_rows() -> QuerySet[Any, Any]:
    return _rows(Opportunity.objects, "opportunity", "id", OPPORTUNITY.as_text())


def _rows(rows: Any, kind: str, key: str, text: Any) -> QuerySet[Any, Any]:
    """The rows as (kind, key, text), so that several tables answer in one query."""
    found: QuerySet[Any, Any] = rows.order_by().values_list(
        Value(kind, models.TextField()),
        Cast(F(key), models.BigIntegerField()),
        Cast(text, models.TextField()),
    )
    return found


def small_fact_rows(
    *,
    assignments: Q | None = None,
    topics: Q | None = None,
    partners: bool = False,
    course_slug: str = "",
) -> list[Row]:
    """The college, and the names of tutors and topics that these filters find. One query.

    With a course's slug, also what its own page tells beside it: whether it began as an idea, its
    opportunities, and the ideas to talk about where it is a planning workshop.
    """
    parts = []
    if assignments is not None:
        parts.append(_tutor_rows().filter(assignments))
        parts.append(_successor_rows().filter(assignments))
    if topics is not None:
        parts.append(_topic_rows().filter(topics))
    if partners:
        parts.append(_partner_rows())
    if course_slug:
        workshop = Course.objects.filter(slug=course_slug, lists_ideas=True)
        parts.append(_origin_rows().filter(course__slug=course_slug))
        parts.append(_opportunity_rows().filter(courses__slug=course_slug))
        parts.append(_idea_rows().filter(models.Exists(workshop)))
    return list(_college_row().union(*parts, all=True))


def small_facts(rows: Iterable[Row]) -> SmallFacts:
    """The rows by what they belong to, names in their order. No query."""
    facts = SmallFacts()
    for kind, key, text in rows:
        if kind == "college":
            facts.college = COLLEGE.instance_of(text)
        elif kind == "tutor":
            if text not in facts.tutors[key]:
                facts.tutors[key].append(text)
        elif kind == "topic":
            facts.topics[key].append(text)
        elif kind == "origin":
            facts.began_as_idea = True
        elif kind == "idea":
            facts.ideas.append(IDEA.instance_of(text))
        elif kind == "opportunity":
            facts.opportunities.append(OPPORTUNITY.instance_of(text))
        else:
            facts.partners.append(text)
    for names in (*facts.tutors.values(), *facts.topics.values(), facts.partners):
        names.sort(key=sort_key)
    facts.ideas.sort(key=lambda each: each.pk)
    facts.opportunities.sort(key=lambda each: sort_key(each.name))
    return facts
