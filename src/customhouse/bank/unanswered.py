"""Files that nobody answers: an alarm after a time, and the same file once more (failure C13).

What was sent may have been processed although its acknowledgement was lost, so the same items never
go out in another file. A file is sent again under its name with its bytes, and the operator knows
it as a duplicate by its identity.
"""

from __future__ import annotations

from typing import Any, Literal

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.bank import bank_files, faults, prenotes, profile
from customhouse.bank import unanswered_store as sql
from customhouse.bank.bank_file_bytes import BankFile
from customhouse.bank.exchange import digest
from customhouse.bank.login import operating_login
from customhouse.bank.office import Office
from customhouse.faults import Fault, Refused

Resent = Literal["resent", "lies there"]


def look(office: Office) -> int:
    """Raise an alarm for each file that waits too long for its answer; give how many are new.

    Too long is profile.ANSWER_WITHIN after the file was released or last sent again. The alarm
    clears by itself when the answer comes, or a report shows that the file was processed.
    """
    now = office.clock.now()
    with office.connection.transaction():
        for statement in (sql.CLEAR_ANSWERED, sql.CLEAR_ANSWERS):
            office.connection.execute(statement, {"cleared_at": now})
        values = {"silent_since": now - profile.ANSWER_WITHIN, "raised_at": now}
        raises = (sql.RAISE_FOR_UNANSWERED, sql.RAISE_FOR_ANSWERS)
        return sum(office.connection.execute(each, values).rowcount for each in raises)


def resend(office: Office, name: str) -> Resent:
    """Deliver a file that has no answer once more: same name, same bytes, nothing new in it.

    The archived copy is taken where it has the sealed bytes; without it the file is written again
    from its rows. A file that still lies in the outbound folder is left there. Raises Refused:
    bank-file-unknown, bank-file-answered, bank-file-held-back.
    """
    file = _unanswered(office.connection, name)
    exchange = office.exchange
    if file.sha256 is None:
        raise RuntimeError(f"the released file {name} has no digest")
    if exchange.is_published(name, file.sha256):
        return "lies there"
    if exchange.restage(name) and digest(exchange.staged(name)) == file.sha256:
        office.boundary("copied")
    else:
        _write_again(office, file)
    values = {"resent_at": office.clock.now(), "resent_by": operating_login()}
    office.connection.execute(sql.RECORD_RESEND, {"file_id": file.file_id, **values})
    if file.purpose == "prenotes":
        prenotes.put_off(office, file.file_id)
    office.boundary("resend recorded")
    exchange.archive_outbound(name)
    exchange.publish(name)
    return "resent"


def _write_again(office: Office, file: BankFile) -> None:
    try:
        bank_files.write_staged(office, file)
    except bank_files.NotReleased as held_back:
        values = {"name": file.name, "reason": str(held_back)}
        raise Refused(Fault(faults.BANK_FILE_HELD_BACK, values)) from None


def _unanswered(connection: Connection[Any], name: str) -> BankFile:
    with connection.cursor(row_factory=class_row(BankFile)) as cursor:
        file = cursor.execute(sql.FILE, {"name": name}).fetchone()
    if file is None or file.state in ("planned", "sealed"):
        raise Refused(Fault(faults.BANK_FILE_UNKNOWN, {"name": name[:60]}))
    if file.state != "released":
        raise Refused(Fault(faults.BANK_FILE_ANSWERED, {"name": name, "state": file.state}))
    return file
