"""The application of the agency's process and its front; the HTTP server loads ``served``."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "customhouse.web.agency_settings")

from django.core.wsgi import get_wsgi_application

from customhouse.web.front import Front, Limits

application = get_wsgi_application()
served = Front(application, Limits(body_bytes=16 * 1024 * 1024))
