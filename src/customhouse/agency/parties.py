"""Who the agency deals with, as values, and the questions asked about them.

Registering and changing them is ``registration``. A payer unit's account is an opaque token of the
bank's; nothing here knows an account number (SEC-02).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import parties_store as sql
from customhouse.agency.credentials import PasswordHash, password_matches, token_sha256
from customhouse.formats.abi_batch import SenderProfile

# What a sender may transmit: payment authorizations, statement updates, requests for copies.
APPLICATIONS = frozenset({"RM", "SU", "MO"})


@dataclass(frozen=True, slots=True)
class Filer:
    """A filer: its three characters, its name and the ports that process its statements.

    At those of them in ``client_branch_ports`` its statements are split by client branch.
    """

    filer_code: str
    name: str
    ports: tuple[str, ...]
    client_branch_ports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Importer:
    """An importer: its number in canonical spelling and its name."""

    importer_number: str
    name: str


@dataclass(frozen=True, slots=True)
class PayerUnit:
    """A payer unit: one number, one account of one owner, effective from a day (SEC-01, SEC-03).

    Exactly one of the owners is set. A number of None asks for the next free one. The cap is what
    the payer says may be debited in a day; None leaves what was declared before, 0 takes it away.
    """

    payer_unit_number: str | None
    owner_filer_code: str | None
    owner_importer_number: str | None
    account_token: str = field(repr=False)
    effective_on: date
    daily_cap_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Designation:
    """A filer may use an importer's payer unit from one day to another, both included.

    An end of None is open (SEC-04, SEC-06).
    """

    payer_unit_number: str
    filer_code: str
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """Where ABI messages come from and go to: site, sender identifier and office."""

    sender_id: int
    site_code: str
    id_code: str
    office_code: str


@dataclass(frozen=True, slots=True)
class Sender:
    """A site that proved itself by its token, with the filers for whom it may transmit."""

    sender_id: int
    site_code: str
    id_code: str
    office_code: str
    filer_codes: tuple[str, ...]
    password_hash: PasswordHash = field(repr=False)


@dataclass(frozen=True, slots=True)
class UsableUnit:
    """What a filer may know of a payer unit on a day: its owner and whether it is designated.

    The owning filer uses its own unit without being designated. ``suspended_on`` is the day from
    which the unit is stopped, None while it may be used. It is ``unverified`` while the prenote to
    its account has not matured.
    """

    payer_unit_number: str
    owner_filer_code: str | None
    owner_importer_number: str | None
    effective_on: date
    designated: bool
    suspended_on: date | None = None
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class _SenderRow:
    sender_id: int
    site_code: str
    id_code: str
    office_code: str
    password_salt: bytes
    password_digest: bytes
    filer_codes: list[str]


def sender_by_token(connection: Connection, token: str) -> Sender | None:
    """Give the sender whose bearer token this is, or None."""
    values = {"token_sha256": token_sha256(token)}
    with connection.cursor(row_factory=class_row(_SenderRow)) as cursor:
        row = cursor.execute(sql.SENDER_OF_BEARER, values).fetchone()
    if row is None:
        return None
    return Sender(
        sender_id=row.sender_id,
        site_code=row.site_code,
        id_code=row.id_code,
        office_code=row.office_code,
        filer_codes=tuple(row.filer_codes),
        password_hash=PasswordHash(bytes(row.password_salt), bytes(row.password_digest)),
    )


def sender_profile(connection: Connection, sender: Sender, raw: bytes) -> SenderProfile:
    """Give what the envelope of a batch is held against: codes, password, filers and ports.

    The ports are those of the filers that the batch may name: the others are in no B-record.
    """
    kept, capitals = sender.password_hash, raw.upper()
    named = [code for code in sender.filer_codes if code.encode() in capitals]
    return SenderProfile(
        site_code=sender.site_code,
        id_code=sender.id_code,
        office_code=sender.office_code,
        password_matches=lambda password: password_matches(password, kept),
        filer_ports=filer_ports(connection, named),
        applications=APPLICATIONS,
    )


def sender_sites(connection: Connection, sender_ids: Collection[int]) -> dict[int, Site]:
    """Give the site of each sender that is known, by sender number."""
    with connection.cursor(row_factory=class_row(Site)) as cursor:
        rows = cursor.execute(sql.SENDER_SITES, {"sender_ids": list(sender_ids)}).fetchall()
    return {row.sender_id: row for row in rows}


def receiver_of(connection: Connection, filer_codes: Collection[str]) -> dict[str, Site]:
    """Give the site that receives each filer's statements; a filer without one is absent."""
    rows = connection.execute(sql.RECEIVERS, {"filer_codes": list(filer_codes)})
    return {filer_code: Site(*site) for filer_code, *site in rows}


def filers(connection: Connection, filer_codes: Collection[str]) -> dict[str, Filer]:
    """Give the registered ones of these filers, by code."""
    rows = connection.execute(sql.FILERS, {"filer_codes": list(filer_codes)})
    return {
        code: Filer(code, name, tuple(ports), tuple(branch_ports))
        for code, name, ports, branch_ports in rows
    }


def filer_ports(
    connection: Connection, filer_codes: Collection[str]
) -> Mapping[str, frozenset[str]]:
    """Give the ports at which each of these filers has its statements processed."""
    rows = connection.execute(sql.PORTS, {"filer_codes": list(filer_codes)})
    ports = {code: frozenset(found) for code, found in rows}
    return {code: ports.get(code, frozenset()) for code in filer_codes}


def filers_of_user(connection: Connection, username: str) -> tuple[str, ...]:
    """Give the codes of the filers that a person's sign-in may see, in order."""
    rows = connection.execute(sql.FILERS_OF_USER, {"username": username})
    return tuple(code for (code,) in rows)


def importers(connection: Connection, importer_numbers: Collection[str]) -> dict[str, Importer]:
    """Give the registered ones of these importers, by canonical number."""
    values = {"importer_numbers": list(importer_numbers)}
    with connection.cursor(row_factory=class_row(Importer)) as cursor:
        rows = cursor.execute(sql.IMPORTERS, values).fetchall()
    return {row.importer_number: row for row in rows}


def payer_units(connection: Connection, numbers: Collection[str]) -> dict[str, PayerUnit]:
    """Give the issued ones of these payer units, by number."""
    values = {"numbers": list(numbers), "tokens": []}
    with connection.cursor(row_factory=class_row(PayerUnit)) as cursor:
        rows = cursor.execute(sql.PAYER_UNITS, values).fetchall()
    return {str(row.payer_unit_number): row for row in rows}


def usable_units(
    connection: Connection, filer_code: str, *, numbers: Collection[str], on: date
) -> dict[str, UsableUnit]:
    """Give every issued one of these payer units as a filer may know it on a day, by number.

    Units that the filer may not use are there as well, with ``designated`` false: the rules of
    authorization decide (SEC-06).
    """
    values = {"filer_code": filer_code, "units": list(numbers), "on": on}
    with connection.cursor(row_factory=class_row(UsableUnit)) as cursor:
        return {row.payer_unit_number: row for row in cursor.execute(sql.USABLE_UNITS, values)}


def issued_to(connection: Connection, owner: str) -> list[PayerUnit]:
    """Give the payer units of a filer (by code) or an importer (by canonical number)."""
    values = {"filer_codes": [owner], "importer_numbers": [owner]}
    with connection.cursor(row_factory=class_row(PayerUnit)) as cursor:
        return cursor.execute(sql.PAYER_UNITS_OF_OWNERS, values).fetchall()
