{#
    Every version seen of every record: a view beside each entity's table, over the same field list.

    A version counts from its updated_at, or from its load where QuickBooks gives none, to the next version's. A deletion is
    a version too; it carries the content the record had last, so that the current versions are the rows of `qbo.<entity>`.
    The view costs nothing until it is asked, and a question about one record parses that record's versions only.
#}

{#
    For the model being built, if it is an entity's: its own SQL over all versions instead of the current ones. Rendering
    the field list a second time would make a build a tenth slower.
#}
{% macro create_history_view() %}
    {% set record = (typed_table() or {}).get('record') %}
    {% if record and execute %}
        {% set typing = model.compiled_code.split(records_end())[1] %}
        create or replace view qbo_history.{{ this.identifier }} as
        with {{ every_version(this.identifier, record.is_wrapped) }},
        {{ typing.replace(validity(), 'valid_from, valid_to, is_current,') }}
    {% endif %}
{% endmacro %}

{# Where an entity's SQL is done with versions and begins to type. #}
{% macro records_end() %}{{ return('/* records above, typing below */') }}{% endmacro %}

{# Where a version's validity stands among the columns. #}
{% macro validity() %}{{ return('/* validity */') }}{% endmacro %}

{# CTE `record`: one row per version. The ids stand in the join so that a condition on them reaches both its sides. #}
{% macro every_version(entity, is_wrapped) %}
{% set raw = source('raw_qbo', entity) %}
version as not materialized (
    select
        realm_id, id, sync_token, updated_at, operation, loaded_at,
        coalesce(updated_at, loaded_at) as valid_from,
        lead(coalesce(updated_at, loaded_at)) over by_rank as valid_to,
        lead(rowid) over by_rank is null as is_current,
        last_value(case when operation = 'upsert' then rowid end ignore nulls) over by_rank as content_row
    from {{ raw }}
    window by_rank as (
        partition by realm_id, id order by {{ version_rank() }} rows between unbounded preceding and current row
    )
),
record as not materialized (
    select
        version.* exclude (operation, content_row),
        version.operation = 'delete' as is_deleted,
        {{ unwrapped_payload(is_wrapped) }}
    from version
    left join {{ raw }} as content
        on content.rowid = version.content_row and content.realm_id = version.realm_id and content.id = version.id
)
{% endmacro %}
