"""Addresses are Norwegian and short. Bokmål has no prefix; `/nn/…`, `/en/…` are the same pages."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from courses import views
from recoverycollege import robots
from recoverycollege.exports import views as exports
from recoverycollege.figures import views as figures
from recoverycollege.help.views import tutor_urls
from recoverycollege.people.privacy import privacy
from recoverycollege.status_api import status_api

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("drift/", status_api, name="status_api"),
    path("robots.txt", robots.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("bilder/<file:name>", views.picture, name="picture"),
    path("farger/<colour:colour>-<colour:ground>.css", views.colours, name="colours"),
    *i18n_patterns(
        path("", include("courses.urls")),
        path("", include("enrolment.urls")),
        path("", include("certificates.urls")),
        *tutor_urls,
        path("personvern/", privacy, name="privacy"),
        path("", include("recoverycollege.people.urls")),
        path("", include("recoverycollege.paper.urls")),
        *figures.page_urls,
        *exports.page_urls,
        path("", include("recoverycollege.staff_sign_in.urls")),
        path("admin/", admin.site.urls),
        prefix_default_language=False,
    ),
]

handler400 = "courses.views.bad_request"
handler404 = "courses.views.not_found"
handler500 = "courses.views.server_error"
