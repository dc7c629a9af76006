from django.urls import path

from courses import views

urlpatterns = [
    path("", views.front_page, name="front_page"),
    path("kurs/", views.catalogue, name="catalogue"),
    path("kurs/<slug:slug>/", views.course, name="course"),
    path("kurs/kalender.ics", views.catalogue_calendar, name="catalogue_calendar"),
    path("kurs/<slug:slug>/<row:run_id>/kalender.ics", views.run_calendar, name="run_calendar"),
    path("tilgjengelighet/", views.accessibility, name="accessibility"),
]
