"""Loads a whole document of parties, section after section, in the order they name each other.

Each section is committed by itself, because the bank must not be waited for inside a transaction.
Loading the same document again changes nothing and finishes what was interrupted.
"""

from __future__ import annotations

from psycopg import Connection

from customhouse.agency import parties
from customhouse.agency.party_document import PartyDocument
from customhouse.agency.party_outcomes import PartyOutcome
from customhouse.agency.payer_units import (
    Bind,
    bind_payer_units,
    designate,
    issue_payer_units,
    keep_prenotes,
    take_back,
)
from customhouse.agency.registration import (
    register_filers,
    register_importers,
    register_senders,
    register_users,
)
from customhouse.clock import Clock


def load_parties(
    connection: Connection, document: PartyDocument, *, bind: Bind, clock: Clock
) -> list[PartyOutcome]:
    """Register everything in a document and give every item's outcome; commits.

    ``bind`` tells the bank of one payer unit and raises Refused. The outcomes of new senders carry
    their credentials, which nobody can read again: hand them on.
    """
    outcomes = list(document.unreadable)
    outcomes += register_filers(connection, document.filers)
    outcomes += register_importers(connection, document.importers)
    outcomes += register_users(connection, document.users)
    connection.commit()
    outcomes += _load_payer_units(connection, document, bind=bind, clock=clock)
    outcomes += designate(connection, document.designations)
    outcomes += register_senders(connection, document.senders)
    connection.commit()
    return outcomes


def _load_payer_units(
    connection: Connection, document: PartyDocument, *, bind: Bind, clock: Clock
) -> list[PartyOutcome]:
    issued = issue_payer_units(connection, document.payer_units)
    numbers = [outcome.key for outcome in issued if not outcome.refused]
    units = parties.payer_units(connection, numbers)
    connection.commit()
    bound = bind_payer_units(issued, units, bind=bind)
    take_back(connection, issued, bound=bound)
    keep_prenotes(connection, bound, clock=clock)
    connection.commit()
    return bound
