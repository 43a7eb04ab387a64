"""SQL of payers' own tokens."""

# The importer of a token.
OF_BEARER = """
select t.payer_party_id as party_id, 'importer' as kind, null as filer_code, i.importer_number
from payer_token t join importer i on i.party_id = t.payer_party_id
where t.token_sha256 = %(token_sha256)s
"""

# A registered party by its identifier.
OF_IDENTIFIER = """
select party_id, 'filer' as kind, filer_code, null as importer_number
from filer where filer_code = %(identifier)s
union all
select party_id, 'importer', null, importer_number
from importer where importer_number = %(identifier)s
"""

# A new token; the former one ends.
GIVE_CREDENTIAL = """
insert into payer_token (payer_party_id, token_sha256, issued_at)
values (%(payer)s, %(token_sha256)s, %(issued_at)s)
on conflict (payer_party_id)
do update set token_sha256 = excluded.token_sha256, issued_at = excluded.issued_at
"""

# Whether a payer has one.
HAS_CREDENTIAL = "select true as has from payer_token where payer_party_id = %(payer)s"
