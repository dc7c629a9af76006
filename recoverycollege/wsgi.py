import os

from django.core.wsgi import get_wsgi_application

from recoverycollege.plain_requests import with_plain_content_type

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recoverycollege.settings")

application = with_plain_content_type(get_wsgi_application())
