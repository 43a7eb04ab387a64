"""The bank's HTTP door on its real process: capture, rails, and how it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import httpx2
import pytest

from customhouse import rails
from customhouse.bank import door_tokens
from customhouse.bank.day import open_bank
from customhouse.settings import Settings
from tests.acceptance.servers import Served, serving
from tests.dumps import dump

CANARY = "70605040302"
INSTRUCTION = {
    "instruction_id": "B76-3927327001-1",
    "payer_unit_number": "000001",
    "statement_number": "3927327001",
    "amount_cents": 104_608,
    "accepted_on": "2026-11-24",
    "debit_on": "2026-11-25",
}


@dataclass(frozen=True)
class Door:
    """The bank's door with both bearer tokens."""

    client: httpx2.Client
    capture_token: str
    rails_token: str
    settings: Settings

    def capture(self, number: int, **changes: object) -> httpx2.Response:
        """Capture the account of payer ``number``; its number is a canary's."""
        account = {
            "routing_number": "111111118",
            "account_number": f"{CANARY}{number:03d}",
            "account_type": "checking",
            "holder_name": f"Example Importer {number}",
        }
        return self.post("/accounts", account | changes, token=self.capture_token)

    def bind(self, number: str, token: object) -> httpx2.Response:
        """Bind a payer unit to an account."""
        body = {"payer_unit_number": number, "account_token": token}
        return self.post(rails.PAYER_UNITS_PATH, body)

    def instruct(self, **changes: object) -> httpx2.Response:
        """Deliver the instruction, or one that differs by ``changes``."""
        return self.post(rails.INSTRUCTIONS_PATH, INSTRUCTION | changes)

    def post(
        self, path: str, body: dict[str, object] | bytes, *, token: str | None = None
    ) -> httpx2.Response:
        """Send JSON with the rails' token or another one."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {
            "Authorization": f"Bearer {token or self.rails_token}",
            "Content-Type": "application/json",
        }
        return self.client.post(path, content=content, headers=headers)

    def events(self, **parameters: str) -> httpx2.Response:
        """Ask for events."""
        headers = {"Authorization": f"Bearer {self.rails_token}"}
        return self.client.get(rails.EVENTS_PATH, params=parameters, headers=headers)


@pytest.fixture(scope="module")
def served(module_settings: Settings) -> Iterator[Served]:
    """Serve the bank for all tests of this module; each uses accounts of its own."""
    with serving(module_settings, "bank") as served:
        yield served


@pytest.fixture(scope="module")
def door(served: Served) -> Iterator[Door]:
    with open_bank(served.settings) as (connection, clock):
        token = door_tokens.issue(connection, scope="capture", label="tests", clock=clock)
    with httpx2.Client(base_url=served.url, timeout=10.0, trust_env=False) as client:
        yield Door(client, token, served.settings.rails_token, served.settings)


def refusal(response: httpx2.Response, status: int) -> str:
    """Give the code of a refusal, which must be problem details without a trace or an account."""
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    assert CANARY not in response.text
    assert "Traceback" not in response.text
    values = response.json()
    assert values["status"] == status
    assert values["detail"]
    return str(values["code"])


@pytest.mark.requirement("SEC-03")
def test_one_account_a_payer_unit_and_one_payer_unit_an_account(door: Door) -> None:
    first = door.capture(1).json()["account_token"]
    second = door.capture(2).json()["account_token"]
    assert door.bind("000001", first).status_code == 200
    assert door.bind("000001", first).status_code == 200
    assert refusal(door.bind("000002", first), 409) == "account-has-other-unit"
    assert refusal(door.bind("000001", second), 409) == "unit-has-other-account"
    assert refusal(door.bind("000003", "acct_" + "a" * 26), 404) == "account-token-unknown"
    assert door.bind("000002", second).status_code == 200


@pytest.mark.requirement("SEC-03")
def test_the_same_account_captured_again_cannot_get_a_second_number(door: Door) -> None:
    token = door.capture(3).json()["account_token"]
    again = door.capture(3, account_type="savings", holder_name="Another Name")
    assert again.status_code == 201
    assert again.json() == {"account_token": token}
    assert door.bind("000010", token).status_code == 200
    assert refusal(door.bind("000011", token), 409) == "account-has-other-unit"


@pytest.mark.requirement("SEC-02")
def test_an_account_is_in_no_answer_no_log_and_no_dump(door: Door) -> None:
    answers = [
        door.capture(4),
        door.capture(5, routing_number=CANARY),
        door.capture(5, account_number=f"{CANARY}-"),
        door.capture(5, holder_name=f"{CANARY}" * 3),
        door.capture(5, surplus=CANARY),
        door.capture(5, account_number=[CANARY]),
        door.post("/accounts", f'{{"account_number": "{CANARY}'.encode(), token="wrong"),
        door.post("/accounts", f'{{"account_number": "{CANARY}'.encode(), token=door.capture_token),
        door.bind(CANARY, CANARY),
        door.instruct(statement_number=CANARY, instruction_id=f"no such {CANARY}"),
    ]
    codes = [answer.status_code for answer in answers]
    assert codes == [201, 422, 422, 422, 422, 422, 401, 422, 422, 422]
    for answer in answers:
        assert CANARY not in answer.text
        assert CANARY not in str(answer.headers)
    logs = list((door.settings.data_directory / "logs").iterdir())
    assert logs
    assert all(CANARY not in log.read_text() for log in logs)
    assert CANARY.encode() not in dump(door.settings, "bank")
    assert CANARY.encode() not in dump(door.settings, "agency")


@pytest.mark.requirement("DEB-09")
def test_an_instruction_is_taken_once_whatever_happens_on_the_way(door: Door) -> None:
    unit = "000020"
    door.bind(unit, door.capture(20).json()["account_token"])
    changes = {"instruction_id": "once", "payer_unit_number": unit}
    first = door.instruct(**changes)
    assert (first.status_code, first.json()) == (
        202,
        {"instruction_id": "once", "state": "received"},
    )
    assert door.instruct(**changes).json() == first.json()
    assert refusal(door.instruct(**changes, amount_cents=104_607), 409) == "instruction-id-reused"


def test_an_unbound_payer_unit_is_answered_and_told_by_an_event(door: Door) -> None:
    changes = {"instruction_id": "unbound", "payer_unit_number": "999999"}
    before = door.events(limit="1000").json()["next_after"]
    for _ in range(2):
        answer = door.instruct(**changes)
        assert answer.status_code == 202
        assert (answer.json()["state"], answer.json()["code"]) == (
            "refused",
            "payer-unit-not-bound",
        )
    (event,) = door.events(after=str(before)).json()["events"]
    assert rails.event_from_json(event).kind == "refused"
    assert event["instruction_id"] == "unbound"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "json-unreadable"),
        (b"null", "json-unreadable"),
        (b"[" * 4000, "json-unreadable"),
        (b'{"amount_cents": 1, "amount_cents": 2}', "json-unreadable"),
        (b'{"amount_cents": NaN}', "json-unreadable"),
        (b'{"amount_cents": 1.0}', "json-unreadable"),
        (b'{"instruction": {}}', "json-unreadable"),
        (b"{}", "members-wrong"),
    ],
)
def test_junk_is_refused(door: Door, body: bytes, code: str) -> None:
    assert refusal(door.post(rails.INSTRUCTIONS_PATH, body), 422) == code


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_cents": 0},
        {"amount_cents": 10_000_000_000},
        {"amount_cents": True},
        {"amount_cents": "104608"},
        {"amount_cents": 10**4000},
        {"debit_on": "2026-02-31"},
        {"debit_on": "2026-11-23"},
        {"statement_number": "\u0000"},
        {"instruction_id": "\ud800"},
        {"payer_unit_number": "１２３４５６"},
    ],
)
def test_a_value_out_of_form_or_range_is_refused(door: Door, changes: dict[str, object]) -> None:
    assert refusal(door.instruct(**changes), 422) in ("instruction-unreadable", "json-unreadable")


@pytest.mark.parametrize("credentials", ["Bearer", "Bearer wrong", "Bearer é", "Basic YTpi"])
def test_nobody_gets_in_without_the_right_token(door: Door, credentials: str) -> None:
    headers = {"Authorization": credentials.encode()}
    for path, code in (
        (rails.PAYER_UNITS_PATH, "rails-caller-unknown"),
        (rails.INSTRUCTIONS_PATH, "rails-caller-unknown"),
        ("/accounts", "capture-caller-unknown"),
    ):
        response = door.client.post(path, content=b"{}", headers=headers)
        assert refusal(response, 401) == code
    assert refusal(door.client.get(rails.EVENTS_PATH, headers=headers), 401)


def test_each_token_opens_its_own_door_only(door: Door) -> None:
    other = door.post("/accounts", b"{}", token=door.rails_token)
    assert refusal(other, 401) == "capture-caller-unknown"
    other = door.post(rails.INSTRUCTIONS_PATH, b"{}", token=door.capture_token)
    assert refusal(other, 401) == "rails-caller-unknown"


def test_size_type_path_and_method_are_refused_as_problems(door: Door) -> None:
    assert refusal(door.post(rails.INSTRUCTIONS_PATH, b" " * 10_000), 413) == "body-too-large"
    headers = {"Authorization": f"Bearer {door.rails_token}"}
    plain = door.client.post(rails.INSTRUCTIONS_PATH, content=b"{}", headers=headers)
    assert refusal(plain, 415) == "json-expected"
    assert refusal(door.client.get(f"/accounts/{CANARY}"), 404) == "not-found"
    log = (door.settings.data_directory / "logs" / "bank.jsonl").read_text()
    assert '"path": "not offered"' in log
    assert CANARY not in log
    assert refusal(door.client.put("/accounts", content=b"{}"), 405) == "method-not-allowed"


@pytest.mark.parametrize(
    "parameters",
    [{"after": "-1"}, {"after": "x"}, {"limit": "0"}, {"limit": "1001"}, {"after": "9" * 30}],
)
def test_a_cursor_out_of_form_is_refused(door: Door, parameters: dict[str, str]) -> None:
    assert refusal(door.events(**parameters), 422) == "cursor-unreadable"


@pytest.mark.requirement("DEB-09")
def test_a_batch_of_instructions_is_answered_item_by_item(door: Door) -> None:
    """B10, F6: one that cannot be taken keeps no other back, and the same batch has no effect."""
    unit = "000030"
    door.bind(unit, door.capture(30).json()["account_token"])
    good = INSTRUCTION | {"payer_unit_number": unit}
    items = [
        good | {"instruction_id": "batch-1"},
        good | {"instruction_id": "batch-2", "amount_cents": 1.5e3},
        good | {"instruction_id": "batch-3", "amount_cents": 0},
        good | {"instruction_id": "batch-4", "payer_unit_number": "999999"},
        good | {"instruction_id": "batch-1", "amount_cents": 1},
        good | {"instruction_id": "batch-5"},
        good | {"surplus": CANARY, "instruction_id": CANARY},
    ]
    path = rails.INSTRUCTION_BATCHES_PATH
    assert refusal(door.post(path, {"instructions": items}), 422) == "json-unreadable"
    items[1] = good | {"instruction_id": "batch-2", "debit_on": "tomorrow"}
    first = door.post(path, {"instructions": items[:-1]})
    assert first.status_code == 202
    states = [each["state"] for each in first.json()["answers"]]
    expected = ["received", "unreadable", "unreadable", "refused", "reused", "received"]
    assert states == expected
    assert door.post(path, {"instructions": items[:-1]}).json() == first.json()
    (surplus,) = door.post(path, {"instructions": items[-1:]}).json()["answers"]
    assert surplus["code"] == "instruction-unreadable"
    assert CANARY not in surplus["detail"]
    too_many = {"instructions": items[:1] * (rails.MOST_INSTRUCTIONS + 1)}
    assert refusal(door.post(path, too_many), 422) == "json-unreadable"
