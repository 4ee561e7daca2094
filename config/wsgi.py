"""The door of every web server; it opens only when the settings are complete."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings

from config import env

env.require_serving(settings.ENVIRONMENT)
application = get_wsgi_application()

if settings.CELERY_BROKER_URL:
    # Now, and not within the first request that publishes.
    import config.celery  # noqa: F401
else:
    from apps.ops.jobs import embedded

    # The threads start in each process by themselves: they would not survive a fork.
    embedded.serve()
