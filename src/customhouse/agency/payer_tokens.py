"""An importer's token given, renewed or revoked: by an officer, with a reason that stays on file.

An importer that lost its token, or whose token somebody else may have, calls; the officer renews or
revokes it. The payer is told of both, in its inbox and in the way it chose: who had it done in its
name does not stay unseen. No token is kept, told or listed; whose a token is, see paying_parties.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import (
    credit_officers,
    payer_notices,
    paying_parties,
)
from customhouse.agency import payer_tokens_store as sql
from customhouse.agency.credit_enrolment_faults import PAYER_IS_A_FILER, PAYER_TOKEN_NOT_THERE
from customhouse.agency.credit_enrolment_views import enrolment_of
from customhouse.agency.payer_notices import NewPayerNotice
from customhouse.agency.paying_parties import PayingParty
from customhouse.agency.suspensions import require_words, today
from customhouse.clock import Clock
from customhouse.faults import Fault, Refused

Action = Literal["given", "renewed", "revoked"]
MOST_TOLD = 100


@dataclass(frozen=True, slots=True)
class TokenAct:
    """What was done about a payer's token, by whom and why."""

    acted_on: date
    action: Action
    officer: str
    reason: str


@dataclass(frozen=True, slots=True)
class TokenDecision:
    """Who decides about a token, and why."""

    officer: str
    reason: str


def give(
    connection: Connection, payer: PayingParty, decision: TokenDecision, *, clock: Clock
) -> str:
    """Give an importer that joins its first token; it cannot be read again.

    Nothing is told beside the approval. Raises Refused (officer-unknown).
    """
    credit_officers.by_name(connection, decision.officer)
    token = paying_parties.give_token(connection, payer, clock)
    _keep(connection, payer, "given", decision=decision, clock=clock)
    return token


def renew(
    connection: Connection, payer: PayingParty, decision: TokenDecision, *, clock: Clock
) -> str:
    """Give an importer another token and tell it; the former one ends at once.

    Raises Refused: words-wrong, officer-unknown, payer-is-a-filer, payer-not-found.
    """
    _require_importer(connection, payer, decision)
    enrolment_of(connection, payer)
    token = paying_parties.give_token(connection, payer, clock)
    _tell(connection, payer, "renewed", decision=decision, clock=clock)
    return token


def revoke(
    connection: Connection, payer: PayingParty, decision: TokenDecision, *, clock: Clock
) -> None:
    """End an importer's token at once and tell it; it has none until it is given another one.

    Raises Refused: words-wrong, officer-unknown, payer-is-a-filer, payer-token-not-there.
    """
    _require_importer(connection, payer, decision)
    if connection.execute(sql.REVOKE, {"payer": payer.party_id}).rowcount != 1:
        raise Refused(Fault(PAYER_TOKEN_NOT_THERE, {"payer": payer.identifier}))
    _tell(connection, payer, "revoked", decision=decision, clock=clock)


def history(connection: Connection, payer: PayingParty) -> list[TokenAct]:
    """Give what was done about a payer's token, newest first."""
    values = {"payer": payer.party_id, "most": MOST_TOLD}
    with connection.cursor(row_factory=class_row(TokenAct)) as cursor:
        return cursor.execute(sql.HISTORY, values).fetchall()


def _require_importer(connection: Connection, payer: PayingParty, decision: TokenDecision) -> None:
    require_words(reason=decision.reason)
    credit_officers.by_name(connection, decision.officer)
    if payer.kind == "filer":
        raise Refused(Fault(PAYER_IS_A_FILER, {"payer": payer.identifier}))


def _keep(
    connection: Connection,
    payer: PayingParty,
    action: Action,
    *,
    decision: TokenDecision,
    clock: Clock,
) -> int:
    values = {
        "payer": payer.party_id,
        "action": action,
        "officer": decision.officer,
        "reason": decision.reason,
        "acted_on": today(connection, clock),
        "acted_at": clock.now(),
    }
    (act_id,) = connection.execute(sql.ADD_ACT, values).fetchall()[0]
    return int(act_id)


def _tell(
    connection: Connection,
    payer: PayingParty,
    action: Action,
    *,
    decision: TokenDecision,
    clock: Clock,
) -> None:
    act_id = _keep(connection, payer, action, decision=decision, clock=clock)
    on = today(connection, clock)
    reason = decision.reason.rstrip(".")
    ended = "Your former one ended" if action == "renewed" else "You have none now; call us"
    text = (
        f"Your token was {action} on {on.isoformat()}: {reason}. {ended}."
        " If nobody of yours asked for it, call us."
    )
    notice = NewPayerNotice(payer.party_id, f"token-{action}", text, f"token/{act_id}")
    payer_notices.put(connection, [notice], created_on=on, clock=clock)
