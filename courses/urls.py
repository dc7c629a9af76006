from django.urls import path

from courses import views

urlpatterns = [
    path("", views.front_page, name="front_page"),
    path("kurs/", views.catalogue, name="catalogue"),
    path("kurs/<slug:slug>/", views.course, name="course"),
    path("personvern/", views.privacy, name="privacy"),
    path("tilgjengelighet/", views.accessibility, name="accessibility"),
]
