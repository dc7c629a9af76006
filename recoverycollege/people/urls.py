from django.urls import path

from recoverycollege.people import views

urlpatterns = [
    path("min-side/slett/", views.my_erasure, name="my_erasure"),
    path("min-side/slettet/", views.my_erased, name="my_erased"),
]
