{#
    The tables of schema `sync` that models read or keep, made before any of them is built. sync.connection is filled from the
    state store before each publishing; sync.customer_mapping by who maps customers, and is empty until then.
#}

{% macro create_sync_tables() %}
    create schema if not exists sync;
    create schema if not exists qbo_history;
    create table if not exists sync.model_watermark (
        model varchar primary key,
        definition varchar not null,
        loaded_at timestamptz not null
    );
    create table if not exists sync.connection (
        realm_id varchar,
        connection varchar,
        company_name varchar,
        environment varchar,
        business_entity_id varchar,
        status varchar,
        reason varchar,
        created_at timestamptz,
        refresh_expires_at timestamptz,
        last_sync_at timestamptz
    );
    create table if not exists sync.customer_mapping (
        business_entity_id varchar not null,
        realm_id varchar not null,
        qbo_customer_id varchar not null,
        source_customer_id varchar not null,
        primary key (realm_id, qbo_customer_id)
    );
{% endmacro %}

{# The companies that are some business entity's books. Not sources: nothing upstream of the models makes these tables. #}
{% macro mirrored_company() %}
    {{ return('(select realm_id, business_entity_id from sync.connection where business_entity_id is not null)') }}
{% endmacro %}

{# The customers of the operational system that are mapped, by (business_entity_id, realm_id, customer_id). #}
{% macro mapped_customer() %}
    {{ return(
        '(select business_entity_id, realm_id, qbo_customer_id as customer_id, source_customer_id from sync.customer_mapping)'
    ) }}
{% endmacro %}
