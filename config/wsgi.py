"""The door of every web server; it opens only when the settings are complete."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Importing it makes it the app that `shared_task` publishes through.
from config.celery import app as celery_app

__all__ = ["application", "celery_app"]

application = get_wsgi_application()
