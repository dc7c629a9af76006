"""Before a change is saved: what may be a slip in it, and whether people are told of it."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from courses.admin.saving import RefusalMessagesAdmin
from courses.catalogue import join_names
from courses.models import CourseRun
from enrolment import services
from enrolment.admin.plan_warnings import READ, WarningsUnread
from enrolment.admin.refusal_messages import refusal_messages
from enrolment.admin.run_pages import page

TELL, SILENT, CORRECT = "_tell", "_silent", "_correct"


class AsksBeforeTelling(RefusalMessagesAdmin):
    """A page whose save may change what people count on. Then nothing is saved before it is asked.

    Its save raises WarningsUnread where there is something to read first, and passes
    `announcement_of` to the verb.
    """

    # What is to be read before the answers that the page shows again are saved.
    warnings: Sequence[str] = ()

    def refusal_messages(self, refusal: Exception) -> list[str]:
        return refusal_messages(refusal)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if CORRECT in request.POST and not self.refusals:
            back = self.refused([gettext("Nothing has been saved yet.")])
            return back.changeform_view(request, object_id, form_url, extra_context)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except WarningsUnread as unread:
            again = self.refused(unread.sentences)
            again.warnings = unread.sentences
            return again.changeform_view(request, object_id, form_url, extra_context)
        except services.ChangeNeedsTelling as change:
            row = self.model._default_manager.get(pk=object_id)
            return question(
                request,
                row,
                change,
                silently=gettext("Correct it without telling anybody"),
                back_url=request.get_full_path(),
            )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With the warnings that were read, so that nobody reads them twice."""
        read = [*request.POST.getlist(READ), *self.warnings]
        context |= {"warnings": self.warnings, "read": list(dict.fromkeys(read))}
        return super().render_change_form(request, context, *args, **kwargs)


def question(
    request: HttpRequest,
    row: models.Model,
    change: services.ChangeNeedsTelling,
    *,
    silently: str,
    back_url: str,
) -> HttpResponse:
    """The answers once more, hidden, under who will be told and how.

    `silently` are the words of the button by which nobody is told.
    """
    return page(
        request,
        "admin/confirm.html",
        gettext("Tell everybody about the change?"),
        subtitle=str(row),
        sentences=[
            gettext("People count on what you change. Nothing is saved yet."),
            *change.changes,
            *([] if row in change.runs else [_about(change.runs)]),
            *change.telling.sentences(),
        ],
        hidden=[
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name not in ("csrfmiddlewaretoken", TELL, SILENT, CORRECT)
        ],
        button=gettext("Save and tell them"),
        button_name=TELL,
        more_buttons=[(SILENT, silently), (CORRECT, gettext("Go back and correct"))],
        back_url=back_url,
    )


def _about(runs: list[CourseRun]) -> str:
    """Which runs a change touches, where it is made elsewhere."""
    names = list(dict.fromkeys(str(run) for run in runs))
    return gettext("It concerns %(runs)s.") % {"runs": join_names(names)}


def announcement_of(request: HttpRequest) -> services.Announcement:
    """What was answered; ASK on the page itself."""
    if TELL in request.POST:
        return services.Announcement.TELL
    return services.Announcement.SILENT if SILENT in request.POST else services.Announcement.ASK
