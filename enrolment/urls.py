from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from enrolment.views import tutors


def not_there_yet(request: HttpRequest, **arguments: object) -> HttpResponse:
    """Holds a name so that pages can link to it. Replaced by the page itself."""
    raise Http404


urlpatterns = [
    path("kursholder/", tutors.tutor_runs, name="tutor_runs"),
    path("kursholder/<int:run_id>/", tutors.tutor_register, name="tutor_register"),
    path("kursholder/<int:run_id>/kontakt/", tutors.tutor_contacts, name="tutor_contacts"),
    path("kursholder/<int:run_id>/oppmoteliste/", tutors.tutor_sheet, name="tutor_sheet"),
    path("kurs/<slug:slug>/<int:run_id>/pamelding/", not_there_yet, name="sign_up"),
    path("min-side/", not_there_yet, name="my_page"),
]
