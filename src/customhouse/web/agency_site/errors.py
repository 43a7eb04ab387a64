"""How the agency's site refuses: problem details at the API's paths, plain pages elsewhere.

A stack trace is never shown. A person gets a reference by which the log line is found.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from customhouse.web.agency_site.frame import is_rehearsal
from customhouse.web.edge import PROBLEM_TYPE, log_failure, plain_problem

Respond = Callable[[HttpRequest], HttpResponse]

API_PATHS = ("/abi/", "/api/", "/health", "/openapi.json")

PROBLEMS = {
    400: ("bad-request", "The request could not be read.", "Check its headers and its form."),
    403: ("forbidden", "The request is not allowed.", "Use the door that is meant for you."),
    404: ("not-found", "Nothing is offered at this path.", "Check the path: POST /abi/batches."),
    405: ("method-not-allowed", "This path does not offer that method.", "See the Allow header."),
    500: (
        "unexpected-failure",
        "Something failed on our side; reference {reference}.",
        "Send it again with the same idempotency key; if it fails again, quote the reference.",
    ),
}
READING = ("GET", "HEAD", "OPTIONS")
FAILED_READING = "Ask again; if it fails again, quote the reference."


def is_api(request: HttpRequest) -> bool:
    """Tell whether a program is asking, who gets problem details instead of a page."""
    return request.path.startswith(API_PATHS)


def problem_details(get_response: Respond) -> Respond:
    """Middleware: whatever refuses a program's request, it gets problem details."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not is_api(request) or response.status_code < 400:
            return response
        if response.headers.get("Content-Type", "").startswith(PROBLEM_TYPE):
            return response
        replaced = api_problem(request, response.status_code)
        if "Allow" in response.headers:
            replaced.headers["Allow"] = response.headers["Allow"]
        return replaced

    return respond


def api_problem(request: HttpRequest, status: int, reference: str = "") -> HttpResponse:
    """Render a refusal of the HTTP layer as problem details; reading needs no key to repeat it."""
    code, detail, next_step = PROBLEMS.get(status, PROBLEMS[400])
    if status == 500 and request.method in READING:
        next_step = FAILED_READING
    told = detail.format(reference=reference)
    return plain_problem(status, code, detail=told, next_step=next_step)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Handle 400: the request could not be read."""
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Handle 403: the request is not allowed."""
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Handle 404: unknown and not yours read the same."""
    return _page(request, 404)


def failed(request: HttpRequest) -> HttpResponse:
    """Handle 500: say that it is our fault and name the log line, nothing more."""
    reference = log_failure(request, sys.exc_info()[1])
    return _page(request, 500, reference=reference)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Handle a form without its one-time token (H4); the reason is not for the sender to know."""
    return _page(request, 403, stale_form=True)


def _page(
    request: HttpRequest, status: int, *, reference: str = "", stale_form: bool = False
) -> HttpResponse:
    if is_api(request):
        return api_problem(request, status, reference)
    context = {
        "status": status,
        "reference": reference,
        "stale_form": stale_form,
        "rehearsal": is_rehearsal(),
    }
    # After a failure of our own the session is not asked: what failed may be the database.
    framed_for = None if status == 500 else request
    return render(framed_for, "refused.html", context, status=status)
