"""Entry summaries over the JSON API: each item its own outcome, a key once, nothing but JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from customhouse.settings import Settings
from tests.acceptance.servers import serving
from tests.acceptance.wharf import BROKER, OTHER_BROKER, TUESDAY, Wharf, entry_number

PATH = "/api/v1/entry-summaries"


class Desk:
    """A broker's software at the door: posts what it likes and reads what comes back."""

    def __init__(self, wharf: Wharf) -> None:
        self.wharf = wharf

    def post(
        self, body: Any, *, key: str | None = "k-1", filer: str = BROKER, **headers: str
    ) -> httpx2.Response:
        """Post a body, values or raw bytes, as the sender of a filer."""
        sent = {
            "Authorization": f"Bearer {self.wharf.credentials[filer]['token']}",
            "Content-Type": "application/json",
            **({} if key is None else {"Idempotency-Key": key}),
            **headers,
        }
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        url = f"{self.wharf.settings.agency_url}{PATH}"
        return httpx2.post(url, content=raw, headers=sent, trust_env=False, timeout=30)

    def outcomes(self, items: list[Any], *, key: str, filer: str = BROKER) -> list[dict[str, Any]]:
        """Post items; give their outcomes, which stand in input order."""
        response = self.post(items, key=key, filer=filer)
        assert response.status_code == 200, response.text
        found = response.json()["outcomes"]
        assert [each["position"] for each in found] == [
            f"item {number}" for number in range(1, len(items) + 1)
        ]
        return list(found)


def item(serial: int, **changes: Any) -> dict[str, Any]:
    """Give a good entry summary of the broker for Tuesday."""
    return {
        "filer_code": BROKER,
        "entry_number": str(entry_number(BROKER, serial)),
        "importer_number": "12-3456789",
        "port_of_entry": "3901",
        "processing_port": "3901",
        "entry_type": "01",
        "entry_date": "2026-11-12",
        "payment_type": "2",
        "print_date": TUESDAY.isoformat(),
        "charges": {"001": "1046.08", "499": "33.58"},
        **changes,
    }


def codes(outcome: dict[str, Any]) -> list[str]:
    """Give the codes of an outcome's faults."""
    return [fault["code"] for fault in outcome["faults"]]


@pytest.fixture(scope="module")
def desk(module_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Give a desk at a wharf whose agency is served, Monday open."""
    wharf = Wharf(module_settings, tmp_path_factory.mktemp("desk"))
    with serving(module_settings, "bank"):
        wharf.settle_in()
    with serving(module_settings, "agency"):
        yield Desk(wharf)


def test_each_item_has_its_outcome_with_all_its_faults(desk: Desk) -> None:
    """A6: the bad item keeps nobody out; published conditions stand beside our codes."""
    bad = item(2, payment_type="6", processing_port="1001", print_date="2026-11-26")
    found = desk.outcomes([item(1), bad, "no object", item(3)], key="outcomes")
    assert [each["status"] for each in found] == ["accepted", "refused", "refused", "accepted"]
    assert found[0]["due_on"] == "2026-11-27"
    assert [(each["code"], each["ae_code"]) for each in found[1]["faults"]] == [
        ("periodic-not-offered", "207"),
        ("entry-port-not-of-filer", "207"),
        ("print-date-not-business-day", "204"),
    ]
    assert found[1]["faults"][2]["ae_text"] == "Prelim Stmt Date is Sat, Sun, or Hol"
    assert codes(found[2]) == ["entry-field-wrong"]


def test_an_entry_of_another_filer_is_as_good_as_unknown(desk: Desk) -> None:
    """A7, F5: not even whether it is on file is said; keys of two senders never meet."""
    there = item(11)
    assert desk.outcomes([there], key="mine")[0]["status"] == "accepted"
    for changed in (there, {**there, "broker_reference": "OTHER"}):
        (found,) = desk.outcomes(
            [changed], key=f"theirs {len(changed)}".replace(" ", "-"), filer=OTHER_BROKER
        )
        assert (found["status"], codes(found)) == ("refused", ["entry-filer-unknown"])


def test_a_key_gets_its_first_answer(desk: Desk) -> None:
    """A1, A4, F5: byte for byte; another body with it is refused, and so is none at all."""
    body = json.dumps([item(21)]).encode()
    first, second = desk.post(body, key="again"), desk.post(body, key="again")
    assert first.json()["accepted"] == 1
    assert second.content == first.content
    assert second.headers["Idempotency-Replayed"] == "true"
    reused = desk.post([item(22)], key="again")
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency-key-reused")
    missing = desk.post(body, key=None)
    assert (missing.status_code, missing.json()["code"]) == (400, "idempotency-key-missing")


GOOD = json.dumps(item(31))
STRANGE = {
    "doubled key": f'[{GOOD[:-1]}, "entry_type": "02"}}]',
    "NaN": f'[{GOOD[:-1]}, "x": NaN}}]',
    "1e400": f'[{GOOD[:-1]}, "x": 1e400}}]',
    "a float as cents": GOOD.join("[]").replace('"1046.08"', "1046.08"),
    "deep nesting": "[" * 10_000 + "]" * 10_000,
    "a long number": f'[{GOOD[:-1]}, "x": {"9" * 5_000}}}]',
    "no JSON": "entry_number,filer_code",
    "an object": GOOD,
    "an empty list": "[]",
    "UTF-16": None,
}


@pytest.mark.parametrize("name", STRANGE)
def test_strange_json_is_refused(desk: Desk, name: str) -> None:
    """F6: 400 with the reason, nothing taken in, and the key stays free."""
    text = STRANGE[name]
    raw = GOOD.join("[]").encode("utf-16") if text is None else text.encode()
    refused = desk.post(raw, key=f"strange-{name.replace(' ', '-')}")
    assert refused.status_code == 400, refused.text
    assert refused.json()["code"] in {"json-unreadable", "entries-not-listed"}


def test_a_body_is_bounded(desk: Desk) -> None:
    """Too many items, too many bytes, another content type: each has its own refusal."""
    many = desk.post([{}] * 10_001, key="many")
    assert (many.status_code, many.json()["code"]) == (413, "entries-too-many")
    large = desk.post(b"[" + b" " * 17_000_000 + b"]", key="large")
    assert (large.status_code, large.json()["code"]) == (413, "body-too-large")
    text = desk.post([item(41)], key="text", **{"Content-Type": "text/plain"})
    assert (text.status_code, text.json()["code"]) == (415, "body-not-json")


@pytest.mark.parametrize(
    ("number", "digit"), [("B76-0000051-9", "check digit"), ("B76-O000051-3", "eight digits")]
)
def test_a_wrong_entry_number_is_one_items_fault(desk: Desk, number: str, digit: str) -> None:
    """F8: a bad check digit, a letter O for a zero."""
    found = desk.outcomes([item(51, entry_number=number), item(52)], key=f"number-{number}")
    assert found[0]["status"] == "refused"
    assert digit in found[0]["faults"][0]["detail"]
    assert found[1]["status"] in {"accepted", "unchanged"}


@pytest.mark.parametrize("amount", ["1046,08", "1,046.08", "+1.00", " 1.00", "1e3", "１.00", "-1"])
def test_an_amount_has_its_fields_grammar(desk: Desk, amount: str) -> None:
    """F10: no helpful guess."""
    key = f"amount-{amount.encode().hex()}"
    (found,) = desk.outcomes([item(61, charges={"001": amount})], key=key)
    assert codes(found) == ["entry-field-wrong"]


def test_a_file_is_sent_by_command(desk: Desk) -> None:
    """The same file gives the same outcomes as loading it, and again is no harm."""
    header = [name for name in item(71) if name != "charges"] + ["charge_001", "payable"]
    lines = [",".join(header)]
    for serial, payable in ((71, "N"), (72, "maybe")):
        values = item(serial)
        cells = [str(values[name]) for name in header[:-2]]
        lines.append(",".join([*cells, "5.00", payable]))
    lines.append("cut,short")
    file = desk.wharf.folder / "entries.csv"
    file.write_text("\n".join(lines) + "\n")
    token = desk.wharf.folder / "token"
    token.write_text(desk.wharf.credentials[BROKER]["token"])
    url = desk.wharf.settings.agency_url
    send = ("entries", "send", "--url", url, "--token-file", str(token))
    said = desk.wharf.command(*send, str(file), code=7)
    assert "line 2 B76-0000071-" in said
    assert "line 3 B76-0000072-" in said
    assert "The payable is 'maybe'" in said
    assert "line 4: refused" in said
    assert "3 entries: 1 accepted, 0 replaced, 0 already there, 2 refused" in said
    listed = desk.wharf.folder / "entries.json"
    listed.write_text(json.dumps([item(71, payable=False, charges={"001": "5.00"}), item(73)]))
    again = desk.wharf.command(*send, str(listed), "--json")
    assert [json.loads(line)["status"] for line in again.splitlines()] == [
        "already there",
        "accepted",
    ]
