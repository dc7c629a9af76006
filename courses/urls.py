from django.urls import path

from courses import views

urlpatterns = [
    path("", views.front_page, name="front_page"),
    path("kurs/", views.catalogue, name="catalogue"),
    path("kurs/<slug:slug>/", views.course, name="course"),
    path("kurs/<slug:slug>/<row:run_id>/forste-gang/", views.first_time, name="first_time"),
    path("kurs/kalender.ics", views.catalogue_calendar, name="catalogue_calendar"),
    path("kurs/<slug:slug>/<row:run_id>/kalender.ics", views.run_calendar, name="run_calendar"),
    path("kurs/nye.rss", views.new_runs, name="new_runs"),
    path("semester/<slug:semester_slug>/", views.semester, name="semester"),
    path(
        "semester/<slug:semester_slug>/kalender.ics",
        views.semester_calendar,
        name="semester_calendar",
    ),
    path("muligheter/", views.opportunities, name="opportunities"),
    path(
        "muligheter/<row:opportunity_id>/stemmer-ikke/",
        views.opportunity_report,
        name="opportunity_report",
    ),
    path("muligheter/takk/", views.opportunity_reported, name="opportunity_reported"),
    path("om/<slug:slug>/", views.page, name="page"),
    path("om/fil/<row:file_id>/", views.page_file, name="page_file"),
    path("historier/", views.stories, name="stories"),
    path("tilgjengelighet/", views.accessibility, name="accessibility"),
]
