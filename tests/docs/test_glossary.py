"""Every name that the program gives to a state, an account, a transfer or an event is explained."""

from __future__ import annotations

import re
from typing import get_args

from customhouse.ledger.accounts import AccountCode
from customhouse.ledger.transfers import TransferKind
from customhouse.lifecycle import AUTHORIZATION, CREDIT_PART, DEBIT, STATEMENT
from customhouse.rails import EventKind
from tests.docs.tree import ROOT

PAGE = ROOT / "docs" / "reference" / "glossary.md"
NAMED = re.compile(r"`([a-z_]+)`")


def explained() -> set[str]:
    """Give every lower-case name that the glossary writes as code."""
    return set(NAMED.findall(PAGE.read_text(encoding="utf-8")))


def test_states_are_explained() -> None:
    states = STATEMENT.states | AUTHORIZATION.states | DEBIT.states | CREDIT_PART.states
    assert not states - explained()


def test_accounts_are_explained() -> None:
    assert not {str(each.value) for each in AccountCode} - explained()


def test_transfers_are_explained() -> None:
    assert not {each.name.lower() for each in TransferKind} - explained()


def test_events_are_explained() -> None:
    assert not set(get_args(EventKind)) - explained()


def test_terms_stand_in_the_order_of_the_alphabet() -> None:
    terms = re.findall(r"^\*\*(.+?)\*\*", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(terms) > 30
    assert terms == sorted(terms, key=str.casefold)
