"""Takes in what the operator delivers: archived, checked whole, kept once, then matched.

A file with a fault is quarantined and nothing of it is kept (failure C4), one that is still being
written is left for the next look (C20); a file or an item that was delivered before has no second
effect (C2). What an item means for its debit is matching's job.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import islice
from typing import BinaryIO, Final, Literal

from customhouse.bank import alarms, credits, matching, vault
from customhouse.bank import inbound_store as sql
from customhouse.bank.delivery import QUIET_SECONDS, is_cut_off
from customhouse.bank.exchange import Arrival
from customhouse.bank.inbound_credits import check_credits, read_credits, require_own_account
from customhouse.bank.inbound_forms import (
    Acknowledgement,
    FormFault,
    FormRefused,
    ReportedItem,
    check_settlement,
    read_acknowledgement,
    read_settlement,
)
from customhouse.bank.inbound_returns import check_returns, read_returns
from customhouse.bank.office import Office
from customhouse.bank.vault import SealedRecord

Kind = Literal["acknowledgement", "settlement", "returns", "credits", "unknown"]
Key = tuple[str, str, str, date, int]

ITEMS_AT_ONCE: Final = 5000
ENDINGS: Final[dict[str, Kind]] = {
    ".ack.json": "acknowledgement",
    ".settlement.csv": "settlement",
    ".ret.ach": "returns",
    ".cr.ach": "credits",
}


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What one intake found: files by outcome, and items by what became of them.

    An unfinished file is not there in full yet and was left where it is.
    """

    taken: int
    repeated: int
    quarantined: int
    unfinished: int
    matched: matching.Matched


def take_in(office: Office) -> TakenIn:
    """Read every file that lies in the inbound folder, then match whatever waits.

    Each file is one transaction and is taken out of the folder afterwards, so that a crash in
    between makes it a repeated delivery.
    """
    counts = {"taken": 0, "repeated": 0, "quarantined": 0, "unfinished": 0}
    for arrival in office.exchange.arrivals():
        office.boundary("inbound archived")
        outcome = _take_file(office, arrival)
        counts[outcome] += 1
        office.boundary("inbound kept")
        if outcome == "unfinished":
            office.exchange.leave(arrival)
        else:
            office.exchange.finish(arrival)
        office.boundary("inbound finished")
    return TakenIn(**counts, matched=matching.match_waiting(office))


def kind_of(name: str) -> Kind:
    """Tell by the ending of its name what a delivered file is."""
    return next((kind for ending, kind in ENDINGS.items() if name.endswith(ending)), "unknown")


def _take_file(office: Office, arrival: Arrival) -> str:
    known = office.connection.execute(sql.DELIVERED_BEFORE, {"sha256": arrival.sha256}).fetchone()
    if known is not None:
        return "repeated"
    kind = kind_of(arrival.name)
    try:
        with arrival.archived.open("rb") as stream:
            _TAKE[kind](office, arrival, stream)
    except FormRefused as refused:
        if arrival.quiet_seconds < QUIET_SECONDS and is_cut_off(arrival.archived):
            return "unfinished"
        _quarantine(office, arrival, kind=kind, faults=refused.faults)
        return "quarantined"
    alarms.clear(
        office.connection, kind="file-quarantined", reference=arrival.sha256, clock=office.clock
    )
    return "taken"


def _quarantine(
    office: Office, arrival: Arrival, *, kind: Kind, faults: Sequence[FormFault]
) -> None:
    office.exchange.put_in_quarantine(arrival, [fault.to_json() for fault in faults])
    sentence = (
        f"The delivered file {arrival.name} was refused; it and its faults are in quarantine."
    )
    alarm = alarms.Alarm("file-quarantined", arrival.sha256, sentence)
    with office.connection.transaction():
        _add_file(office, arrival, kind=kind, faults=len(faults))
        alarms.raise_all(office.connection, [alarm], clock=office.clock)


def _add_file(office: Office, arrival: Arrival, *, kind: Kind, faults: int = 0) -> None:
    values = {
        "sha256": arrival.sha256,
        "name": arrival.name,
        "kind": kind,
        "outcome": "quarantined" if faults else "taken",
        "faults": faults,
        "received_at": office.clock.now(),
    }
    office.connection.execute(sql.ADD_FILE, values)


def _refuse_unknown(office: Office, arrival: Arrival, stream: BinaryIO) -> None:
    hint = f"end its name in one of {', '.join(ENDINGS)}"
    raise FormRefused([FormFault("name-unknown", 0, "the name does not say what it is", hint)])


def _take_acknowledgement(office: Office, arrival: Arrival, stream: BinaryIO) -> None:
    acknowledgement: Acknowledgement = read_acknowledgement(stream)
    with office.connection.transaction():
        _add_file(office, arrival, kind="acknowledgement")
        values = {"sha256": arrival.sha256, **asdict(acknowledgement)}
        office.connection.execute(sql.ADD_ACKNOWLEDGEMENT, values)


def _take_settlement(office: Office, arrival: Arrival, stream: BinaryIO) -> None:
    check_settlement(stream)
    stream.seek(0)
    _keep_items(office, arrival, kind="settlement", items=read_settlement(stream))


def _take_returns(office: Office, arrival: Arrival, stream: BinaryIO) -> None:
    check_returns(stream)
    stream.seek(0)
    _keep_items(office, arrival, kind="returns", items=read_returns(stream))


def _take_credits(office: Office, arrival: Arrival, stream: BinaryIO) -> None:
    require_own_account(office.collection)
    check_credits(stream)
    stream.seek(0)
    with office.connection.transaction():
        _add_file(office, arrival, kind="credits")
        credits.keep(office, arrival.sha256, entries=read_credits(stream))


def _keep_items(
    office: Office, arrival: Arrival, *, kind: Kind, items: Iterator[ReportedItem]
) -> None:
    with office.connection.transaction():
        _add_file(office, arrival, kind=kind)
        while piece := list(islice(items, ITEMS_AT_ONCE)):
            _add_items(office, arrival.sha256, piece)


def _add_items(office: Office, sha256: str, items: Sequence[ReportedItem]) -> None:
    values = {
        "sha256": sha256,
        "kinds": [item.kind for item in items],
        "trace_numbers": [item.trace_number for item in items],
        "codes": [item.code for item in items],
        "dated_ons": [item.dated_on for item in items],
        "amounts_cents": [item.amount_cents for item in items],
        "own_traces": [item.own_trace for item in items],
        "questionables": [item.questionable for item in items],
    }
    added: dict[Key, int] = {
        (kind, trace_number, code, dated_on, amount_cents): item_id
        for item_id, kind, trace_number, code, dated_on, amount_cents in office.connection.execute(
            sql.ADD_ITEMS, values
        )
    }
    corrected = {_key(item): item.corrected_data for item in items if item.kind == "changed"}
    _seal_corrections(office, {added[key]: text for key, text in corrected.items() if key in added})


def _key(item: ReportedItem) -> Key:
    return (item.kind, item.trace_number, item.code, item.dated_on, item.amount_cents)


def _seal_corrections(office: Office, corrected: dict[int, str]) -> None:
    """Keep corrected data as ciphertext; a person looks at it before anything is changed (C9)."""
    if not corrected:
        return
    records: list[SealedRecord] = [
        vault.seal_record(
            office.keys,
            vault.new_token("corr"),
            plain=text.encode(),
            context=vault.CORRECTION_CONTEXT,
        )
        for text in corrected.values()
    ]
    values = {
        "item_ids": list(corrected),
        "tokens": [record.token for record in records],
        "key_versions": [record.key_version for record in records],
        "wrapped_keys": [record.wrapped_key for record in records],
        "sealed": [record.sealed for record in records],
    }
    office.connection.execute(sql.ADD_CORRECTIONS, values)


_TAKE: Final[dict[Kind, Callable[[Office, Arrival, BinaryIO], None]]] = {
    "acknowledgement": _take_acknowledgement,
    "settlement": _take_settlement,
    "returns": _take_returns,
    "credits": _take_credits,
    "unknown": _refuse_unknown,
}
