{#
    Journal entry: as written, a debit or credit per line under the name on the line, and its taxes.

    A tax line of a journal entry does not say which side it is on: it is on the side of the lines it taxes. Where their codes
    do not tell, it is on the side that is short.
#}
{% macro journal_entries() %}
    {{ return(journal_line_entries() ~ '\nunion all\n' ~ journal_tax_entries()) }}
{% endmacro %}

{% macro journal_line_entries() %}
{% set party = party_kind('line.entity_type') %}
select
    {{ entry({
        'section': '2',
        'line_number': 'line.line_number',
        'account_id': 'line.account_id',
        'role': "'journal'",
        'party_type': party,
        'party_id': 'line.entity_id',
        'customer_id': "case when lower(line.entity_type) = 'customer' then line.entity_id end",
        'vendor_id': "case when lower(line.entity_type) = 'vendor' then line.entity_id end",
        'class_id': 'line.class_id',
        'department_id': 'line.department_id',
        'description': 'coalesce(line.description, changed.description)',
        'amount': journal_side('line.posting_type') ~ ' * line.amount',
    }) }}
    {{ changed_lines_of('JournalEntry') }}
where {{ is_posted('JournalEntry') }} and line.detail_type = 'JournalEntryLineDetail'
{% endmacro %}

{% macro journal_side(posting_type) %}
    {{ return("case " ~ posting_type ~ " when 'Debit' then 1 else -1 end") }}
{% endmacro %}

{% macro journal_tax_entries() %}
select
    {{ entry({
        'section': '3',
        'account_id': 'choice.account_id',
        'role': "'tax'",
        'tax_agency_id': 'choice.tax_agency_id',
        'amount': 'sign(coalesce(nullif(taxed.amount, 0), -untaxed.amount)) * line.amount',
    }) }}
    {{ changed_lines_of('JournalEntry', 'tax_line') }}
    {{ join_choice('tax_rate', 'line.tax_rate_id') }}
    left join (
        select
            line.realm_id, line.journal_entry_id, rate.tax_rate_id,
            sum({{ journal_side('line.posting_type') }} * line.amount) as amount
        from {{ ref('qbo__journal_entry_line') }} as line
        inner join (
            select distinct realm_id, tax_code_id, tax_rate_id from {{ ref('qbo__tax_code_rate') }}
        ) as rate
            on rate.realm_id = line.realm_id
            and rate.tax_code_id = line.tax_code_id
            and rate.tax_rate_id = coalesce(line.tax_rate_id, rate.tax_rate_id)
        group by line.realm_id, line.journal_entry_id, rate.tax_rate_id
    ) as taxed
        on taxed.realm_id = line.realm_id
        and taxed.journal_entry_id = line.journal_entry_id
        and taxed.tax_rate_id = line.tax_rate_id
    left join (
        select realm_id, journal_entry_id, sum({{ journal_side('posting_type') }} * amount) as amount
        from {{ ref('qbo__journal_entry_line') }}
        group by realm_id, journal_entry_id
    ) as untaxed
        on untaxed.realm_id = line.realm_id and untaxed.journal_entry_id = line.journal_entry_id
where {{ is_posted('JournalEntry') }}
{% endmacro %}
