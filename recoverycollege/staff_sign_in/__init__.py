"""Signing in as staff: screens over django-allauth, with our throttle, letters and words."""
