"""What the exception desk of ACH Credit refuses, and what payers' answers are refused for."""

from __future__ import annotations

from customhouse.faults import declare

OFFICER_UNKNOWN = declare(
    "officer-unknown",
    sentence="No officer of the desk who is in office has the name {name}.",
    next_step=(
        "See who is: customhouse desk officers list. A new one: customhouse desk officers add NAME."
    ),
    http_status=403,
)
OFFICER_TOKEN_UNKNOWN = declare(
    "officer-token-unknown",
    sentence="The bearer token is missing or not one of an officer of the desk.",
    next_step="Send the last one given. When it is lost: customhouse desk officers renew NAME.",
    http_status=401,
)
OFFICER_EXISTS = declare(
    "officer-exists",
    sentence="There is an officer {name} already, or there was one.",
    next_step="Choose another name: decisions carry it for good.",
    http_status=409,
)
OFFICER_NAME_WRONG = declare(
    "officer-name-wrong",
    sentence="The name {name} is not 1 to 60 printable characters.",
    next_step="Give the officer's name.",
)
PART_UNKNOWN = declare(
    "credit-part-unknown",
    sentence="There is no payment, or part of one, {part_id}.",
    next_step="List what waits and use an id from there.",
    http_status=404,
)
PART_USED = declare(
    "credit-part-used",
    sentence="{part_id} does not wait any more: it was {state} on {closed_on}.",
    next_step="Look at it: customhouse desk show {part_id}. What was done stays done.",
    http_status=409,
)
PART_CHANGED = declare(
    "credit-part-changed",
    sentence="Somebody else decided about {part_id} at the same moment; nothing was done.",
    next_step="Look at it again, then decide.",
    http_status=409,
)
REASON_MISSING = declare(
    "desk-reason-wrong",
    sentence="The {what} has {length} characters; 1 to 500 printable ones are needed.",
    next_step="Say in a sentence why; it is kept with the decision.",
)
DOCUMENT_UNKNOWN = declare(
    "desk-document-unknown",
    sentence="No statement and no bill has the number {number}.",
    next_step="Check the number; customhouse desk show names the candidates.",
    http_status=404,
)
DOCUMENT_NOT_PAYERS = declare(
    "desk-document-not-payers",
    sentence="{payer_identifier} may not pay {number}: it is not its own.",
    next_step="Assign the money to the payer whose document it is, with the reason, first.",
    http_status=409,
)
STATEMENT_NOT_PAYABLE = declare(
    "desk-statement-not-payable",
    sentence="Nothing is due on {number}: it is {state}.",
    next_step="Refund the money, or apply it to a document on which something is due.",
    http_status=409,
)
PAYER_UNKNOWN = declare(
    "desk-payer-unknown",
    sentence="No filer and no importer has the identifier {payer_identifier}.",
    next_step="Give a filer code, or an importer number with its hyphens.",
    http_status=404,
)
PAYER_UNCLEAR = declare(
    "desk-payer-unclear",
    sentence="{number} can be paid by {payers}; it does not show which of them sent this.",
    next_step="Assign the money to its payer first, or name it with --payer.",
)
PAYER_OTHER = declare(
    "desk-payer-other",
    sentence="{part_id} was sent by {payer_identifier}, not by {named}.",
    next_step="Leave the payer out, or assign the money to {named} first.",
    http_status=409,
)
SHARE_UNREADABLE = declare(
    "desk-share-unreadable",
    sentence="The share {share} is not an amount, an equals sign and a document or refund.",
    next_step="Write 1000.00=3927327001 or 25.10=refund.",
)
SHARES_NOT_WHOLE = declare(
    "desk-shares-not-whole",
    sentence="The shares come to {sum}; {part_id} is {amount}.",
    next_step="Give shares that come to {amount} together.",
)
SHARES_TOO_MANY = declare(
    "desk-shares-too-many",
    sentence="{count} shares were given; 2 to {most} can be made at once.",
    next_step="Split it in steps.",
)
CENTS_TOO_MANY = declare(
    "desk-cents-too-many",
    sentence="{cents} cents are not from 1 to the {amount_cents} of {part_id}.",
    next_step="Give cents of this part; without --cents all of it is applied.",
)
SHARED_TOO_OFTEN = declare(
    "desk-shared-too-often",
    sentence="{part_id} was shared and moved as often as its number can hold.",
    next_step="Refund it, or apply all of it as it is.",
    http_status=409,
)
NOTHING_TO_LEARN = declare(
    "credit-rule-nothing-general",
    sentence="What was wrong with {part_id} is a slip: there is nothing general to remember.",
    next_step="Apply it without --remember.",
)
RULE_ALIAS_TAKEN = declare(
    "credit-rule-alias-taken",
    sentence="{seen} cannot be remembered for this payer: it stands for {other}.",
    next_step="Apply it without --remember, and ask the payer to name itself.",
    http_status=409,
)
RULE_UNKNOWN = declare(
    "credit-rule-unknown",
    sentence="There is no rule {rule_id}.",
    next_step="List the rules: customhouse desk rules list --all.",
    http_status=404,
)
RULE_ENDED = declare(
    "credit-rule-ended",
    sentence="Rule {rule_id} was ended on {ends_on} by {ended_by}.",
    next_step="Nothing is left to do.",
    http_status=409,
)
NOBODY_TO_ASK = declare(
    "desk-nobody-to-ask",
    sentence="Nobody is known who sent {part_id}, so that nobody can be asked.",
    next_step="Assign it to its payer, or wait for a payer to claim it.",
    http_status=409,
)
ALREADY_ASSIGNED = declare(
    "desk-already-assigned",
    sentence="{part_id} is {payer_identifier}'s already.",
    next_step="Nothing is left to do.",
    http_status=409,
)
ANSWER_WRONG = declare(
    "credit-answer-wrong",
    sentence="The answer's {member} is {seen}, which is not {expected}.",
    next_step="Correct it, then answer again.",
)
ANSWER_LATE = declare(
    "credit-answer-late",
    sentence="{part_id} does not wait any more since {closed_on}: {became}.",
    next_step=(
        "Nothing is left to say about it. What still waits: customhouse credits waiting; what"
        " arrived and what it paid: customhouse credits received."
    ),
    http_status=409,
)
ANSWERS_TOO_MANY = declare(
    "credit-answers-too-many",
    sentence="You gave {count} {what} already; that is the most.",
    next_step="Wait for an officer's decision, or claim again on the next business day.",
    http_status=429,
)
REQUEST_WRONG = declare(
    "desk-request-wrong",
    sentence="The {member} of the request is {seen}, which is not {expected}.",
    next_step="Correct it, then send it again.",
)
FILTER_WRONG = declare(
    "desk-filter-wrong",
    sentence="The {name} is {seen}, which is not {expected}.",
    next_step="Correct it, or leave it out.",
)
REFUND_TO_NOBODY = declare(
    "desk-refund-to-nobody",
    sentence="Nobody is known who sent {part_id}, so that it cannot be owed back to anybody.",
    next_step="Assign it to its payer first: customhouse desk assign {part_id} PAYER.",
    http_status=409,
)
