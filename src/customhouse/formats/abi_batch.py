"""The ABI batch: reading what a filer sends, writing what the agency answers.

The door to the envelope: shapes, reader, writers and the mask for passwords are gathered here from
the modules beside this one. What stands inside the blocks is for abi_messages and abi_statement.
"""

from __future__ import annotations

from customhouse.formats.abi_answer import read_answer
from customhouse.formats.abi_envelope import (
    AnswerBatch,
    AnswerBlock,
    AnswerError,
    Batch,
    Block,
    BlockReference,
    EnvelopeCondition,
    EnvelopeFault,
    NumberedRecord,
    OutBlock,
    Rejection,
    SenderProfile,
    StatementHeading,
)
from customhouse.formats.abi_password import mask_password
from customhouse.formats.abi_reader import read_batch
from customhouse.formats.abi_render import render_answer, render_notice

__all__ = [
    "AnswerBatch",
    "AnswerBlock",
    "AnswerError",
    "Batch",
    "Block",
    "BlockReference",
    "EnvelopeCondition",
    "EnvelopeFault",
    "NumberedRecord",
    "OutBlock",
    "Rejection",
    "SenderProfile",
    "StatementHeading",
    "mask_password",
    "read_answer",
    "read_batch",
    "render_answer",
    "render_notice",
]
