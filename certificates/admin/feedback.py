"""The questions of the feedback, in the college's own words; and a course over its semesters."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language, gettext

from certificates import services
from certificates.feedback_results import compare
from certificates.models import STEPS, WORDING_LENGTH, WORDINGS
from courses.models import Course
from enrolment.admin.run_pages import page


class FeedbackWordingsForm(forms.Form):
    """Each question in each language of the site; emptied, it is the one to begin with again."""

    def __init__(self, *args: Any, wordings: dict[str, list[str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages = list(wordings)
        for number in range(WORDINGS):
            for language, texts in wordings.items():
                self.fields[f"{language}-{number + 1}"] = forms.CharField(
                    label=dict(settings.LANGUAGES)[language],
                    initial=texts[number],
                    required=False,
                    max_length=WORDING_LENGTH,
                    widget=forms.TextInput(attrs={"class": "vTextField", "lang": language}),
                )

    @property
    def questions(self) -> Iterator[tuple[int, list[forms.BoundField]]]:
        """By number, the fields of its languages; the last is answered in one's own words."""
        for number in range(1, WORDINGS + 1):
            yield number, [self[f"{language}-{number}"] for language in self.languages]

    @property
    def wordings(self) -> dict[str, list[str]]:
        return {
            language: [self.cleaned_data[f"{language}-{each + 1}"] for each in range(WORDINGS)]
            for language in self.languages
        }


@permission_required("courses.change_college", raise_exception=True)
def wordings(request: HttpRequest) -> HttpResponse:
    form = FeedbackWordingsForm(request.POST or None, wordings=services.current_wordings())
    if request.method == "POST" and form.is_valid():
        services.save_wordings(wordings=form.wordings)
        messages.success(request, gettext("Saved. Courses that have their address keep theirs."))
        return redirect("admin:feedback_wordings")
    return page(
        request,
        "admin/feedback_wordings.html",
        gettext("Questions after a course"),
        form=form,
        steps=STEPS,
        button=gettext("Save"),
        back_url=reverse("admin:courses_college_changelist"),
    )


@permission_required("courses.change_course", raise_exception=True)
def course_feedback(request: HttpRequest, course_id: int) -> HttpResponse:
    """What people thought of the course, its runs side by side."""
    course = get_object_or_404(Course, pk=course_id)
    return page(
        request,
        "admin/course_feedback.html",
        gettext("Feedback"),
        subtitle=str(course),
        course=course,
        compared=compare(course, get_language() or settings.LANGUAGE_CODE),
        most=len(STEPS),
        days=settings.FEEDBACK_DAYS + settings.FEEDBACK_PAPER_DAYS,
        fewest=settings.FEEDBACK_SHOWN_FROM,
    )


def urls(site: admin.AdminSite) -> list[URLPattern]:
    return [
        path("courses/college/feedback/", site.admin_view(wordings), name="feedback_wordings"),
        path(
            "courses/course/<int:course_id>/feedback/",
            site.admin_view(course_feedback),
            name="course_feedback",
        ),
    ]
