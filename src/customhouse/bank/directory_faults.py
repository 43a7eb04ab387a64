"""What the bank refuses because of the participant directory.

A routing number in these sentences names a bank of the directory, never somebody's account: where
an account is captured, none is repeated.
"""

from __future__ import annotations

from customhouse.faults import declare

DIRECTORY_LINE_WRONG = declare(
    "directory-line-wrong",
    sentence="Line {line} of the directory: {reason}.",
    next_step="Load a complete file; nothing of this one was kept.",
)
DIRECTORY_MORE_WRONG = declare(
    "directory-more-wrong",
    sentence="Lines of the directory that are wrong beside those: {count}.",
    next_step="See that it is the right file: 155 characters a line, as the Federal Reserve's.",
)
DIRECTORY_EMPTY = declare(
    "directory-empty",
    sentence="The directory has no line in it.",
    next_step="Load a complete file; the directory of before still holds.",
)
DIRECTORY_MISSING = declare(
    "directory-missing",
    sentence="No participant directory has been loaded, and this bank captures no account without.",
    next_step="Load one: customhouse bank directory load FILE.",
    http_status=503,
)
PARTICIPANT_UNKNOWN = declare(
    "participant-unknown",
    sentence="The directory has no bank with the routing number {routing_number}.",
    next_step="Check the nine digits.",
    http_status=404,
)
ROUTING_NOT_IN_DIRECTORY = declare(
    "routing-not-in-directory",
    sentence="The bank with this routing number does not take part in ACH (SEC-08).",
    next_step="Ask the bank for its ACH routing number; that of wires or branches may differ.",
)
ROUTING_SUPERSEDED = declare(
    "routing-superseded",
    sentence="This routing number was replaced: entries for its bank go to another one now.",
    next_step="Give the bank's new routing number, {new_routing_number}.",
)
