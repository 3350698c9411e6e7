{#
    How the ledger computes only what changed, though a posting depends on many tables.

    Typed tables are read by load: `sync.source_watermark` remembers, per ledger model and source, the last `loaded_at` seen,
    and the definition the source had. Among themselves ledger models pass revisions: `ledger.document` and
    `ledger.account_choice` stamp the rows of a build with the next number, whatever changed them, and each model behind them
    remembers the last number it has read. Rows and watermarks change in one transaction.
#}

{# Raise the number when the SQL of any ledger model or macro changes what it yields: everything is computed again. #}
{% macro ledger_definition() %}
    {{ return('2') }}
{% endmacro %}

{#
    What the rest of the project must know of a ledger model: the typed tables and ledger models it watches for changes.
    `replaces`, of a model whose rows come and go, are the columns that say which transaction a row is computed with;
    `is_by_document` says that it looks at everything again when a table built by document is made otherwise.
#}
{% macro declare_ledger_model(watches=[], follows=[], replaces=none, is_by_document=false) %}
    {{ config(meta={'ledger_model': {
        'watches': watches, 'follows': follows, 'replaces': replaces, 'is_by_document': is_by_document,
    }}) }}
{% endmacro %}

{# The definition under which the model being built follows other ledger models. #}
{% macro following_definition() %}
    {{ return(ledger_definition() ~ (' ' ~ document_definition() if ledger_model().is_by_document else '')) }}
{% endmacro %}

{# What `declare_ledger_model` said of the model being built. #}
{% macro ledger_model() %}
    {{ return(model.config.meta.get('ledger_model') if model.config is defined else none) }}
{% endmacro %}

{# SQL for the definition a typed table was built with, behind the ledger's own. #}
{% macro watched_definition(table) %}
    {{ return(
        "'" ~ ledger_definition() ~ " ' || coalesce((select definition from sync.model_watermark where model = '"
        ~ table ~ "'), '')"
    ) }}
{% endmacro %}

{# SQL for the last load of a typed table that this model has read. #}
{% macro last_load_read(table) %}
    coalesce(
        (
            select loaded_at from sync.source_watermark
            where model = '{{ this.schema }}.{{ this.identifier }}'
                and source = '{{ table }}'
                and definition = {{ watched_definition(table) }}
        ),
        '-infinity'::timestamptz
    )
{% endmacro %}

{# SQL for the last revision of a ledger model that this model has read. #}
{% macro last_revision_read(table) %}
    coalesce(
        (
            select revision from sync.source_watermark
            where model = '{{ this.schema }}.{{ this.identifier }}'
                and source = '{{ table }}'
                and definition = '{{ following_definition() }}'
        ),
        -1
    )
{% endmacro %}

{# SQL for the number this build stamps on rows: greater than any a model has read. #}
{% macro next_revision() %}
    (select coalesce(max(revision), 0) + 1 from sync.source_watermark)
{% endmacro %}

{# Post-hook: remember what was read. A model is a source of itself too, so that its numbers rise even when nobody reads them. #}
{% macro move_source_watermarks() %}
    {% set name = this.schema ~ '.' ~ this.identifier %}
    {% set declared = ledger_model() %}
    {% if declared %}
    insert or replace into sync.source_watermark (model, source, definition, loaded_at, revision)
    {% for table in declared.watches %}
    select
        '{{ name }}', '{{ table }}', {{ watched_definition(table) }},
        (select coalesce(max(loaded_at), '-infinity'::timestamptz) from {{ table }}), 0
    union all
    {% endfor %}
    {% for table in declared.follows %}
    select
        '{{ name }}', '{{ table }}', '{{ following_definition() }}', null,
        (select coalesce(max(revision), 0) from {{ table }})
    {{ 'union all' if not loop.last or not declared.replaces }}
    {% endfor %}
    {% if not declared.replaces %}
    select '{{ name }}', '{{ name }}', '{{ ledger_definition() }}', null, (select coalesce(max(revision), 0) from {{ this }})
    {% endif %}
    {% endif %}
{% endmacro %}

{#
    CTE `changed`: the transactions to compute again, as `ledger.document` has them now; the first time, all of them.
    `document_row` stands for the three columns of their key within one statement: one number joins faster than three texts.
#}
{% macro changed_documents() %}
changed as materialized (
    select *, rowid as document_row
    from {{ ref('ledger__document') }}
    {% if is_incremental() %}
    where revision > {{ last_revision_read('ledger.document') }}
    {% endif %}
)
{% endmacro %}

{# Incremental strategy of models computed per transaction: the rows of changed transactions go, their new ones come. #}
{% macro get_incremental_changed_sql(arguments) %}
    {% set columns = arguments.dest_columns | map(attribute='quoted') | join(', ') %}
    delete from {{ arguments.target_relation }}
    where (realm_id, {{ ledger_model().replaces | join(', ') }}) in (
        select realm_id, transaction_type, transaction_id
        from {{ ref('ledger__document') }}
        where revision > {{ last_revision_read('ledger.document') }}
    );
    insert into {{ arguments.target_relation }} ({{ columns }})
    select {{ columns }} from {{ arguments.temp_relation }};
{% endmacro %}
