{#
    Tables that add documents up by month, or by party and month, are made anew where a changed document reaches only.

    sync.source_watermark remembers which build of ledger.document_change each such table has taken in. A row of
    ledger.document_change tells of a document's last change alone: a table that missed a build, or whose SQL is another since,
    is made anew as a whole.
#}

{# Raise the number when a macro changes what an unchanged table of touched months yields. #}
{% macro touched_definition() %}
    {{ return(local_md5(model.raw_code ~ ' 1')) }}
{% endmacro %}

{# True if only touched months have to be made; asked of the warehouse once per model. #}
{% macro is_by_month() %}
    {% if not is_incremental() %}{{ return(false) }}{% endif %}
    {% set found = run_query(
        "select coalesce(max(change_number), 0) - coalesce((select revision from sync.source_watermark where model = '"
        ~ this.schema ~ '.' ~ this.identifier ~ "' and source = 'ledger.document_change' and definition = '"
        ~ touched_definition() ~ "'), -1) from " ~ ref('ledger__document_change')
    ).rows %}
    {{ return(found[0][0] in (0, 1)) }}
{% endmacro %}

{# Post-hook: the newest build is taken in. #}
{% macro note_change_read() %}
    insert or replace into sync.source_watermark (model, source, definition, loaded_at, revision)
    select
        '{{ this.schema }}.{{ this.identifier }}', 'ledger.document_change', '{{ touched_definition() }}', null,
        coalesce(max(change_number), 0)
    from {{ ref('ledger__document_change') }}
{% endmacro %}

{# The changed documents this table has not taken in. #}
{% macro documents_to_take_in() %}
    select *
    from {{ ref('ledger__document_change') }}
    where change_number > (
        select revision from sync.source_watermark
        where model = '{{ this.schema }}.{{ this.identifier }}' and source = 'ledger.document_change'
    )
{% endmacro %}

{# (realm_id, month) reached by the postings of changed documents. #}
{% macro touched_months() %}
    select distinct
        realm_id, unnest(generate_series(date_trunc('month', affected_from), affected_to, interval 1 month))::date as month
    from ({{ documents_to_take_in() }}) as document
{% endmacro %}

{#
    (realm_id, party_id, month) reached by changed documents, to the last month where something was or is left open; what is
    under no party has an empty id. With them the months that have begun since, of every party in `relations`.
#}
{% macro touched_party_months() %}
    {% set declared = model.config.meta.touched %}
    with
    last_month as (
        select realm_id, max(month) as last_month from {{ ref('finance__month_end') }} group by realm_id
    ),
    reached as (
        select
            document.realm_id, unnest(list_append(affected_parties, '')) as party_id, affected_from,
            case when is_affected_onward then greatest(affected_to, last_month) else affected_to end as affected_to
        from ({{ documents_to_take_in() }}) as document
        inner join last_month using (realm_id)
    ),
    begun as (
        select last_month.realm_id, coalesce(made.last_month, '-infinity') as made_to, last_month.last_month
        from last_month
        left join (
            select realm_id, max(date_trunc('month', {{ declared.month_of }})) as last_month
            from {{ this.include(database=false) }}
            group by realm_id
        ) as made using (realm_id)
        where made.last_month is null or made.last_month < last_month.last_month
    )
    select
        realm_id, party_id,
        unnest(generate_series(date_trunc('month', affected_from), affected_to, interval 1 month))::date as month
    from reached
    union
    select realm_id, party_id, month
    from (
        {% for table, column in declared.parties.items() %}
        select realm_id, coalesce({{ column }}, '') as party_id
        from {{ table }}
        where realm_id in (select realm_id from begun)
        {{ 'union' if not loop.last }}
        {% endfor %}
    )
    inner join begun using (realm_id)
    inner join {{ ref('finance__month_end') }} as month_end using (realm_id)
    where month > made_to
    {% if declared.party == 'customer_id' %}
    -- What a refund takes back depends on all its customer paid before, and on the credits it pays out.
    union
    select realm_id, coalesce(customer_id, ''), date_trunc('month', refund_date)::date
    from {{ ref('finance__customer_refund') }}
    union
    select refund.realm_id, coalesce(customer_id, ''), date_trunc('month', applied_date)::date
    from {{ ref('finance__customer_refund') }} as refund
    inner join {{ ref('ledger__application') }} as application
        on application.realm_id = refund.realm_id and target_type = transaction_type and target_id = transaction_id
    {% endif %}
{% endmacro %}

{#
    What a model of touched months must say of itself: the column its months are of and, where it is by party, the party's
    column and the relations that name every party.
#}
{% macro declare_touched(month_of, party=none, parties={}) %}
    {{ config(meta={'touched': {'month_of': month_of, 'party': party, 'parties': parties}}) }}
{% endmacro %}

{% macro get_incremental_touched_months_sql(arguments) %}
    {% set declared = model.config.meta.touched %}
    {% set columns = arguments.dest_columns | map(attribute='quoted') | join(', ') %}
    delete from {{ arguments.target_relation }}
    {% if is_by_month() and declared.party %}
    where (realm_id, coalesce({{ declared.party }}, ''), date_trunc('month', {{ declared.month_of }})::date)
        in (select realm_id, party_id, month from ({{ touched_party_months() }}))
    {% elif is_by_month() %}
    where (realm_id, date_trunc('month', {{ declared.month_of }})::date) in ({{ touched_months() }})
    {% endif %};
    insert into {{ arguments.target_relation }} ({{ columns }})
    select {{ columns }} from {{ arguments.temp_relation }};
{% endmacro %}
