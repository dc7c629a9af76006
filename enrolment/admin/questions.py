"""Questions from the web: all that wait on one page, read and marked as answered there."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext

from courses.norwegian.formatting import phone
from enrolment import services
from enrolment.admin import undo
from enrolment.admin.people_data import ReadOnlyPeopleDataAdmin
from enrolment.admin.run_pages import not_written_down, page
from enrolment.models import Question

# So many of each are shown: the others come when these are dealt with.
WAITING_SHOWN = 50
ANSWERED_SHOWN = 20


@admin.register(Question)
class QuestionAdmin(ReadOnlyPeopleDataAdmin):
    list_select_related = ["course"]
    fields = ["text", "contact", "language", "course", "asked_at", "answered_at", "answered_by"]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Those that wait, whoever has waited longest first, and those answered last. Three
        queries.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        number = Question.objects.waiting().count()
        questions = Question.objects.select_related("course", "answered_by")
        title = gettext("Questions")
        if number:
            words = ngettext(
                "Questions: %(number)s to answer", "Questions: %(number)s to answer", number
            )
            title = words % {"number": number}
        return page(
            request,
            "admin/questions.html",
            title,
            number=number,
            questions=questions.waiting()[:WAITING_SHOWN],
            answered=questions.answered()[:ANSWERED_SHOWN],
            may_answer=request.user.has_perm("enrolment.change_question"),
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(question_answered)
        return [
            path("<int:question_id>/answered/", view, name="question_answered"),
            *super().get_urls(),
        ]


@permission_required("enrolment.change_question", raise_exception=True)
def question_answered(request: HttpRequest, question_id: int) -> HttpResponse:
    if request.method == "POST":
        is_answered = request.POST.get("answered") == "yes"
        try:
            question = services.mark_answered(
                question=Question(pk=question_id), is_answered=is_answered, by=request.user
            )
        except Question.DoesNotExist:
            raise Http404 from None
        words = (
            gettext("Written down as answered: %(contact)s.")
            if is_answered
            else gettext("Written down as not answered: %(contact)s.")
        )
        contact = question.contact if question.is_by_email else phone(question.contact)
        undo.success(
            request,
            words % {"contact": contact},
            undo=reverse("admin:question_answered", args=[question.pk]),
            answered="no" if is_answered else "yes",
        )
    else:
        not_written_down(request)
    return redirect("admin:enrolment_question_changelist")
