from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path


def not_there_yet(request: HttpRequest, **arguments: object) -> HttpResponse:
    """Holds a name so that pages can link to it. Replaced by the page itself."""
    raise Http404


urlpatterns = [
    path("kurs/<slug:slug>/<int:run_id>/pamelding/", not_there_yet, name="sign_up"),
    path("min-side/", not_there_yet, name="my_page"),
]
