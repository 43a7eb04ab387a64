"""Tokens of importers: lost, renewed and revoked, by an officer with a reason, and told."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
import pytest

from customhouse.agency import payer_notices, payer_tokens, paying_parties
from customhouse.agency.payer_tokens import TokenAct, TokenDecision
from customhouse.faults import Refused
from tests.integration.agency.forms import approve, officer
from tests.integration.agency.harbor import BROKER, IMPORTER_X, IMPORTER_Y, MONDAY, Harbor


@dataclass
class Keys:
    """An importer that joined, and the officer who looks after its token."""

    harbor: Harbor
    payer: str = IMPORTER_X

    def act(self, what: str, reason: str = "It was lost.", *, by: str = "An Officer") -> str | None:
        """Give, renew or revoke the token; give it where there is one."""
        with self.harbor.connect() as connection:
            party = paying_parties.of_identifier(connection, self.payer)
            decide = getattr(payer_tokens, what)
            found: str | None = decide(
                connection, party, TokenDecision(by, reason), clock=self.harbor.clock
            )
        return found

    def refusal(self, what: str, **values: str) -> str:
        """Try the same; give the fault."""
        with pytest.raises(Refused) as refused:
            self.act(what, **values)
        return refused.value.faults[0].code

    def opens(self, token: str | None) -> str | None:
        """Give whose a token is."""
        with self.harbor.connect() as connection:
            found = paying_parties.of_token(connection, token or "")
        return found.identifier if found else None

    def told(self) -> list[tuple[str, str]]:
        """Give what the payer was told of its token: kind and text."""
        with self.harbor.connect() as connection:
            party = paying_parties.of_identifier(connection, self.payer)
            found = payer_notices.after(connection, party.party_id)
        return [(each.kind, each.text) for each in found if each.kind.startswith("token")]

    def history(self) -> list[TokenAct]:
        """Give what was done about the token, newest first."""
        with self.harbor.connect() as connection:
            party = paying_parties.of_identifier(connection, self.payer)
            return payer_tokens.history(connection, party)


@pytest.fixture
def keys(harbor: Harbor) -> Keys:
    """Let the importer have joined; its first token is not given yet."""
    approve(harbor)
    return Keys(harbor)


def test_a_renewed_token_ends_the_former_one_and_is_told(keys: Keys) -> None:
    first = keys.act("give", "It joined.")
    assert keys.told() == []
    second = keys.act("renew", "Lost in a move.")
    assert (keys.opens(first), keys.opens(second)) == (None, IMPORTER_X)
    ((kind, text),) = keys.told()
    assert kind == "token-renewed"
    assert "renewed on 2026-11-23: Lost in a move. Your former one ended." in text
    assert second is not None
    assert second not in text
    mails = keys.harbor.rows(
        "select m.address from payer_mail m join payer_notice n using (payer_party_id, notice_id)"
        " where n.kind = 'token-renewed'"
    )
    assert mails == [("treasury@imports-x.example",)]


def test_a_revoked_token_opens_nothing_until_another_is_given(keys: Keys) -> None:
    first = keys.act("give", "It joined.")
    keys.act("revoke", "Seen with a stranger")
    assert keys.opens(first) is None
    assert keys.refusal("revoke") == "payer-token-not-there"
    assert keys.told()[0][1].startswith(
        "Your token was revoked on 2026-11-23: Seen with a stranger. You have none now; call us."
    )
    assert keys.opens(keys.act("renew")) == IMPORTER_X
    assert [kind for kind, _ in keys.told()] == ["token-revoked", "token-renewed"]


def test_who_did_it_and_why_stays(keys: Keys) -> None:
    """No token and no hash is in it, and nobody can change it."""
    keys.act("give", "It joined.")
    keys.act("renew", "Lost")
    keys.act("revoke", "Found by a stranger")
    assert keys.history() == [
        TokenAct(MONDAY, "revoked", "An Officer", "Found by a stranger"),
        TokenAct(MONDAY, "renewed", "An Officer", "Lost"),
        TokenAct(MONDAY, "given", "An Officer", "It joined."),
    ]
    for change in ("update payer_token_act set reason = 'x'", "delete from payer_token_act"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            keys.harbor.rows(change)


def test_only_an_officer_in_office_with_a_reason_does_it(keys: Keys) -> None:
    first = keys.act("give", "It joined.")
    for what in ("renew", "revoke"):
        assert keys.refusal(what, by="Nobody Here") == "officer-unknown"
        assert keys.refusal(what, reason=" ") == "words-wrong"
    assert keys.opens(first) == IMPORTER_X


def test_filers_and_those_without_enrolment_get_none(harbor: Harbor) -> None:
    officer(harbor)
    assert Keys(harbor, BROKER).refusal("renew") == "payer-is-a-filer"
    assert Keys(harbor, BROKER).refusal("revoke") == "payer-is-a-filer"
    assert Keys(harbor, IMPORTER_Y).refusal("renew") == "payer-not-found"
