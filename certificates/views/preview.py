"""What a certificate will look like with the college's own name, wording and logos."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from certificates.models import Certificate
from certificates.services.facts import facts_of_college
from certificates.views.printing import pdf_response
from enrolment.doors import for_tutors

# An example: no certificate has this number, so checking it confirms nothing.
NUMBER = "23456789AB"


@for_tutors
@require_safe
def certificate_preview(request: HttpRequest) -> HttpResponse:
    """A page in each language, of somebody and something made up. Nothing is stored."""
    if not request.user.has_perm("courses.change_college"):
        raise Http404
    facts = facts_of_college()
    return pdf_response([_example(language, facts) for language, _name in settings.LANGUAGES])


def _example(language: str, facts: dict[str, object]) -> Certificate:
    with translation.override(language):
        return Certificate(
            number=NUMBER,
            language=language,
            name=gettext("Kari Example"),
            title=gettext("A course of ours"),
            hours=4,
            sessions_attended=2,
            first_on=timezone.localdate() - timedelta(days=7),
            last_on=timezone.localdate(),
            place=gettext("The library"),
            tutors=[gettext("Anne Example"), gettext("Bo Example")],
            **facts,
        )
