"""The WSGI application of the bank's process; an HTTP server loads it by this name."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "customhouse.web.bank_settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
