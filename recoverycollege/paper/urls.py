"""Addresses of papers, outside the admin."""

from django.urls import path

from recoverycollege.exports.views import register_file
from recoverycollege.paper import public_papers, run_papers
from recoverycollege.paper.my_programme_page import my_programme

urlpatterns = [
    path("mitt-program/", my_programme, name="my_programme"),
    path("kurs/<slug:slug>/<row:run_id>/plakat/", public_papers.poster, name="poster"),
    path("semester/<slug:semester_slug>/program/", public_papers.prospectus, name="prospectus"),
    path(
        "kursholder/<row:run_id>/oppmoteliste/pdf/",
        run_papers.register_paper,
        name="register_paper",
    ),
    path("kursholder/<row:run_id>/oppmoteliste/fil/", register_file, name="register_file"),
    path(
        "kursholder/<row:run_id>/deltakerliste/",
        run_papers.participants_paper,
        name="participants_paper",
    ),
    path("kursholder/<row:run_id>/navneskilt/", run_papers.name_badges, name="name_badges"),
    path(
        "kursholder/<row:run_id>/kursbevis/kode/<row:session_id>/pdf/",
        run_papers.session_code_paper,
        name="session_code_paper",
    ),
]
