"""Letters in the admin: to read, never to change."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import URLPattern
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enrolment.admin import call_outcomes
from enrolment.admin.people_data import ReadOnlyPeopleDataAdmin
from enrolment.admin.printed_letters import printed
from enrolment.models import Letter


@admin.register(Letter)
class LetterAdmin(ReadOnlyPeopleDataAdmin):
    names_column = "whom"
    # As `Recipient.known_as`, for people who have names.
    names_from = (
        "student__name",
        "tutor__name",
        "user__first_name",
        "user__username",
        "interest__name",
    )
    list_display = ["kind", "whom", "channel", "owed_since", "sent_at", "state"]
    list_filter = ["channel", "kind", ("sent_at", admin.EmptyFieldListFilter)]
    list_select_related = Letter.RECIPIENTS
    fields = [
        "whom",
        "kind",
        "channel",
        "language",
        "state",
        "subject",
        "what_it_says",
        "is_from_public_form",
        "owed_since",
        "sent_at",
        "overtaken_at",
        "failed_at",
        "attempts",
        "last_error",
    ]
    readonly_fields = ["whom", "state", "what_it_says"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Letter]:
        return super().get_queryset(request).select_related(*Letter.RECIPIENTS)

    @admin.display(description=_("to"), ordering="student__name_key")
    def whom(self, letter: Letter) -> str:
        return letter.recipient.known_as or gettext("erased student")

    @admin.display(description=_("state"))
    def state(self, letter: Letter) -> str:
        """What became of it, in words."""
        if letter.overtaken_at is not None:
            return gettext("not sent: %(why)s") % {"why": letter.get_overtaken_by_display()}
        if letter.sent_at is not None:
            return letter.get_outcome_display() or gettext("sent")
        if letter.failed_at is not None:
            return gettext("did not arrive")
        if letter.outcome:
            return letter.get_outcome_display()
        return gettext("not sent yet")

    @admin.display(description=_("what it says"))
    def what_it_says(self, letter: Letter) -> SafeString | str:
        """What was said; or, not sent yet, what it would say now. As staff read it: no link."""
        paper = printed(letter)
        if not paper.blocks and letter.sent_at is not None:
            return gettext("What it said is not kept any longer.")
        if not paper.blocks:
            return gettext("It does not hold any more, so it says nothing.")
        return render_to_string("admin/_letter_text.html", {"paper": paper})

    def get_urls(self) -> list[URLPattern]:
        return [*call_outcomes.letter_urls(self.admin_site), *super().get_urls()]
