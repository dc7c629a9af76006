"""Pages that the college has written itself, digital stories, and the files that go with them."""

from collections.abc import Callable
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.views.decorators.http import conditional_page, require_safe

from courses import markdown
from courses.files import kind_of
from courses.models import Page, PageFile
from courses.web.public_pages import KEPT_FOR, public_page

# Drawn for each who opens it and, compressed, kept here as short as elsewhere: of a story that was
# withdrawn nothing is left in a minute.
written_page = partial(public_page, drawn_for=KEPT_FOR)


def public_address(file: PageFile) -> str:
    return reverse("page_file", args=[file.pk])


def context_of(page: Page, address: Callable[[PageFile], str]) -> dict[str, object]:
    """What the page's template shows, with its files at these addresses. One query."""
    files = list(page.files.all())
    text, language = page.text
    written = markdown.as_html(text, {each.file_name: address(each) for each in files})
    return {
        "page": page,
        "section": page.get_absolute_url(),
        "html": written.html,
        "text_language": language,
        "files": [(each, address(each)) for each in files if each.file_name not in written.files],
    }


@require_safe
@written_page
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """A published page. What is a draft or withdrawn is not found, as if it had never been."""
    found = get_object_or_404(Page.objects.published(), slug=slug)
    return render(request, "courses/page.html", context_of(found, public_address))


@require_safe
@written_page
def stories(request: HttpRequest) -> HttpResponse:
    """The digital stories, by title and who tells. Not found as long as there is none."""
    found = list(Page.objects.stories().defer("texts"))
    if not found:
        raise Http404
    return render(request, "courses/stories.html", {"stories": found})


@require_safe
@conditional_page
def page_file(request: HttpRequest, file_id: int) -> HttpResponse:
    """A file of a published page under its own name; as long as the page, caches keep it."""
    found = PageFile.objects.defer(None).filter(page__in=Page.objects.published())
    response = answer_with(get_object_or_404(found.select_related("page"), pk=file_id))
    patch_cache_control(response, public=True, max_age=KEPT_FOR)
    return response


def answer_with(file: PageFile) -> HttpResponse:
    """The file, to be saved: nothing of it runs as a page of ours. Pages show pictures anyway."""
    kind = kind_of(file.file_name)
    response = HttpResponse(
        bytes(file.content),
        headers={
            "Content-Type": kind.content_type if kind else "application/octet-stream",
            "Content-Disposition": content_disposition_header(True, file.file_name) or "attachment",
        },
    )
    if file.page.is_story:
        response.headers["X-Robots-Tag"] = "noindex"
    return response
