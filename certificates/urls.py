from django.urls import path

from certificates import views

urlpatterns = [
    path("min-side/kursbevis/", views.my_certificates, name="my_certificates"),
    path("min-side/kursbevis/alle/", views.my_certificates_pdf, name="my_certificates_pdf"),
    path("min-side/kursbevis/<int:certificate_id>/", views.my_certificate, name="my_certificate"),
    path("kursholder/<int:run_id>/kursbevis/", views.tutor_certificates, name="tutor_certificates"),
    path(
        "kursholder/<int:run_id>/kursbevis/alle/",
        views.tutor_certificates_pdf,
        name="tutor_certificates_pdf",
    ),
    path(
        "kursholder/<int:run_id>/kursbevis/<int:certificate_id>/",
        views.tutor_certificate,
        name="tutor_certificate",
    ),
]
