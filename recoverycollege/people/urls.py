from django.urls import path

from recoverycollege.people import views

urlpatterns = [
    path("min-side/opplysninger/", views.my_data, name="my_data"),
    path("min-side/opplysninger/fil/", views.my_data_file, name="my_data_file"),
    path("kursholder/opplysninger/", views.tutor_data, name="tutor_data"),
    path("kursholder/opplysninger/fil/", views.tutor_data_file, name="tutor_data_file"),
    path("min-side/slett/", views.my_erasure, name="my_erasure"),
    path("min-side/slettet/", views.my_erased, name="my_erased"),
]
