{#
    CTEs that every typed table starts with: `record` holds one row per record, as QuickBooks has it now.

    The current version has the greatest (updated_at, sync_token as a number, loaded_at); of two versions equal in all
    three, the one landed last. A deleted record keeps the content of its last living version: a tombstone has none.
    Ranking reads the narrow columns only and fetches one payload per record by its row, because payloads are wide.
#}
{% macro current_record(entity, is_wrapped=false) %}
{% set raw = source('raw_qbo', entity) %}
version as (
    select
        realm_id, id, sync_token, updated_at, operation, loaded_at, rowid as raw_row,
        {{ version_rank() }} as version_rank
    from {{ raw }}
    {% if is_incremental() %}
    where (realm_id, id) in ({{ touched_records() }})
    {% endif %}
),
newest as materialized (
    select
        realm_id, id,
        max_by(
            struct_pack(sync_token := sync_token, updated_at := updated_at, operation := operation, loaded_at := loaded_at),
            version_rank
        ) as current_version,
        max_by(raw_row, version_rank) filter (where operation = 'upsert') as content_row
    from version
    group by realm_id, id
),
record as not materialized (
    select
        newest.realm_id,
        newest.id,
        newest.current_version.sync_token as sync_token,
        newest.current_version.updated_at as updated_at,
        newest.current_version.operation = 'delete' as is_deleted,
        newest.current_version.loaded_at as loaded_at,
        {{ unwrapped_payload(is_wrapped) }}
    from newest
    left join {{ raw }} as content on content.rowid = newest.content_row
)
{% endmacro %}

{# The greatest of a record's versions is the current one. #}
{% macro version_rank() %}
    {{ return(
        "(coalesce(updated_at, '-infinity'::timestamptz), coalesce(try_cast(sync_token as bigint), -1), loaded_at, rowid)"
    ) }}
{% endmacro %}

{# A recurring transaction stands inside an object named after its type. #}
{% macro unwrapped_payload(is_wrapped) %}
    {% if is_wrapped %}
        try(json_keys(content.payload)[1]) as wrapped_type,
        coalesce(try(json_extract(content.payload, '$.*')[1]::varchar), content.payload) as payload
    {% else %}
        content.payload
    {% endif %}
{% endmacro %}
