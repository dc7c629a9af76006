"""The addresses of signing in. Of django-allauth's own pages there are these alone."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import path

from recoverycollege.staff_sign_in import views

urlpatterns = [
    path("logg-inn/", views.sign_in, name="sign_in"),
    # The library's name for the same page.
    path("logg-inn/", views.sign_in, name="account_login"),
    path(
        "logg-inn/kode/",
        views.asks_for_letter(views.limited(account.request_login_code)),
        name="account_request_login_code",
    ),
    path(
        "logg-inn/kode/skriv/",
        views.limited(account.confirm_login_code),
        name="account_confirm_login_code",
    ),
    path("logg-inn/totrinn/", views.limited(mfa.authenticate), name="mfa_authenticate"),
    path("logg-inn/husk/", views.trust, name="mfa_trust"),
    path("logg-inn/glemt/", views.forgotten, name="forgotten"),
    path("logg-inn/glemt/sendt/", views.forgotten_sent, name="forgotten_sent"),
    path("logg-inn/passord/", views.password, name="password"),
    path("logg-ut/", views.sign_out, name="sign_out"),
    # What a link in a letter opens for whoever holds it.
    path("konto/velg-passord/<str:token>/", views.choose_password, name="choose_password"),
    # Of whoever is signed in.
    path("konto/totrinn/", views.second_factor_page, name="mfa_index"),
    path("konto/totrinn/app/", views.set_up_second_factor, name="mfa_activate_totp"),
    path("konto/totrinn/app/fjern/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("konto/totrinn/koder/", views.recovery_code_page, name="mfa_view_recovery_codes"),
    path(
        "konto/totrinn/koder/nye/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("konto/bekreft/", views.limited(account.reauthenticate), name="account_reauthenticate"),
    path("konto/bekreft/app/", views.limited(mfa.reauthenticate), name="mfa_reauthenticate"),
]
