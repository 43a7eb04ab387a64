"""What the processor bank refuses, with the words for whoever meets it.

No sentence here has a place for an account number or a routing number (SEC-02).
"""

from __future__ import annotations

from customhouse.faults import declare

ROUTING_NUMBER_WRONG = declare(
    "routing-number-wrong",
    sentence="The routing number is wrong: {reason}.",
    next_step="Copy the nine digits from the bottom of a check or ask your bank.",
)
ACCOUNT_NUMBER_WRONG = declare(
    "account-number-wrong",
    sentence="The account number is not 1 to 17 digits or capital letters, or it is all zeros.",
    next_step="Leave out spaces and hyphens.",
)
ACCOUNT_TYPE_UNKNOWN = declare(
    "account-type-unknown",
    sentence="The account type is neither checking nor savings.",
    next_step="Send checking or savings.",
)
HOLDER_NAME_WRONG = declare(
    "holder-name-wrong",
    sentence="The holder's name is not 1 to 22 printable ASCII characters.",
    next_step="Give it as the bank writes it, shortened to 22 characters.",
)
MEMBERS_WRONG = declare(
    "members-wrong",
    sentence="The JSON object must have exactly these members: {expected}.",
    next_step="Add what is missing and leave out the rest.",
)
JSON_UNREADABLE = declare(
    "json-unreadable",
    sentence="The body is not one flat JSON object: {reason}.",
    next_step="Send UTF-8 JSON with text, whole numbers, true and false; nothing nested.",
)
JSON_EXPECTED = declare(
    "json-expected",
    sentence="The content type is not application/json.",
    next_step="Send the body as application/json.",
    http_status=415,
)
RAILS_CALLER_UNKNOWN = declare(
    "rails-caller-unknown",
    sentence="The bearer token of the rails is missing or wrong.",
    next_step="Give agency and bank the same CUSTOMHOUSE_RAILS_TOKEN.",
    http_status=401,
)
CAPTURE_CALLER_UNKNOWN = declare(
    "capture-caller-unknown",
    sentence="The bearer token is missing or may not capture accounts.",
    next_step="Ask the bank for one: customhouse bank tokens add --scope capture.",
    http_status=401,
)
ACCOUNT_TOKEN_UNKNOWN = declare(
    "account-token-unknown",
    sentence="No captured account has this token.",
    next_step="Capture the account first and use the token that comes back.",
    http_status=404,
)
ACCOUNT_HAS_OTHER_UNIT = declare(
    "account-has-other-unit",
    sentence="The account behind this token already has another payer unit number.",
    next_step="Use that payer unit, or capture a second account for the new number (SEC-03).",
    http_status=409,
)
UNIT_HAS_OTHER_ACCOUNT = declare(
    "unit-has-other-account",
    sentence="Payer unit {payer_unit_number} is already bound to another account.",
    next_step="A second account needs a payer unit number of its own (SEC-03).",
    http_status=409,
)
PAYER_UNIT_NOT_SIX_DIGITS = declare(
    "payer-unit-not-six-digits",
    sentence="The payer unit number is not six digits, not all zero.",
    next_step="Send the number as it was issued.",
)
INSTRUCTION_UNREADABLE = declare(
    "instruction-unreadable",
    sentence="The instruction cannot be read: {reason}.",
    next_step="Correct the instruction; nothing was recorded.",
)
INSTRUCTION_ID_REUSED = declare(
    "instruction-id-reused",
    sentence="Instruction {instruction_id} was delivered before with other content.",
    next_step="Give a new instruction a new id; the first one stands.",
    http_status=409,
)
PAYER_UNIT_NOT_BOUND = declare(
    "payer-unit-not-bound",
    sentence="Payer unit {payer_unit_number} is bound to no account.",
    next_step="Bind it to an account and send a new instruction.",
    http_status=202,
)
CURSOR_UNREADABLE = declare(
    "cursor-unreadable",
    sentence="after must be a whole number from 0, limit one from 1 to {most}.",
    next_step="Send the sequence of the last event that you kept.",
)
VAULT_KEYS_MISSING = declare(
    "vault-keys-missing",
    sentence="The vault holds accounts but its key file is missing or was replaced: {place}.",
    next_step="Restore the key file from its own backup; without it no account can be opened.",
    http_status=503,
    exit_code=70,
)
BANK_DATE_PAST = declare(
    "bank-date-past",
    sentence="The bank's business date is {business_date}; it cannot go back to {asked}.",
    next_step="Give {business_date} or a later date.",
    http_status=409,
)
BANK_DATE_FUTURE = declare(
    "bank-date-future",
    sentence="{asked} has not come yet: today is {today}, and a bank's date never goes back.",
    next_step="Give {today} or an earlier date; only a rehearsal runs ahead of the calendar.",
    http_status=409,
)
BANK_DATE_OUTSIDE_CALENDAR = declare(
    "bank-date-outside-calendar",
    sentence="{asked} is not in the banking calendar, which covers {first_year} to {last_year}.",
    next_step="Give a date in it, with a banking day behind it.",
    http_status=409,
)
BANK_DAY_RUNNING = declare(
    "bank-day-running",
    sentence="Another run is at work at the bank's day.",
    next_step="Wait until it has ended, then run the day again.",
    http_status=409,
    exit_code=75,
)
VAULT_KEY_NEEDED = declare(
    "vault-key-needed",
    sentence="Key version {version} is current or unknown, or {records} records still need it.",
    next_step="Rotate the keys first: customhouse bank keys rotate.",
    http_status=409,
)
BANK_FILE_UNKNOWN = declare(
    "bank-file-unknown",
    sentence="No file with the name {name} has gone out.",
    next_step="List the files: customhouse bank files.",
    http_status=404,
)
BANK_FILE_ANSWERED = declare(
    "bank-file-answered",
    sentence="The operator has answered {name}: it is {state}.",
    next_step="There is nothing to send again; a refused file's debits go out in the next one.",
    http_status=409,
)
BANK_FILE_HELD_BACK = declare(
    "bank-file-held-back",
    sentence="{name} was not sent again: {reason}.",
    next_step="Bring back what it is made of: the rows of the database and the keys of the vault.",
    http_status=503,
    exit_code=70,
)
