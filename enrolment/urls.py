from django.urls import path

from enrolment.views import (
    calendars,
    interest,
    keep,
    my_details,
    my_page,
    questions,
    sign_up,
    withdraw,
)

urlpatterns = [
    path("kurs/<slug:slug>/<row:run_id>/pamelding/", sign_up.sign_up, name="sign_up"),
    path(
        "kurs/<slug:slug>/<row:run_id>/pamelding/kvittering/<str:answer>/",
        sign_up.receipt,
        name="sign_up_receipt",
    ),
    path("kurs/<slug:slug>/si-fra/", interest.ask, name="interest_ask"),
    path("kurs/<slug:slug>/si-fra/takk/", interest.asked, name="interest_asked"),
    path("si-fra/<str:key>/", interest.interest, name="interest"),
    path("spor-oss/", questions.ask_us, name="ask_us"),
    path("spor-oss/takk/", questions.asked, name="question_asked"),
    path("kurs/<slug:slug>/spor-oss/", questions.ask_us, name="course_question"),
    path("kurs/<slug:slug>/spor-oss/takk/", questions.asked, name="course_question_asked"),
    path("min-side/", my_page.my_page, name="my_page"),
    path("min-side/lenke/", my_page.my_link, name="my_link"),
    path("min-side/lenke/sendt/", my_page.my_link_asked, name="my_link_asked"),
    path("min-side/apne/<str:token>/", my_page.my_page_sign_in, name="my_page_sign_in"),
    path("min-side/logg-ut/", my_page.my_sign_out, name="my_sign_out"),
    path("min-side/folge/<uuid:submission>/", my_page.my_companion, name="my_companion"),
    path("min-side/behold/<str:token>/", keep.keep_me, name="keep_me"),
    path("min-side/kalender/", my_page.my_calendar_renew, name="my_calendar_renew"),
    path("min-side/brev/", my_details.my_letters, name="my_letters"),
    path("min-side/om-meg/", my_details.my_details, name="my_details"),
    path("min-side/ny-adresse/<str:token>/", my_details.my_new_email, name="my_new_email"),
    path("avmelding/<str:token>/", withdraw.withdraw, name="withdraw"),
    path("kalender/<str:token>.ics", calendars.calendar, name="calendar"),
    path("kalender/abonnement/<file:key>.ics", calendars.my_calendar, name="my_calendar"),
]
