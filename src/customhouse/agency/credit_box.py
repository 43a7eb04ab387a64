"""The query behind the box "Pay by ACH Credit" on a statement's paper. Changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from psycopg import Connection

from customhouse.agency import credit_documents, credit_payers, paying_parties
from customhouse.agency.credit_instruct import instructions, payer_of
from customhouse.agency.credit_instructions_order import InstructionOrder
from customhouse.agency.paying_parties import PayingParty
from customhouse.agency.statement_credit_box import CreditBox
from customhouse.formats.payment_file import Payee
from customhouse.formats.txp import TxpProfile


@dataclass(frozen=True, slots=True)
class BoxContext:
    """What a box is made with: the day, the agency's account, and the meaning of addenda."""

    business_date: date
    payee: Payee
    profile: TxpProfile


def credit_box(
    connection: Connection, filer_code: str, number: str, *, context: BoxContext
) -> CreditBox | None:
    """Give the box of a filer's statement; None where nobody may push a payment of it now.

    The filer itself pays where it has joined ACH Credit with effect, else the importer whose
    entries alone are on the statement.
    """
    filer = paying_parties.of_identifier(connection, filer_code)
    is_filer = payer_of(connection, filer).fault_on(context.business_date) is None
    payer = filer if is_filer else _sole_importer(connection, number)
    if payer is None or payer_of(connection, payer).fault_on(context.business_date) is not None:
        return None
    told = instructions(
        connection,
        payer,
        InstructionOrder((number,)),
        business_date=context.business_date,
        profile=context.profile,
    )
    if not told.ready:
        return None
    return CreditBox(told.ready[0], context.payee if is_filer else None)


def _sole_importer(connection: Connection, number: str) -> PayingParty | None:
    """Give the importer whose entries alone are on a statement, if it has ever applied."""
    found = credit_documents.load(connection, [("statement", number)])
    document = found.get(("statement", number))
    if document is None or document.sole_importer is None:
        return None
    payer = credit_payers.load(connection, [document.sole_importer]).get(document.sole_importer)
    if payer is None or payer.kind != "importer":
        return None
    return PayingParty(payer.payer_party_id, "importer", None, payer.payer_identifier)
