from django.urls import path

from courses import views

urlpatterns = [
    path("", views.front_page, name="front_page"),
]
