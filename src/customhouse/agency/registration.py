"""The commands that register filers, importers, senders and users.

Each takes a batch and gives one outcome an item, in input order: a bad item never keeps out a
good one. Nothing is committed here. What already is as asked is left alone, so that a document
can be loaded again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from psycopg import Connection

from customhouse.agency import parties, party_rules
from customhouse.agency import parties_store as sql
from customhouse.agency import party_faults as faults
from customhouse.agency.credentials import Credential, hash_password, new_credential, token_sha256
from customhouse.agency.parties import Filer, Importer
from customhouse.agency.party_outcomes import Judged, PartyOutcome, judge, well_formed
from customhouse.agency.party_references import require_filers
from customhouse.agency.party_rules import NewSender, UserFiler
from customhouse.faults import Fault


def register_filers(connection: Connection, filers: Sequence[Filer]) -> list[PartyOutcome]:
    """Register filers, or give registered ones another name or other ports."""
    connection.execute(sql.LOCK_PARTIES)
    plain = (
        replace(
            filer,
            ports=tuple(sorted(set(filer.ports))),
            client_branch_ports=tuple(sorted(set(filer.client_branch_ports))),
        )
        for filer in filers
    )
    items = [(filer, party_rules.filer_faults(filer)) for filer in plain]
    known = parties.filers(connection, [filer.filer_code for filer in well_formed(items)])
    judged = judge("filer", items, key=lambda filer: filer.filer_code, known=known)
    new, changed = judged.registered, judged.changed
    connection.execute(sql.INSERT_FILERS, _names((f.filer_code, f.name) for f in new))
    connection.execute(sql.RENAME_FILERS, _names((f.filer_code, f.name) for f in changed))
    connection.execute(sql.DELETE_PORTS, {"filer_codes": [f.filer_code for f in changed]})
    ports = [(filer, port) for filer in (*new, *changed) for port in filer.ports]
    values = {
        "filer_codes": [filer.filer_code for filer, _ in ports],
        "ports": [port for _, port in ports],
        "branches": [port in filer.client_branch_ports for filer, port in ports],
    }
    connection.execute(sql.INSERT_PORTS, values)
    return judged.outcomes


def register_importers(connection: Connection, importers: Sequence[Importer]) -> list[PartyOutcome]:
    """Register importers, or give registered ones another name."""
    connection.execute(sql.LOCK_PARTIES)
    items = [(importer, party_rules.importer_faults(importer)) for importer in importers]
    numbers = [importer.importer_number for importer in well_formed(items)]
    known = parties.importers(connection, numbers)
    judged = judge("importer", items, key=lambda importer: importer.importer_number, known=known)
    new, changed = judged.registered, judged.changed
    connection.execute(sql.INSERT_IMPORTERS, _names((i.importer_number, i.name) for i in new))
    connection.execute(sql.RENAME_IMPORTERS, _names((i.importer_number, i.name) for i in changed))
    return judged.outcomes


def register_users(connection: Connection, users: Sequence[UserFiler]) -> list[PartyOutcome]:
    """Let people's sign-ins see filers."""
    connection.execute(sql.LOCK_PARTIES)
    items = [(user, party_rules.user_faults(user)) for user in users]
    items = require_filers(connection, items, codes=lambda user: (user.filer_code,))
    usernames = [user.username for user in well_formed(items)]
    rows = connection.execute(sql.USER_FILERS, {"usernames": usernames})
    known = {user.key: user for user in (UserFiler(*row) for row in rows)}
    judged = judge("user", items, key=lambda user: user.key, known=known)
    values = {
        "usernames": [user.username for user in judged.registered],
        "filer_codes": [user.filer_code for user in judged.registered],
    }
    connection.execute(sql.INSERT_USER_FILERS, values)
    return judged.outcomes


def register_senders(connection: Connection, senders: Sequence[NewSender]) -> list[PartyOutcome]:
    """Register senders, each with a fresh credential, or give registered ones other filers.

    The credential is in the outcome of a new sender and nowhere else: only hashes are kept.
    """
    connection.execute(sql.LOCK_PARTIES)
    plain = [_in_order(sender) for sender in senders]
    items = [(sender, party_rules.sender_faults(sender)) for sender in plain]
    items = require_filers(connection, items, codes=lambda sender: sender.filer_codes)
    items = _with_receivers(connection, items)
    sender_ids, known = _known_senders(connection, well_formed(items))
    judged = judge("sender", items, key=lambda sender: sender.key, known=known)
    issued = {sender.key: new_credential() for sender in judged.registered}
    connection.execute(sql.INSERT_SENDERS, _new_rows(judged.registered, issued))
    _write_filers(connection, judged, sender_ids)
    return [
        replace(outcome, credential=issued[outcome.key])
        if outcome.status == "registered"
        else outcome
        for outcome in judged.outcomes
    ]


def senders_without_credential(
    connection: Connection, senders: Sequence[NewSender]
) -> list[NewSender]:
    """Give the well-formed ones that are not registered yet: each is to get a credential."""
    good = [sender for sender in senders if not party_rules.sender_faults(sender)]
    _, known = _known_senders(connection, good)
    return [sender for sender in good if sender.key not in known]


def renew_credential(
    connection: Connection, site_code: str, *, id_code: str, office_code: str = ""
) -> Credential | None:
    """Give a sender another token and password, ending the former; None for an unknown sender."""
    credential = new_credential()
    kept = hash_password(credential.password)
    values = {
        "site_code": site_code,
        "id_code": id_code,
        "office_code": office_code,
        "token": token_sha256(credential.token),
        "salt": kept.salt,
        "digest": kept.digest,
    }
    known = connection.execute(sql.RENEW_CREDENTIAL, values).rowcount == 1
    return credential if known else None


def _with_receivers(
    connection: Connection, items: Sequence[tuple[NewSender, list[Fault]]]
) -> list[tuple[NewSender, list[Fault]]]:
    """Refuse a sender that asks for statements which another sender receives."""
    asked = {code for sender in well_formed(items) for code in sender.receives_statements_of}
    receivers = {
        code: "-".join(filter(None, (site.site_code, site.id_code, site.office_code)))
        for code, site in parties.receiver_of(connection, asked).items()
    }
    checked = []
    for sender, found in items:
        taken = [
            Fault(
                faults.STATEMENTS_RECEIVER_TAKEN,
                {"filer_code": code, "sender": receivers[code]},
            )
            for code in sender.receives_statements_of
            if not found and receivers.get(code, sender.key) != sender.key
        ]
        if not found and not taken:
            receivers |= dict.fromkeys(sender.receives_statements_of, sender.key)
        checked.append((sender, [*found, *taken]))
    return checked


def _names(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    listed = list(pairs)
    return {"keys": [key for key, _ in listed], "names": [name for _, name in listed]}


def _in_order(sender: NewSender) -> NewSender:
    filer_codes = tuple(sorted(set(sender.filer_codes)))
    receives = tuple(sorted(set(sender.receives_statements_of)))
    return replace(sender, filer_codes=filer_codes, receives_statements_of=receives)


def _new_rows(senders: Sequence[NewSender], issued: dict[str, Credential]) -> dict[str, object]:
    kept = [hash_password(issued[sender.key].password) for sender in senders]
    return {
        "site_codes": [sender.site_code for sender in senders],
        "id_codes": [sender.id_code for sender in senders],
        "office_codes": [sender.office_code for sender in senders],
        "tokens": [token_sha256(issued[sender.key].token) for sender in senders],
        "salts": [each.salt for each in kept],
        "digests": [each.digest for each in kept],
    }


def _known_senders(
    connection: Connection, senders: Collection[NewSender]
) -> tuple[dict[str, int], dict[str, NewSender]]:
    codes = {
        "site_codes": [sender.site_code for sender in senders],
        "id_codes": [sender.id_code for sender in senders],
        "office_codes": [sender.office_code for sender in senders],
    }
    sender_ids, known = {}, {}
    for sender_id, site, identifier, office, filers, receives in connection.execute(
        sql.SENDERS, codes
    ):
        sender = NewSender(site, identifier, office, tuple(filers), tuple(receives))
        sender_ids[sender.key], known[sender.key] = sender_id, sender
    return sender_ids, known


def _write_filers(
    connection: Connection, judged: Judged[NewSender], sender_ids: dict[str, int]
) -> None:
    gone = [sender_ids[sender.key] for sender in judged.changed]
    connection.execute(sql.DELETE_SENDER_FILERS, {"sender_ids": gone})
    rows = [
        (sender, code)
        for sender in (*judged.registered, *judged.changed)
        for code in sender.filer_codes
    ]
    values = {
        "site_codes": [sender.site_code for sender, _ in rows],
        "id_codes": [sender.id_code for sender, _ in rows],
        "office_codes": [sender.office_code for sender, _ in rows],
        "filer_codes": [code for _, code in rows],
        "receives": [code in sender.receives_statements_of for sender, code in rows],
    }
    connection.execute(sql.INSERT_SENDER_FILERS, values)
