"""Identity at the edge: Django's users and sessions in the agency's database.

Django's own migrations run here, with the owner's role, outside of any web process. What a
signed-in person may see is the agency's business (user_filer) and not decided here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from psycopg.conninfo import conninfo_to_dict

from customhouse import database
from customhouse.faults import Fault, Refused, declare

if TYPE_CHECKING:
    from customhouse.settings import Settings

IDENTITY_APPS = (
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
)
SHORTEST_PASSWORD = 12
Result = TypeVar("Result")

PASSWORD_TOO_SHORT = declare(
    "password-too-short",
    sentence="The password has {length} characters, fewer than {shortest}.",
    next_step="Choose a longer one: several words are easy to remember.",
)
USERNAME_UNREADABLE = declare(
    "username-unreadable",
    sentence="The user name must be 1 to 150 letters, digits or any of @ . + - _.",
    next_step="Choose another user name.",
)


def django_database(url: str) -> dict[str, Any]:
    """Give a PostgreSQL URL as one entry of Django's DATABASES."""
    parts = conninfo_to_dict(url)
    options = {
        name: value
        for name, value in parts.items()
        if name not in {"dbname", "user", "password", "host", "port"}
    }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", ""),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "") or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def migrate_identity(settings: Settings) -> None:
    """Bring Django's tables for users and sessions up to date in the agency's database.

    Runs as the owner and lets the application's role read and write them afterwards. Can be
    repeated without effect.
    """
    _apart(partial(_migrate, settings))
    with database.connect(settings, "agency", role="owner") as connection:
        database.grant_application(connection)


def set_password(settings: Settings, username: str, password: str) -> bool:
    """Give a person a sign-in, or a new password; true when the person is new.

    Raises Refused when the name or the password cannot be used.
    """
    if len(password) < SHORTEST_PASSWORD:
        values = {"length": len(password), "shortest": SHORTEST_PASSWORD}
        raise Refused(Fault(PASSWORD_TOO_SHORT, values))
    if not username or len(username) > 150 or not _plain(username):
        raise Refused(Fault(USERNAME_UNREADABLE))
    return _apart(partial(_keep, settings, username, password))


def usernames(settings: Settings) -> list[str]:
    """Give the names of everybody who can sign in, in order."""
    return _apart(partial(_usernames, settings))


def _apart(work: Callable[[], Result]) -> Result:
    """Do work in a thread of its own: Django refuses a thread in which an event loop runs."""
    with ThreadPoolExecutor(max_workers=1) as threads:
        return threads.submit(work).result()


def _migrate(settings: Settings) -> None:
    with _identity_database(settings, role="owner") as alias:
        from django.core.management import call_command

        call_command("migrate", database=alias, interactive=False, verbosity=0)


def _keep(settings: Settings, username: str, password: str) -> bool:
    with _identity_database(settings, role="application") as alias:
        from django.contrib.auth.models import User

        user, created = User.objects.using(alias).get_or_create(username=username)
        user.set_password(password)
        user.save(using=alias)
    return bool(created)


def _usernames(settings: Settings) -> list[str]:
    with _identity_database(settings, role="application") as alias:
        from django.contrib.auth.models import User

        active = User.objects.using(alias).filter(is_active=True)
        return list(active.order_by("username").values_list("username", flat=True))


def _plain(username: str) -> bool:
    return all(letter.isascii() and (letter.isalnum() or letter in "@.+-_") for letter in username)


@contextmanager
def _identity_database(settings: Settings, *, role: database.Role) -> Iterator[str]:
    """Set Django up for identity alone, where it is not set up yet, and give a database alias.

    The alias is new at each use: one process may serve several databases, as tests do.
    """
    import django
    from django.conf import settings as django_settings
    from django.db import connections

    if not django_settings.configured and "DJANGO_SETTINGS_MODULE" not in os.environ:
        django_settings.configure(
            INSTALLED_APPS=list(IDENTITY_APPS),
            DATABASES={},
            USE_TZ=True,
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        )
    django.setup()
    alias = f"identity-{len(connections.settings)}"
    entry = django_database(database.url(settings, "agency", role=role))
    connections.settings[alias] = connections.configure_settings({"default": entry})["default"]
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]
