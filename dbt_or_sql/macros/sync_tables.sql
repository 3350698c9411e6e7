{#
    The tables of schema `sync` that models read or keep, made before any of them is built. sync.connection and
    sync.customer_mapping are filled from the state store before each publishing; sync.as_of by each run that pulls, before
    the models: it is their only "today". sync.book_change holds the loads that changed the books of companies whose reports
    do not all take account of them.
#}

{% macro create_sync_tables() %}
    create schema if not exists sync;
    create schema if not exists qbo_history;
    create table if not exists sync.model_watermark (
        model varchar primary key,
        definition varchar not null,
        loaded_at timestamptz not null
    );
    create table if not exists sync.source_watermark (
        model varchar not null,
        source varchar not null,
        definition varchar not null,
        loaded_at timestamptz,
        revision bigint not null,
        primary key (model, source)
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
    create table if not exists sync.as_of (
        realm_id varchar primary key,
        as_of_date date not null,
        reads_through timestamptz not null
    );
    create table if not exists sync.book_change (
        realm_id varchar not null,
        loaded_at timestamptz not null,
        first_day date not null,
        last_day date not null
    );
    create table if not exists sync.customer_mapping (
        business_entity_id varchar not null,
        realm_id varchar not null,
        qbo_customer_id varchar not null,
        source_customer_id varchar not null,
        primary key (realm_id, qbo_customer_id)
    );
    create table if not exists sync.push_setting (
        realm_id varchar primary key,
        business_entity_id varchar not null,
        go_live_date date,
        as_of_date date not null,
        estimate_from varchar not null,
        time_lines varchar not null,
        show_covered_time boolean
    );
    alter table sync.push_setting add column if not exists show_covered_time boolean;
    create table if not exists sync.billed_work (
        realm_id varchar not null,
        source_kind varchar not null,
        source_id varchar not null,
        part varchar not null,
        billed_by_kind varchar not null,
        billed_by_id varchar not null
    );
    create table if not exists sync.snapshot_adjustment (
        realm_id varchar not null,
        month date not null,
        measure varchar not null,
        amount decimal(18, 2) not null,
        explanation varchar not null
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
