"""What is new, for programs that look: a feed of published runs, and a map of the site."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_view
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from courses import queries
from courses.models import College, Course, CourseRun, Opportunity, Page, Semester
from courses.norwegian import formatting
from courses.web.public_pages import public_page

if TYPE_CHECKING:
    RunFeed = Feed[CourseRun, None]
    PagesBase = Sitemap[str]
    CoursesBase = Sitemap[Course]
    SemestersBase = Sitemap[Semester]
    WrittenBase = Sitemap[Page]
else:
    RunFeed, PagesBase, CoursesBase, SemestersBase = Feed, Sitemap, Sitemap, Sitemap
    WrittenBase = Sitemap

RUNS_IN_FEED = 30


class NewRuns(RunFeed):
    """The runs that were published last. What is cancelled or hidden again is no news."""

    def title(self) -> str:
        return College.objects.current().name or gettext("Courses")

    # Whole addresses of the site that students use, whatever host a proxy asks by.
    def link(self) -> str:
        return settings.SITE_URL + reverse("catalogue")

    def feed_url(self) -> str:
        return settings.SITE_URL + reverse("new_runs")

    def description(self) -> str:
        return gettext("New courses at the school")

    def items(self) -> list[CourseRun]:
        runs = CourseRun.objects.public().published().with_programme()
        return list(runs.order_by("-published_at", "-pk")[:RUNS_IN_FEED])

    def item_title(self, item: CourseRun) -> str:
        day = formatting.day(item.starts_at) if item.starts_at else ""
        return ", ".join(filter(None, (item.course.title, day)))

    def item_description(self, item: CourseRun) -> str:
        return item.course.summary

    def item_link(self, item: CourseRun) -> str:
        return f"{settings.SITE_URL}{item.course.get_absolute_url()}#run-{item.pk}"

    def item_pubdate(self, item: CourseRun) -> datetime | None:
        return item.published_at


class Pages(PagesBase):
    i18n = alternates = True

    def items(self) -> list[str]:
        pages = ["front_page", "catalogue", "privacy", "accessibility"]
        return [*pages, "opportunities"] if Opportunity.objects.exists() else pages

    def location(self, item: str) -> str:
        return reverse(item)


class Courses(CoursesBase):
    i18n = alternates = True

    def items(self) -> list[Course]:
        return list(queries.public_courses().order_by("pk"))


class Semesters(SemestersBase):
    i18n = alternates = True

    def items(self) -> list[Semester]:
        return queries.public_semesters()

    def location(self, item: Semester) -> str:
        return reverse("semester", args=[item.slug])


class WrittenPages(WrittenBase):
    """Not the stories: what search engines keep of those, nobody could withdraw."""

    i18n = alternates = True

    def items(self) -> list[Page]:
        return list(Page.objects.pages().only("slug").order_by("pk"))


SITEMAPS: "dict[str, type[Sitemap[Any]] | Sitemap[Any]]" = {
    "pages": Pages,
    "courses": Courses,
    "semesters": Semesters,
    "written_pages": WrittenPages,
}

new_runs = require_safe(public_page(NewRuns()))


@require_safe
@public_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """The pages that search engines are shown, in each language."""
    drawn = sitemap_view(request, SITEMAPS).render()
    return HttpResponse(drawn.content, content_type="application/xml")
