"""The page of an application's contact: how it stands, and the payer unit number once approved.

No sign-in: the contact has the application's number and a secret. The secret is sent in a form,
never in an address; what is shown is kept by nobody's cache.
"""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from customhouse.agency import joining_applications
from customhouse.faults import Fault, Refused
from customhouse.web.agency_site import doors

LONGEST_SECRET = 100
_NUMBER = re.compile("J[0-9A-Z]{9}", re.ASCII)


@never_cache
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Ask for the number of an application and go to its page, however the number was spelled."""
    asked = request.GET.get("number")
    number = "".join((asked or "").upper().replace("-", "").split())
    if _NUMBER.fullmatch(number):
        return redirect("joining", number=number)
    context = {"asked": (asked or "")[:20], "wrong": asked is not None}
    return render(request, "joining_number.html", context, status=422 if asked else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def application(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for the secret; with it show the application, and let it be withdrawn (DEB-17)."""
    context: dict[str, object] = {"number": number}
    if request.method != "POST":
        return render(request, "joining.html", context)
    secret = str(request.POST.get("secret", ""))[:LONGEST_SECRET]
    fault: Fault | None = None
    if request.POST.get("action") == "withdraw":
        fault = _withdraw(number, secret)
    try:
        with doors.connection() as connection:
            clock = doors.clock(connection)
            context["status"] = joining_applications.status(
                connection, number, secret=secret, door="page", clock=clock
            )
    except Refused as refused:
        fault = refused.faults[0]
    context |= {"fault": fault, "secret": secret if fault is None else ""}
    code = 200 if fault is None else fault.kind.http_status
    return render(request, "joining.html", context, status=code)


def _withdraw(number: str, secret: str) -> Fault | None:
    """Withdraw the application; give why not, or None."""
    try:
        with doors.connection() as connection:
            clock = doors.clock(connection)
            joining_applications.withdraw(
                connection, number, secret=secret, door="page", clock=clock
            )
    except Refused as refused:
        return refused.faults[0]
    return None
