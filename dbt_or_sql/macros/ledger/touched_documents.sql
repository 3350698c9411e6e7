{#
    CTE `touched`: the transactions a build computes again, behind `general_ledger`.

    touched_itself   loaded since the last build, using an account that is chosen otherwise now, or shown otherwise by a report
    touched_by_link  with them the payments and deposits that link one of those: their rates and dates enter the postings
    touched          with them the payments that share a foreign document or a credit with one of those: parts of the one
                     round to its whole, uses of the other are numbered
#}
{% macro touched_documents(entities) %}
{% set linking = {} %}
{% for name, entity in entities.items() if entity.has_links %}{% do linking.update({name: entity}) %}{% endfor %}
changed_choice as materialized (
    select realm_id, purpose, key
    from {{ ref('ledger__account_choice') }}
    where revision > {{ last_revision_read('ledger.account_choice') }}
),
{{ touched_by_report() }},
touched_itself as materialized (
    {% for name, entity in entities.items() %}
    {% set table = 'qbo__' ~ entity.table %}
    select realm_id, '{{ name }}' as transaction_type, id as transaction_id
    from {{ ref(table) }}
    where loaded_at > {{ last_load_read('qbo.' ~ entity.table) }}
    union
    {% if entity.has_items %}
    {% set is_sale = entity.party == "'Customer'" %}
    select line.realm_id, '{{ name }}', line.{{ entity.table }}_id
    from {{ ref(table ~ '_line') }} as line
    inner join changed_choice
        on changed_choice.realm_id = line.realm_id
        and changed_choice.key = line.item_id
        and changed_choice.purpose in ({{ "'item_income'" if is_sale else "'item_purchase', 'item_stock'" }})
    {% if is_sale %}where line.item_account_id is null{% endif %}
    union
    {% endif %}
    {% if entity.has_tax %}
    select line.realm_id, '{{ name }}', line.{{ entity.table }}_id
    from {{ ref(table ~ '_tax_line') }} as line
    inner join changed_choice
        on changed_choice.realm_id = line.realm_id
        and changed_choice.key = line.tax_rate_id
        and changed_choice.purpose = 'tax_rate'
    union
    {% endif %}
    {% endfor %}
    select document.realm_id, document.transaction_type, document.transaction_id
    from {{ this }} as document
    inner join changed_choice
        on changed_choice.realm_id = document.realm_id
        and changed_choice.key = document.party_id
        and changed_choice.purpose = case document.party_type
            when 'Customer' then 'customer_receivable' when 'Vendor' then 'vendor_payable'
        end
    union
    -- What a company has one of, such as the receivable of a currency, may stand in any of its documents.
    select realm_id, transaction_type, transaction_id
    from {{ this }}
    where realm_id in (
        select realm_id
        from changed_choice
        where purpose not in ('customer_receivable', 'vendor_payable', 'tax_rate', 'account_type') and not starts_with(purpose, 'item_')
    )
    union
    select realm_id, transaction_type, transaction_id from touched_by_report
),
linked as not materialized (
    {{ settling_links(linking) }}
),
touched_by_link as materialized (
    select realm_id, transaction_type, transaction_id from touched_itself
    union
    select linked.realm_id, linked.transaction_type, linked.transaction_id
    from linked
    inner join touched_itself as touched
        on touched.realm_id = linked.realm_id
        and touched.transaction_type = linked.linked_type
        and touched.transaction_id = linked.linked_id
),
shared_target as materialized (
    select distinct linked.realm_id, linked.linked_type, linked.linked_id
    from linked
    inner join touched_by_link using (realm_id, transaction_type, transaction_id)
    inner join {{ this }} as document
        on document.realm_id = linked.realm_id
        and document.transaction_type = linked.linked_type
        and document.transaction_id = linked.linked_id
    where not document.is_home_currency or linked.linked_type not in ('Invoice', 'Bill')
),
touched as materialized (
    select realm_id, transaction_type, transaction_id from touched_by_link
    union
    select linked.realm_id, linked.transaction_type, linked.transaction_id
    from linked
    inner join shared_target using (realm_id, linked_type, linked_id)
)
{% endmacro %}

{# One row per link of a payment or deposit to what it settles or deposits. #}
{% macro settling_links(entities) %}
    {% for name, entity in entities.items() %}
    select
        realm_id, '{{ name }}' as transaction_type, {{ entity.table }}_id as transaction_id,
        {{ linked_entity('linked_transaction_type') }} as linked_type, linked_transaction_id as linked_id
    from {{ ref('qbo__' ~ entity.table ~ '_linked_txn') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
{% endmacro %}

{# CTE `touched_by_report`: transactions of newly landed reports, and of their periods, that are shown otherwise than before. #}
{% macro touched_by_report() %}
fresh_report as materialized (
    select distinct realm_id, report_id, start_date, end_date
    from {{ ref('qbo_report__general_ledger_line') }}
    where loaded_at > {{ last_load_read('qbo_report.general_ledger_line') }}
),
in_fresh_report as materialized (
    select distinct general_ledger.realm_id, general_ledger.transaction_type, general_ledger.transaction_id
    from general_ledger
    inner join fresh_report using (realm_id, report_id)
    union
    select document.realm_id, document.transaction_type, document.transaction_id
    from {{ this }} as document
    inner join fresh_report
        on fresh_report.realm_id = document.realm_id
        and document.transaction_date between fresh_report.start_date and fresh_report.end_date
    where document.report_fingerprint is not null
),
fresh_fingerprint as (
    select realm_id, transaction_type, transaction_id, {{ report_fingerprint() }} as report_fingerprint
    from general_ledger
    inner join in_fresh_report using (realm_id, transaction_type, transaction_id)
    group by realm_id, transaction_type, transaction_id
),
touched_by_report as materialized (
    select realm_id, transaction_type, transaction_id
    from in_fresh_report
    left join fresh_fingerprint using (realm_id, transaction_type, transaction_id)
    left join {{ this }} as former using (realm_id, transaction_type, transaction_id)
    where fresh_fingerprint.report_fingerprint is distinct from former.report_fingerprint
)
{% endmacro %}

{# What only an incremental build reads, which dbt must know of when it plans. #}
{% macro read_to_find_touched(entities) %}
-- depends_on: {{ ref('ledger__account_choice') }}, {{ ref('qbo_report__general_ledger_line') }}
{% for entity in entities.values() %}
{% for suffix, is_there in {
    '_line': entity.has_items, '_tax_line': entity.has_tax, '_linked_txn': entity.has_links,
}.items() if is_there %}
-- depends_on: {{ ref('qbo__' ~ entity.table ~ suffix) }}
{% endfor %}
{% endfor %}
{% endmacro %}
