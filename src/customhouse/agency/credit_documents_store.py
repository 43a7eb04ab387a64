"""SQL of the documents that payments name: statements and bills, by number alone."""

# The statements of these numbers, each with the one importer, without suffix, whose entries alone
# are on it; none where there are several.
STATEMENTS = """
select s.statement_number as number, s.filer_code, s.statement_number, s.payer_party_id,
       (select case when count(distinct i.number) = 1 then min(i.number) end
        from (select case when substr(l.importer_number, 3, 1) = '-'
                          then left(l.importer_number, 10) else l.importer_number end as number
              from statement_entry l
              where l.filer_code = s.filer_code and l.statement_number = s.statement_number
                and l.removed_on is null) as i) as sole_importer
from statement s
where s.statement_number = any(%(numbers)s)
"""

# The same for bills, each with the statement whose debit came back.
BILLS = """
select b.bill_number as number, s.filer_code, s.statement_number, s.payer_party_id,
       (select case when count(distinct i.number) = 1 then min(i.number) end
        from (select case when substr(l.importer_number, 3, 1) = '-'
                          then left(l.importer_number, 10) else l.importer_number end as number
              from statement_entry l
              where l.filer_code = s.filer_code and l.statement_number = s.statement_number
                and l.removed_on is null) as i) as sole_importer
from bill b
join statement s on s.filer_code = b.filer_code and s.statement_number = b.statement_number
where b.bill_number = any(%(numbers)s)
"""
