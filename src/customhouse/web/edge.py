"""What both HTTP doors share: security headers, one log line a request, and problem details.

Used by the agency's and by the bank's process alike. It knows no page, no command and no database.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable

from django.http import HttpRequest, HttpResponse, JsonResponse

from customhouse.faults import BODY_CUT_SHORT, IN_PROGRESS, Fault, Refused
from customhouse.observability import failure_of, reference_id

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
PROBLEM_TYPE = "application/problem+json"
READ_PIECE_BYTES = 64 * 1024
RETRY_AFTER_SECONDS = "2"

log = logging.getLogger("customhouse.request")

Respond = Callable[[HttpRequest], HttpResponse]


def security_headers(get_response: Respond) -> Respond:
    """Middleware: set the headers that keep pages unframed, unsniffed and out of caches."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in SECURITY_HEADERS.items():
            response.headers[name] = value
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return respond


def request_log(get_response: Respond) -> Respond:
    """Middleware: name each request and write one line about it, without query, body or header.

    Of a path that is offered nowhere only that is told: anything might have been typed into it.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        request.reference = reference_id()
        started = time.monotonic()
        response = get_response(request)
        response.headers["X-Request-Id"] = request.reference
        line = {
            "reference": request.reference,
            "method": request.method,
            "path": request.path[:200] if request.resolver_match else "not offered",
            "status": response.status_code,
            "milliseconds": round((time.monotonic() - started) * 1000, 1),
            **getattr(request, "log_data", {}),
        }
        log.info("request", extra={"data": line})
        return response

    return respond


def log_failure(request: HttpRequest, error: BaseException | None) -> str:
    """Write what went wrong to the log, without its text; give the reference to tell a person."""
    reference = getattr(request, "reference", None) or reference_id()
    described = {} if error is None else failure_of(error)
    logging.getLogger("customhouse.failure").error(
        "unexpected failure", extra={"data": {"reference": reference, **described}}
    )
    return reference


def title_of(code: str) -> str:
    """Give a fault's code as a short title: ``body-too-large`` becomes ``Body too large``."""
    return code.replace("-", " ").capitalize()


def problem(*faults: Fault) -> HttpResponse:
    """Render faults as problem details (RFC 9457); the first one gives the status."""
    first = faults[0]
    content: dict[str, object] = _described(first) | {
        "type": f"urn:customhouse:fault:{first.code}",
        "status": first.kind.http_status,
    }
    if len(faults) > 1:
        content["faults"] = [_described(fault) for fault in faults]
    return _problem_response(content, first.kind.http_status)


def plain_problem(status: int, code: str, *, detail: str, next_step: str) -> HttpResponse:
    """Render a refusal of the HTTP layer itself (unknown path, wrong method) as problem details."""
    content: dict[str, object] = {
        "type": f"urn:customhouse:fault:{code}",
        "title": title_of(code),
        "status": status,
        "code": code,
        "detail": detail,
        "next_step": next_step,
    }
    return _problem_response(content, status)


def _problem_response(content: dict[str, object], status: int) -> HttpResponse:
    response = JsonResponse(content, status=status, content_type=PROBLEM_TYPE)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="customhouse"'
    if status == 503 or content["code"] == IN_PROGRESS.code:
        response.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def _described(fault: Fault) -> dict[str, object]:
    return {
        "code": fault.code,
        "title": title_of(fault.code),
        "detail": fault.sentence,
        "next_step": fault.next_step,
    }


def read_bounded(request: HttpRequest, limit: int) -> bytes | None:
    """Read a request's body piece by piece; None as soon as it is longer than ``limit`` bytes.

    The transport's own stream is read, so that a body sent in chunks without a declared length
    is bounded as well. Raise Refused (body-cut-short) when the connection ended before the
    declared length: what arrived is not what was sent, and must not take its idempotency key.
    """
    text = request.META.get("CONTENT_LENGTH") or ""
    declared = int(text) if text.isascii() and text.isdigit() else None
    if declared is not None and declared > limit:
        return None
    stream = request.META["wsgi.input"]
    pieces = bytearray()
    for piece in _pieces(stream.read, limit):
        pieces += piece
        if len(pieces) > limit:
            return None
    if declared is not None and len(pieces) != declared:
        raise Refused(Fault(BODY_CUT_SHORT, {"received": len(pieces), "declared": declared}))
    return bytes(pieces)


def _pieces(read: Callable[[int], bytes], limit: int) -> Iterable[bytes]:
    remaining = limit + 1
    while remaining > 0:
        piece = read(min(READ_PIECE_BYTES, remaining))
        if not piece:
            return
        remaining -= len(piece)
        yield piece
