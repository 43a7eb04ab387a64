-- Returns that are disputed: the money that a receiving bank took back and should not have is in
-- an account of its own until the dispute has ended.
alter type account_code add value 'returns_in_dispute';
