"""What the public and those who get letters will see, for the coordinator, before they do."""

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from courses import queries
from courses.models import College
from courses.small_facts import small_facts
from courses.views.catalogue import NEXT_RUNS
from enrolment import services
from enrolment.admin.run_pages import not_written_down
from enrolment.admin.warnings import in_words, is_somebody_sending
from recoverycollege.people.privacy import what_is_told

may_change_the_college = permission_required("courses.change_college", raise_exception=True)


@may_change_the_college
@require_safe
def preview(request: HttpRequest, which: str) -> HttpResponse:
    """The front page with its drafts, or a page with its texts, as they will be once public."""
    if which == "front":
        return _shown(request, "courses/front_page.html", _front_page())
    templates = {
        "privacy": "recoverycollege/privacy.html",
        "accessibility": "courses/accessibility.html",
    }
    if which not in templates:
        raise Http404
    college = College.objects.current()
    college.texts_confirmed_at = timezone.now()  # on this page alone
    return _shown(request, templates[which], {"college": college, **what_is_told()})


def _front_page() -> dict[str, object]:
    now = timezone.now()
    rows = queries.next_runs(now, NEXT_RUNS, with_drafts=True)
    facts = small_facts(rows.facts)
    return {
        "college": facts.college,
        "cards": [each.card for each in queries.entries(rows, facts, now=now)],
        "partners": facts.partners,
    }


def _shown(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    ways = [("front", gettext("Front page")), ("privacy", gettext("Privacy"))]
    ways.append(("accessibility", gettext("Accessibility")))
    is_preview = {
        "previews": [(reverse("admin:college_preview", args=[name]), word) for name, word in ways],
        "preview_back": reverse("admin:courses_college_changelist"),
    }
    return render(request, template, context | is_preview)


@may_change_the_college
def sample_letter(request: HttpRequest) -> HttpResponse:
    """One click: a letter to oneself, and the answer where it went or what went wrong."""
    if request.method != "POST":
        not_written_down(request)
        return redirect("admin:courses_college_changelist")
    user = request.user
    assert isinstance(user, User)  # noqa: S101  has a permission
    try:
        services.send_sample(to=user)
    except services.NoAddress:
        messages.warning(request, _no_address(user))
    except services.SampleNotSent as error:
        words = gettext("The sample letter was not sent.")
        messages.warning(request, f"{words} {in_words(str(error))}")
    else:
        messages.success(request, _where_it_went(user.email))
        if not is_somebody_sending():
            messages.warning(
                request,
                gettext(
                    "But letters to others will wait: the program that sends letters "
                    "(send_letters) is not running."
                ),
            )
    return redirect("admin:courses_college_changelist")


def _where_it_went(email: str) -> str:
    if folder := getattr(settings, "EMAIL_FILE_PATH", None):
        words = gettext(
            "The sample letter to %(email)s lies in %(folder)s: this installation sends no e-mail "
            "(EMAIL_URL)."
        )
        return words % {"email": email, "folder": folder}
    return gettext(
        "The sample letter is sent to %(email)s. Look there, and among the spam, too."
    ) % {"email": email}


def _no_address(user: User) -> str:
    words = gettext("Your sign-in has no e-mail address to send the sample letter to.")
    return format_html(
        '{} <a href="{}">{}</a>',
        words,
        reverse("admin:staff_change", args=[user.pk]) + "#id_email",
        gettext("Write one."),
    )


def urls(site: admin.AdminSite) -> list[URLPattern]:
    return [
        path(
            "courses/college/preview/<slug:which>/",
            site.admin_view(preview),
            name="college_preview",
        ),
        path(
            "courses/college/sample-letter/",
            site.admin_view(sample_letter),
            name="sample_letter",
        ),
    ]
