"""Django's settings for the agency's process, computed from customhouse.settings.

Loads no app of the bank. Nothing is configured here that an environment variable of ours does not
already say; see docs/reference/settings.md for those.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from customhouse import database
from customhouse.settings import Settings
from customhouse.web.identity import IDENTITY_APPS, SHORTEST_PASSWORD, django_database

CUSTOMHOUSE = Settings.from_environment()

_ORIGIN = urlsplit(CUSTOMHOUSE.agency_url)
_SECURE = _ORIGIN.scheme == "https"

DEBUG = False
SECRET_KEY = CUSTOMHOUSE.secret_key("agency")
ALLOWED_HOSTS = sorted({_ORIGIN.hostname or "127.0.0.1", "127.0.0.1", "localhost"})
ROOT_URLCONF = "customhouse.web.agency_site.urls"
WSGI_APPLICATION = "customhouse.web.agency_site.wsgi.application"
INSTALLED_APPS = [*IDENTITY_APPS, "ninja"]
DATABASES = {"default": django_database(database.url(CUSTOMHOUSE, "agency"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-us"
USE_I18N = False
APPEND_SLASH = False

MIDDLEWARE = [
    "customhouse.web.edge.request_log",
    "customhouse.web.edge.security_headers",
    "customhouse.web.agency_site.errors.problem_details",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "agency_site" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "builtins": ["customhouse.web.agency_site.template_tags"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "customhouse.web.agency_site.frame.site_context",
            ],
        },
    }
]

AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": SHORTEST_PASSWORD},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in"

SESSION_COOKIE_NAME = "customhouse_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _SECURE
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "customhouse_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = _SECURE
CSRF_FAILURE_VIEW = "customhouse.web.agency_site.errors.csrf_refused"
SECURE_HSTS_SECONDS = 31_536_000 if _SECURE else 0

# A page's form is small; the ABI door reads its own body under its own limit.
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20
FILE_UPLOAD_HANDLERS: list[str] = []

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LOGGING_CONFIG = "customhouse.web.logs.configure"
LOGGING = {"directory": str(CUSTOMHOUSE.data_directory / "logs"), "name": "agency"}
