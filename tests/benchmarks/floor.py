"""The least that could do the same work: bare Django views, beside the portal's own addresses."""

import uuid

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import path
from django.utils import timezone

from courses.models import CourseRun, CourseSession
from enrolment.models import Enrolment, Student
from recoverycollege.urls import urlpatterns as portal

PAGE = """<!doctype html><html lang="nb"><title>Kurs</title><h1>Kurs</h1>{% for run in runs %}
<article><h2>{{ run.course.title }}</h2><p>{{ run.course.summary }}</p>
{% for session in run.dates %}<p>{{ session.starts_at|date:"l j. F Y H:i" }}</p>{% endfor %}
<p>{{ run.venue.name }}, {{ run.venue.town }}</p></article>{% endfor %}{{ filling }}</html>"""
FORM = """<!doctype html><html lang="nb"><title>Meld på</title><form method="post">
{% csrf_token %}{{ form.as_div }}<button>Meld på</button></form></html>"""
CHECK = """<!doctype html><html lang="nb"><title>Stemmer det?</title><form method="post">
{% csrf_token %}<input type="hidden" name="step" value="enrol">{% for field in form %}
<p>{{ field.label }}: {{ field.value|default_if_none:"" }}</p>{{ field.as_hidden }}{% endfor %}
<button>Meld meg på</button></form></html>"""
RECEIPT = """<!doctype html><html lang="nb"><title>Du har plass</title><p>{{ run.course.title }}</p>
{% for session in run.sessions.all %}<p>{{ session.starts_at|date:"l j. F Y H:i" }}</p>{% endfor %}
<p>{{ run.venue.name }}, {{ run.venue.town }}</p></html>"""


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hei.")


def two_queries(request: HttpRequest) -> HttpResponse:
    """Runs and their sessions: thirty, or those that the address asks for, and as many bytes."""
    runs = CourseRun.objects.public().select_related("course", "venue")
    if "kurs" in request.GET:
        runs = runs.filter(course__slug=request.GET["kurs"])
    runs = list(runs[: int(request.GET.get("runs", "30"))])
    by_run: dict[int, list[CourseSession]] = {}
    for session in CourseSession.objects.filter(run__in=[run.pk for run in runs]):
        by_run.setdefault(session.run_id, []).append(session)
    for run in runs:
        run.dates = by_run.get(run.pk, [])
    filling = "." * int(request.GET.get("bytes", "0"))
    template = _template(PAGE)
    return HttpResponse(template.render({"runs": runs, "filling": filling}, request))


class BareForm(forms.Form):
    """The portal's questions, and nothing else of it."""

    name = forms.CharField(max_length=100)
    email = forms.EmailField(required=False)
    phone = forms.CharField(max_length=20, required=False)
    adjustment = forms.CharField(max_length=500, required=False, widget=forms.Textarea)
    companion = forms.BooleanField(required=False)


def bare_sign_up(request: HttpRequest, run_id: int) -> HttpResponse:
    """A form, and an insert that goes on to a receipt: no page to look it over, no letter."""
    form = BareForm(request.POST or None)
    if not form.is_valid():
        return HttpResponse(_template(FORM).render({"form": form}, request))
    _insert(run_id, form)
    return redirect("bare_receipt", run_id)


def bare_steps(request: HttpRequest, run_id: int) -> HttpResponse:
    """The portal's own steps: the same form, a page to look it over, the insert, the receipt."""
    form = BareForm(request.POST or None)
    if form.is_valid() and request.POST.get("step") != "enrol":
        return HttpResponse(_template(CHECK).render({"form": form}, request))
    return bare_sign_up(request, run_id)


def bare_receipt(request: HttpRequest, run_id: int) -> HttpResponse:
    run = CourseRun.objects.select_related("course", "venue").get(pk=run_id)
    return HttpResponse(_template(RECEIPT).render({"run": run}, request))


def _insert(run_id: int, form: BareForm) -> None:
    """Lock the run, look whether there is room, insert, count."""
    with transaction.atomic():
        run = CourseRun.objects.select_for_update().get(pk=run_id)
        if run.places_taken >= (run.capacity or 0):
            raise ValueError("The benchmark's runs are large enough.")
        name, email = form.cleaned_data["name"], form.cleaned_data["email"]
        student = Student.objects.create(name=name, name_key=name, email=email, channel="email")
        Enrolment.objects.create(
            student=student,
            run=run,
            status=Enrolment.Status.PLACE,
            submission=uuid.uuid4(),
            placed_at=timezone.now(),
        )
        run.places_taken += 1
        run.save(update_fields=["places_taken"])


_templates: dict[str, object] = {}


def _template(text: str):
    if text not in _templates:
        _templates[text] = engines["django"].from_string(text)
    return _templates[text]


urlpatterns = [
    path("gulv/", bare),
    path("gulv/kurs/", two_queries),
    path("gulv/pamelding/<int:run_id>/", bare_sign_up),
    path("gulv/steg/<int:run_id>/", bare_steps),
    path("gulv/pamelding/<int:run_id>/kvittering/", bare_receipt, name="bare_receipt"),
    *portal,
]
handler404 = "django.views.defaults.page_not_found"
handler500 = "django.views.defaults.server_error"
