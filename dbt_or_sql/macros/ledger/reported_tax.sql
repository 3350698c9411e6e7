{#
    Which account QuickBooks keeps an agency's tax on, where a company has several such accounts: the one on which its general
    ledger shows the amounts of the agency's taxes, document by document; nothing where two accounts show as many.
#}
{% macro reported_tax_accounts() %}
    with tax_account as (
        select realm_id, account_id
        from candidate
        where purpose = 'tax'
            and realm_id in (select realm_id from only_candidate where purpose = 'tax' and account_id is null)
    ),
    reported as (
        select realm_id, transaction_id, transaction_type, account_id, abs(sum(debit - credit)) as amount
        from {{ ref('qbo_report__general_ledger_row') }}
        where (realm_id, account_id) in (select realm_id, account_id from tax_account)
        group by realm_id, transaction_id, transaction_type, account_id
    ),
    taxed as (
        {% for name, entity in posting_entities().items() if entity.has_tax %}
        select
            line.realm_id, '{{ name }}' as transaction_type, line.{{ entity.table }}_id as transaction_id,
            tax_rate.agency_id as tax_agency_id,
            abs(sum({{ home_amount('line.amount', 'document.exchange_rate') }})) as amount
        from {{ ref('qbo__' ~ entity.table ~ '_tax_line') }} as line
        inner join {{ ref('qbo__' ~ entity.table) }} as document
            on document.realm_id = line.realm_id and document.id = line.{{ entity.table }}_id
        inner join tax_rate on tax_rate.realm_id = line.realm_id and tax_rate.tax_rate_id = line.tax_rate_id
        where not line.is_deleted and line.realm_id in (select realm_id from tax_account)
        group by all
        {{ 'union all' if not loop.last }}
        {% endfor %}
    ),
    evidence as (
        select taxed.realm_id, taxed.tax_agency_id, reported.account_id, count(*) as documents
        from taxed
        inner join reported
            on reported.realm_id = taxed.realm_id
            and reported.transaction_id = taxed.transaction_id
            and {{ entity_of_display_name('reported.transaction_type') }} = taxed.transaction_type
            and reported.amount = taxed.amount
        where taxed.amount <> 0
        group by taxed.realm_id, taxed.tax_agency_id, reported.account_id
    )
    select realm_id, tax_agency_id, max(account_id) as account_id
    from (
        select *, rank() over (partition by realm_id, tax_agency_id order by documents desc) as place
        from evidence
    ) as ranked
    where place = 1
    group by realm_id, tax_agency_id
    having count(*) = 1
{% endmacro %}
