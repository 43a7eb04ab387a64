"""Django's settings for the bank's process, computed from customhouse.settings.

Loads no app of the agency, and none of Django's: the bank has no pages, sessions or models yet.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from customhouse.settings import Settings

CUSTOMHOUSE = Settings.from_environment()

_ORIGIN = urlsplit(CUSTOMHOUSE.bank_url)

DEBUG = False
SECRET_KEY = CUSTOMHOUSE.secret_key("bank")
ALLOWED_HOSTS = sorted({_ORIGIN.hostname or "127.0.0.1", "127.0.0.1", "localhost"})
ROOT_URLCONF = "customhouse.web.bank_site.urls"
WSGI_APPLICATION = "customhouse.web.bank_site.wsgi.application"
INSTALLED_APPS: list[str] = []
DATABASES: dict[str, object] = {}
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-us"
USE_I18N = False
APPEND_SLASH = False

MIDDLEWARE = [
    "customhouse.web.edge.request_log",
    "customhouse.web.edge.security_headers",
    "customhouse.web.bank_site.errors.problem_details",
    "django.middleware.common.CommonMiddleware",
]

SECURE_HSTS_SECONDS = 31_536_000 if _ORIGIN.scheme == "https" else 0
FILE_UPLOAD_HANDLERS: list[str] = []
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LOGGING_CONFIG = "customhouse.web.logs.configure"
LOGGING = {"directory": str(CUSTOMHOUSE.data_directory / "logs"), "name": "bank"}
