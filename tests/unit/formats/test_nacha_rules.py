"""Every rule of an ACH file is broken once, and told once, with its line and what to do."""

from __future__ import annotations

import json
import re

import pytest

from customhouse.formats.nacha_rules import RULES, declare
from tests.unit.formats.nacha_mistakes import MISTAKES, TESTED_ELSEWHERE
from tests.unit.formats.nacha_samples import ACCOUNT, SHORT_ACCOUNT, faults_in, lines_of


def test_every_rule_has_a_mistake_that_breaks_it():
    assert set(MISTAKES) | TESTED_ELSEWHERE == set(RULES)


@pytest.mark.parametrize("rule", MISTAKES)
def test_one_mistake_is_one_fault(rule):
    mistake = MISTAKES[rule]
    found = faults_in(mistake.made(lines_of(mistake.sample)))
    assert [(fault.rule, fault.line) for fault in found] == [(rule, mistake.line)]
    assert found[0].severity == RULES[rule].severity
    assert found[0].hint == RULES[rule].hint


@pytest.mark.parametrize("rule", MISTAKES)
def test_a_fault_is_six_members_of_json_and_never_an_account_number(rule):
    mistake = MISTAKES[rule]
    for fault in faults_in(mistake.made(lines_of(mistake.sample))):
        told = json.loads(fault.to_json())
        assert set(told) == {"rule", "severity", "line", "columns", "message", "hint"}
        assert re.fullmatch(r"|[1-9][0-9]?(-[1-9][0-9]?)?", told["columns"])
        assert ACCOUNT not in fault.to_json()
        assert SHORT_ACCOUNT not in fault.to_json()


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_reads_like_a_sentence_with_a_next_step(rule):
    row = RULES[rule]
    assert re.fullmatch(r"ach\.(file|batch|entry)\.[a-z0-9]+(-[a-z0-9]+)*", row.rule)
    assert row.message.endswith(".")
    assert row.hint.endswith(".")
    assert row.source
    assert row.severity in {"warning", row.rule.split(".")[1]} or row.severity == "file"


def test_an_id_is_taken_once():
    with pytest.raises(ValueError, match="declared twice"):
        declare("ach.file.empty", "file", message="x.", hint="x.", source="x")


@pytest.mark.parametrize("rule", [rule for rule in MISTAKES if RULES[rule].tolerated])
def test_the_bank_profile_only_warns_of_what_banks_do(rule):
    mistake = MISTAKES[rule]
    found = faults_in(mistake.made(lines_of(mistake.sample)), "bank")
    assert found[0].rule == rule
    assert {fault.severity for fault in found} == {"warning"}
