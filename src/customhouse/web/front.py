"""The front of a process: whole bodies in, whole answers out, and nobody holds a thread by waiting.

The HTTP server hands each request here as soon as its headers are there. The body is gathered
without a thread, against a deadline and a budget of memory; only then one of a few threads does
the work, through the same WSGI application as ever. A sender that dribbles its body costs a socket
and no thread (failure H17). More work than the threads and a bounded queue hold is refused at once
(failure B9), and ``/health`` has a thread of its own. What a request means is not known here.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from customhouse.faults import Fault, FaultKind, declare

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

HEALTH = "/health"
# Stands for the value of a header that is not ASCII; no header of ours allows it.
UNREADABLE = "\xff"
RETRY_AFTER_SECONDS = "2"

BODY_TOO_SLOW = declare(
    "body-too-slow",
    sentence="The body of the request did not arrive in time.",
    next_step="Send it again over a better line; nothing was done.",
    http_status=408,
)
PROCESS_BUSY = declare(
    "process-busy",
    sentence="More requests are at work than this process takes at once.",
    next_step="Send it again in a moment, with the same idempotency key if it has one.",
    http_status=503,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a process takes at once: bytes of a body and of all bodies, seconds, threads, queue.

    ``piece_seconds`` is the longest silence within a body, ``body_seconds`` the longest body,
    ``queue_seconds`` the longest wait for a thread.
    """

    body_bytes: int
    all_bodies_bytes: int = 192 * 1024 * 1024
    piece_seconds: float = 10.0
    body_seconds: float = 60.0
    queue_seconds: float = 10.0
    threads: int = 6
    waiting: int = 64


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer: whole, or in pieces that are still to be made."""

    status: int
    headers: list[tuple[str, str]]
    content: bytes = b""
    pieces: Iterator[bytes] | None = None


class _Refusal(Exception):
    """The front's own refusal of a request."""

    def __init__(self, kind: FaultKind) -> None:
        super().__init__(kind.code)
        self.kind = kind

    def answer(self) -> _Answer:
        """Give it as problem details (RFC 9457)."""
        fault = Fault(self.kind)
        content = {
            "type": f"urn:customhouse:fault:{fault.code}",
            "title": fault.code.replace("-", " ").capitalize(),
            "status": self.kind.http_status,
            "code": fault.code,
            "detail": fault.sentence,
            "next_step": fault.next_step,
        }
        headers = [
            ("content-type", "application/problem+json"),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("connection", "close"),
        ]
        if self.kind.http_status == 503:
            headers.append(("retry-after", RETRY_AFTER_SECONDS))
        return _Answer(self.kind.http_status, headers, json.dumps(content).encode())


class Front:
    """One process's front before its WSGI application."""

    def __init__(self, application: Application, limits: Limits) -> None:
        self._application = application
        self._limits = limits
        self._threads = ThreadPoolExecutor(limits.threads, thread_name_prefix="work")
        self._health = ThreadPoolExecutor(1, thread_name_prefix="health")
        self._at_work = 0
        self._gathered_bytes = 0

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request (RSGI, the server's own protocol)."""
        try:
            answer = await self._answer(scope, protocol)
        except _Refusal as refusal:
            answer = refusal.answer()
        if answer.pieces is None:
            protocol.response_bytes(answer.status, answer.headers, answer.content)
        else:
            await self._stream(answer, answer.pieces, protocol)

    async def _stream(self, answer: _Answer, pieces: Iterator[bytes], protocol: Any) -> None:
        """Send pieces as they are made; a slow reader holds no thread, and not for ever."""
        loop = asyncio.get_running_loop()
        try:
            transport = protocol.response_stream(answer.status, answer.headers)
            while (
                piece := await loop.run_in_executor(self._threads, next, pieces, None)
            ) is not None:
                async with asyncio.timeout(self._limits.body_seconds):
                    await transport.send_bytes(piece)
        finally:
            await loop.run_in_executor(self._threads, _close, pieces)

    async def _answer(self, scope: Any, protocol: Any) -> _Answer:
        body = bytearray()
        try:
            if _has_body(scope):
                await self._gather(protocol, body)
            return await self._work(environ_of(scope, bytes(body)), scope.path)
        finally:
            self._gathered_bytes -= len(body)

    async def _gather(self, protocol: Any, body: bytearray) -> None:
        """Add a body's pieces to ``body``, at most one more than its limit allows."""
        async for piece in self._pieces(protocol):
            self._gathered_bytes += len(piece)
            body += piece
            if self._gathered_bytes > self._limits.all_bodies_bytes:
                raise _Refusal(PROCESS_BUSY)
            if len(body) > self._limits.body_bytes:
                return

    async def _pieces(self, protocol: Any) -> Any:
        """Give the pieces of a body as they come; refuse one that takes too long."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._limits.body_seconds
        pieces = protocol.__aiter__()
        while True:
            wait = min(self._limits.piece_seconds, deadline - loop.time())
            try:
                async with asyncio.timeout(max(wait, 0.0)):
                    piece = await pieces.__anext__()
            except StopAsyncIteration:
                return
            except TimeoutError:
                raise _Refusal(BODY_TOO_SLOW) from None
            yield piece

    async def _work(self, environ: Environ, path: str) -> _Answer:
        loop = asyncio.get_running_loop()
        if path == HEALTH:
            return await loop.run_in_executor(self._health, self._call, environ)
        if self._at_work >= self._limits.threads + self._limits.waiting:
            raise _Refusal(PROCESS_BUSY)
        self._at_work += 1
        try:
            by = time.monotonic() + self._limits.queue_seconds
            return await loop.run_in_executor(self._threads, self._call_by, by, environ)
        finally:
            self._at_work -= 1

    def _call_by(self, by: float, environ: Environ) -> _Answer:
        """Do the work unless it waited so long that its sender has given up."""
        if time.monotonic() > by:
            raise _Refusal(PROCESS_BUSY)
        return self._call(environ)

    def _call(self, environ: Environ) -> _Answer:
        started: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], *_: object) -> None:
            started[:] = [int(status.split(" ", 1)[0]), headers]

        response = self._application(environ, start)
        if getattr(response, "streaming", False):
            return _Answer(*started, pieces=_until_closed(response))
        try:
            return _Answer(*started, content=b"".join(response))
        finally:
            _close(response)


def _until_closed(response: Iterable[bytes]) -> Iterator[bytes]:
    """Give the pieces of a streamed response, and close it whatever happens."""
    try:
        yield from response
    finally:
        _close(response)


def _close(made: object) -> None:
    close = getattr(made, "close", None)
    if close is not None:
        close()


def _has_body(scope: Any) -> bool:
    declared = scope.headers.get("content-length")
    return (declared not in (None, "0")) or "transfer-encoding" in scope.headers


def environ_of(scope: Any, body: bytes) -> Environ:
    """Give a request as WSGI has it (PEP 3333), its body whole.

    A header whose name holds an underscore is left out: it could pass for one with a hyphen.
    """
    server_name, _, server_port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server_name,
        "SERVER_PORT": server_port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }
    if scope.authority and "host" not in scope.headers:
        environ["HTTP_HOST"] = scope.authority
    readable = scope.headers.items()
    # The server leaves out a value beyond ASCII; it must not pass for a header that was not sent.
    unreadable = set(scope.headers.keys()) - {name for name, _ in readable}
    for name, value in [*readable, *((name, UNREADABLE) for name in sorted(unreadable))]:
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        separator = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{separator}{value}" if key in environ else value
    return environ
