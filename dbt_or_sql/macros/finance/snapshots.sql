{# How a month's snapshot gets its versions. #}

{# Days after which a month that has ended counts as closed although QuickBooks' books were not: QBO_SNAPSHOT_DAYS. #}
{% macro snapshot_days() %}
    {{ return(env_var('QBO_SNAPSHOT_DAYS', '90') | int) }}
{% endmacro %}

{# What a month is by its date alone; a closed one whose figures change becomes restated. #}
{% macro snapshot_status() -%}
case
    when book_close_date >= measure.as_of_date then 'closed'
    when measure.as_of_date >= today then 'open'
    when measure.as_of_date >= today - {{ snapshot_days() }} then 'provisional'
    else 'closed'
end
{%- endmacro %}

{# The newest version of each month so far; the first build finds none. #}
{% macro last_snapshot_version() %}
    {% if is_incremental() %}
    select *
    from {{ this.include(database=false) }}
    qualify version = max(version) over (partition by realm_id, month)
    {% else %}
    select
        realm_id, month, 0 as version, null::varchar as status, 0 as change_number,
        {% for measure in snapshot_measures() %}
        {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from month_now
    where false
    {% endif %}
{% endmacro %}

{#
    The documents behind a month's changed figures: those that changed since its last version and had, or have, something in
    it; for balances, something in it or before. The list names the first hundred, the count counts them all.
#}
{% macro snapshot_cause() %}
    select
        judged.realm_id, judged.month,
        list_slice(
            list(transaction_type || ' ' || transaction_id order by affected_from, transaction_type, transaction_id), 1, 100
        ) as because,
        count(*) as changed_documents
    from judged
    inner join {{ ref('ledger__document_change') }} as document
        on document.realm_id = judged.realm_id
        and document.change_number > judged.last_change
        and document.affected_from <= judged.as_of_date
        and (document.affected_to >= judged.month or {% for measure in balance_measures() -%}
            {{ measure }}_delta <> 0{{ ' or ' if not loop.last }}
        {%- endfor %})
    where is_changed and last_version > 0
    group by judged.realm_id, judged.month
{% endmacro %}
