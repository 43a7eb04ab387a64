"""What the bank refuses about notifications of change; no sentence has a place for an account."""

from __future__ import annotations

from customhouse.faults import declare

CHANGE_UNKNOWN = declare(
    "change-unknown",
    sentence="No notification of change has the number {item_id}.",
    next_step="List them: customhouse bank changes list.",
    http_status=404,
)
CHANGE_STEP_IMPOSSIBLE = declare(
    "change-step-impossible",
    sentence="Change {item_id} is {state}, which does not allow this.",
    next_step="approve what is waiting, apply what is approved, note what is queued.",
    http_status=409,
)
CHANGE_SAME_PERSON = declare(
    "change-same-person",
    sentence="Change {item_id} was approved by the same person.",
    next_step="Let another person apply it: a change of account takes two.",
    http_status=403,
)
CHANGE_OVERTAKEN = declare(
    "change-overtaken",
    sentence="The account that change {item_id} corrects was replaced meanwhile.",
    next_step="It is queued for review: note it, or refuse it.",
    http_status=409,
)
CHANGE_UNREADABLE = declare(
    "change-unreadable",
    sentence="The corrected data of change {item_id} has not the form of its code.",
    next_step="Refuse it: customhouse bank changes refuse {item_id} --code C65.",
)
CHANGE_REFUSAL_UNKNOWN = declare(
    "change-refusal-unknown",
    sentence="{code} is no code of refusal; they are C61 to C69.",
    next_step="Choose one from docs/reference/return-codes.md.",
)
CHANGE_REFUSAL_LATE = declare(
    "change-refusal-late",
    sentence="Change {item_id} could be refused until {refuse_by}.",
    next_step="Note it with a reason, and call the receiving bank.",
    http_status=409,
)
CHANGE_RULE_UNKNOWN = declare(
    "change-rule-unknown",
    sentence="{code} cannot be applied by a rule; {codes} can.",
    next_step="A change of account number takes two persons.",
)
UNIT_NOT_HERE = declare(
    "unit-not-here",
    sentence="No payer unit {payer_unit_number} is bound at this bank.",
    next_step="Check the number; units are bound by the agency.",
    http_status=404,
)
