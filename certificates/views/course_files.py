"""What a course's tutors share: a file goes to them alone, and no browser shows it in a page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from certificates.access import course_files_open_to, for_tutors
from courses.files import kind_of


@for_tutors
@require_safe
def course_file(request: HttpRequest, file_id: int) -> HttpResponse:
    """The file under its own name. 404 for strangers, and for a link, which has no content here."""
    found = course_files_open_to(request.user).defer(None).exclude(file_name="")
    file = get_object_or_404(found, pk=file_id)
    kind = kind_of(file.file_name)
    return HttpResponse(
        bytes(file.content or b""),
        headers={
            "Content-Type": kind.content_type if kind else "application/octet-stream",
            # Also a picture or a PDF: nothing of it runs as a page of ours.
            "Content-Disposition": content_disposition_header(True, file.file_name) or "attachment",
        },
    )
