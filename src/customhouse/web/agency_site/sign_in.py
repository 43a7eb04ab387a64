"""Signing in: Django's form and sessions, slowed down after wrong passwords.

Failures are counted by user name and address, so that guessing is slow and nobody can lock
another person out from elsewhere. The counts live in this process and end with it.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.cache import cache
from django.core.exceptions import ValidationError

FAILURES_ALLOWED = 5
LOCKED_SECONDS = 15 * 60
WRONG = (
    "The user name or the password is wrong. In both it matters which letters are capitals: check"
    " Caps Lock, then type them again."
)


class SignInForm(AuthenticationForm):
    """Asks for a user name and a password, and refuses while too many were wrong."""

    error_messages = {  # noqa: RUF012 - Django's own way to replace its sentences
        "invalid_login": WRONG,
        "inactive": WRONG,
        "too_many": "Too many wrong passwords. Wait 15 minutes, then try again.",
    }

    def clean(self) -> dict[str, Any]:
        """Check the name and the password; count a failure and forget them after a success."""
        key = self._failures_key()
        if cache.get(key, 0) >= FAILURES_ALLOWED:
            raise ValidationError(self.error_messages["too_many"], code="too_many")
        try:
            cleaned = super().clean()
        except ValidationError:
            cache.add(key, 0, LOCKED_SECONDS)
            cache.incr(key)
            raise
        cache.delete(key)
        return cleaned

    def _failures_key(self) -> str:
        address = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        username = str(self.cleaned_data.get("username", "")).casefold()
        return "sign-in:" + hashlib.sha256(f"{address}\n{username}".encode()).hexdigest()


class SignIn(LoginView):
    """The page at /sign-in; who is signed in already goes on to the statements."""

    template_name = "sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True
