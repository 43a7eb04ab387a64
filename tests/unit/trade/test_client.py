"""The HTTP half of the client: what it sends, and how it reads refusals and strange answers."""

from __future__ import annotations

from collections.abc import Callable

import httpx2
import pytest

from customhouse.faults import Refused
from customhouse.trade.client import AgencyClient

Answer = Callable[[httpx2.Request], httpx2.Response]


def _client(answer: Answer) -> AgencyClient:
    return AgencyClient("http://127.0.0.1:1", "tok-123", transport=httpx2.MockTransport(answer))


def _refused(answer: Answer) -> Refused:
    with _client(answer) as client, pytest.raises(Refused) as refused:
        client.send_batch("A")
    return refused.value


def test_a_batch_goes_out_as_text_with_token_and_key() -> None:
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, text="Z\n", headers={"X-Batch-Outcome": "rejected"})

    with _client(answer) as client:
        reply = client.send_batch("A\n", "key-1")
    assert (reply.text, reply.rejected) == ("Z\n", True)
    (request,) = seen
    assert (request.method, request.url.path, request.content) == ("POST", "/abi/batches", b"A\n")
    assert request.headers["Authorization"] == "Bearer tok-123"
    assert request.headers["Idempotency-Key"] == "key-1"
    assert request.headers["Content-Type"] == "text/plain"


def test_a_refusal_is_told_in_the_agencys_words() -> None:
    """Braces in its sentences are text, not templates of ours."""
    problem = {"code": "body-too-large", "detail": "More than {limit}.", "next_step": "Split it."}
    refused = _refused(lambda _: httpx2.Response(413, json=problem))
    (fault,) = refused.faults
    assert (fault.code, fault.sentence, fault.next_step) == (
        "body-too-large",
        "More than {limit}.",
        "Split it.",
    )


@pytest.mark.parametrize(
    "response",
    [
        httpx2.Response(200, text="<html>welcome</html>"),
        httpx2.Response(502, text="bad gateway"),
        httpx2.Response(500, json=["no", "problem"]),
        httpx2.Response(404, json={"detail": "something"}),
    ],
)
def test_an_answer_that_no_agency_gives_is_named_as_such(response: httpx2.Response) -> None:
    assert _refused(lambda _: response).faults[0].code == "agency-answer-unreadable"


def test_a_broken_connection_is_told_without_the_request() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ReadTimeout("while waiting for tok-123", request=request)

    refused = _refused(answer)
    assert refused.faults[0].code == "agency-unreachable"
    assert "no answer in time" in str(refused)
    assert "tok-123" not in str(refused)


def test_a_client_does_not_show_its_token() -> None:
    with _client(lambda _: httpx2.Response(200)) as client:
        assert "tok-123" not in repr(client)


def test_an_outbox_that_is_no_list_of_messages_is_refused() -> None:
    with (
        _client(lambda _: httpx2.Response(200, json=[{"id": 1}])) as client,
        pytest.raises(Refused),
    ):
        client.outbox()


def test_another_server_than_an_agency_is_named_as_such() -> None:
    """The bank's own words for an unknown path would send a filer to the bank's paths."""
    problem = {"code": "not-found", "detail": "Nothing here.", "next_step": "POST /accounts."}
    (fault,) = _refused(lambda _: httpx2.Response(404, json=problem)).faults
    assert fault.code == "not-an-agency"
    assert "/abi/batches" in fault.sentence


def test_a_key_that_no_header_can_carry_is_refused_before_anything_is_sent() -> None:
    with (
        _client(lambda _: httpx2.Response(500)) as client,
        pytest.raises(Refused, match="printable ASCII"),
    ):
        client.send_batch("A", "schl\u00fcssel")
