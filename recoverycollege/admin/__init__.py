import django.contrib.auth.admin  # noqa: F401 - registers what is taken out below
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group, User

from recoverycollege.admin import annual_report, events, student_page

__all__ = ["annual_report", "events", "student_page"]

# What somebody signs in with is nobody else's to look at or to write, not even a superuser's; roles
# and who may sign in stand on the page of staff, which keeps the last coordinator.
admin.site.unregister([EmailAddress, Authenticator, Group, User])
