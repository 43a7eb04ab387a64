"""How the bank's process refuses what never reached a command: always problem details.

A stack trace is never shown, and nothing of a request is repeated; a reference finds the log line.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from customhouse.web.edge import PROBLEM_TYPE, log_failure, plain_problem

Respond = Callable[[HttpRequest], HttpResponse]

PROBLEMS = {
    400: ("bad-request", "The request could not be read.", "Check its headers and its form."),
    403: ("forbidden", "The request is not allowed.", "Use the door that is meant for you."),
    404: ("not-found", "Nothing is offered at this path.", "Check the path: POST /accounts."),
    405: ("method-not-allowed", "This path does not offer that method.", "See the Allow header."),
    500: (
        "unexpected-failure",
        "Something failed on our side; reference {reference}.",
        "Send it again: every call can be repeated. If it fails again, quote the reference.",
    ),
}


def problem_details(get_response: Respond) -> Respond:
    """Middleware: whatever refuses a request, it gets problem details."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_problem = response.headers.get("Content-Type", "").startswith(PROBLEM_TYPE)
        if response.status_code < 400 or is_problem:
            return response
        replaced = site_problem(response.status_code)
        if "Allow" in response.headers:
            replaced.headers["Allow"] = response.headers["Allow"]
        return replaced

    return respond


def site_problem(status: int, reference: str = "") -> HttpResponse:
    """Render a refusal of the HTTP layer as problem details."""
    code, detail, next_step = PROBLEMS.get(status, PROBLEMS[400])
    told = detail.format(reference=reference)
    return plain_problem(status, code, detail=told, next_step=next_step)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Handle 400: the request could not be read."""
    return site_problem(400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Handle 403: the request is not allowed."""
    return site_problem(403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Handle 404: nothing is offered at this path."""
    return site_problem(404)


def failed(request: HttpRequest) -> HttpResponse:
    """Handle 500: say that it is our fault and name the log line, nothing more."""
    return site_problem(500, log_failure(request, sys.exc_info()[1]))
