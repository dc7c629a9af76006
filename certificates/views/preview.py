"""What a certificate will look like with the college's own name, wording and logos."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from certificates import pdf
from certificates.access import for_tutors
from certificates.models import Certificate
from certificates.services.facts import facts_of_college, facts_of_language
from certificates.views.printing import pdf_response
from courses.models import College, Course, Tutor

# An example: no certificate has this number, so checking it confirms nothing.
NUMBER = "23456789AB"


@for_tutors
@require_safe
def certificate_preview(request: HttpRequest) -> HttpResponse:
    """In words, how the college's texts fit on the page, and the way to the examples."""
    examples, longest = _examples(request)
    context = {
        "examples": _crowded(examples, pdf.fits(examples)),
        "longest": _crowded(longest, pdf.fits(longest)) if longest else [],
    }
    return render(request, "certificates/preview.html", context)


@for_tutors
@require_safe
def certificate_preview_pdf(request: HttpRequest) -> HttpResponse:
    """A page in each language with facts made up, then with the longest ones of the college."""
    examples, longest = _examples(request)
    return pdf_response([*examples, *longest])


def _crowded(certificates: list[Certificate], fits: list[pdf.Fit]) -> list[tuple[str, str]]:
    """The languages whose certificates have small letters or go on to another page: which."""
    return [
        (certificate.get_language_display(), fit.name.lower())
        for certificate, fit in zip(certificates, fits, strict=True)
        if fit != pdf.Fit.READABLE
    ]


def _examples(request: HttpRequest) -> tuple[list[Certificate], list[Certificate]]:
    """One in each language, and the same with long facts. Nothing is stored. Four queries."""
    if not request.user.has_perm("courses.change_college"):
        # Tutors are told of no such page; staff, that it is not theirs.
        if isinstance(request.user, User) and request.user.is_staff:
            raise PermissionDenied
        raise Http404
    college = College.objects.current()
    languages = [language for language, _name in settings.LANGUAGES]
    examples = [_example(college, language) for language in languages]
    titles = Course.objects.values_list("discreet_title", "language")
    tutors = sorted(Tutor.objects.values_list("name", flat=True), key=len)[-2:]
    if not titles or not tutors:
        return examples, []
    title, written_in = max(titles, key=lambda each: len(each[0]))
    longest = [_example(college, language) for language in languages]
    for each in longest:
        each.title, each.title_language, each.tutors = title, written_in, tutors
    return examples, longest


def _example(college: College, language: str) -> Certificate:
    with translation.override(language):
        return Certificate(
            number=NUMBER,
            name=gettext("Kari Example"),
            title=gettext("A course of ours"),
            title_language=language,
            hours=4,
            sessions_attended=2,
            first_on=timezone.localdate() - timedelta(days=7),
            last_on=timezone.localdate(),
            place=gettext("The library"),
            tutors=[gettext("Anne Example"), gettext("Bo Example")],
            **facts_of_college(college),
            **facts_of_language(college, language),
        )
