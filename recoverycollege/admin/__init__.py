from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin

from recoverycollege.admin import annual_report, events, student_page

__all__ = ["annual_report", "events", "student_page"]

# What somebody signs in with is nobody else's to look at or to write.
admin.site.unregister([EmailAddress, Authenticator])
