"""SQL of debits that were taken but must not leave."""

# Refuse debits that were held, unless something else has become of them.
REFUSE_DEBITS = """
update debit set state = 'refused', refusal_code = %(refusal_code)s
where instruction_id = any(%(instruction_ids)s) and state = 'received'
"""
