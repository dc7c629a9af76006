"""Courses, with how many want to be told when one is held again. Who they are is shown nowhere."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses.admin.catalogue import CourseAdmin
from courses.models import Course
from enrolment import services
from enrolment.admin.run_pages import page
from enrolment.forms.sign_up import clean_contact

admin.site.unregister(Course)


class InterestFilter(admin.SimpleListFilter):
    title = _("wants to be told")
    parameter_name = "interest"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", gettext("Somebody is waiting for it to be held again"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Course]) -> QuerySet[Course]:
        if not self.value():
            return queryset
        return queryset.filter(waiting_to_be_told__gt=0)  # type: ignore[misc]  # annotated


@admin.register(Course)
class CourseWithInterestAdmin(CourseAdmin):
    list_display = [*CourseAdmin.list_display, "to_be_told"]
    list_filter = [InterestFilter, *CourseAdmin.list_filter]
    change_form_template = "admin/courses/course/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Course]:
        waiting = Count("interests", filter=Q(interests__told_at=None))
        courses: QuerySet[Course] = super().get_queryset(request)
        return courses.annotate(waiting_to_be_told=waiting)

    @admin.display(description=_("want to be told"), ordering="waiting_to_be_told")
    def to_be_told(self, course: Course) -> int | None:
        """How many wait for it to be held again; a dash where nobody does."""
        number: int = course.waiting_to_be_told  # type: ignore[attr-defined]  # annotated
        return number or None

    def get_urls(self) -> list[URLPattern]:
        return [
            path("interest/", self.admin_site.admin_view(end_interests), name="end_interests"),
            *super().get_urls(),
        ]


class EndInterestsForm(forms.Form):
    contact = forms.CharField(label=_("e-mail address or phone number"))

    def clean_contact(self) -> str:
        return clean_contact(self.cleaned_data["contact"])


@permission_required("enrolment.change_interest", raise_exception=True)
def end_interests(request: HttpRequest) -> HttpResponse:
    """Delete what somebody wrote who rings and wants it; whatever course it was about."""
    form = EndInterestsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number = services.end_interests_at(contact=form.cleaned_data["contact"], by=request.user)
        if number:
            words = ngettext(
                "Deleted. They are told of %(count)s course less.",
                "Deleted. They are told of %(count)s courses less.",
                number,
            )
            messages.success(request, words % {"count": number})
            return redirect("admin:courses_course_changelist")
        messages.warning(
            request,
            gettext("Nobody on the list has this address or number. Check how it is written."),
        )
    return page(
        request,
        "admin/form.html",
        gettext("Somebody does not want to be told any more"),
        form=form,
        sentences=[
            gettext(
                "Write the address or number as they gave it. All they asked for is deleted, "
                "whatever the course."
            )
        ],
        button=gettext("Delete it"),
        back_url=reverse("admin:courses_course_changelist"),
    )
