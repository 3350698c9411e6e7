{#
    QuickBooks' reports as rows. A report is a tree of sections whose rows hold one text per column; nothing in it says where
    it ends but its own nesting, so it is walked level by level.

    A model of schema `qbo_report` is incremental by report: a report landed again replaces the rows it gave before.
#}

{# The shape of one row of a report: its own columns, or a section's heading with the rows below it. #}
{% macro report_row_shape() %}
    {% set columns = {'ColData': [{'value': 'VARCHAR', 'id': 'VARCHAR'}]} %}
    {{ return({'Header': columns, 'ColData': columns.ColData, 'Rows': {'Row': ['JSON']}, 'group': 'VARCHAR'}) }}
{% endmacro %}

{#
    What the rest of the pipeline must know of a model over reports: raise the number when these macros change what it yields.
#}
{% macro declare_report_table() %}
    {% set definition = local_md5(model.raw_code ~ ' 1') %}
    {% set typed = {'entity': 'report', 'document_id': 'report_id', 'definition': definition, 'reads': [], 'record': none} %}
    {{ config(meta={'typed_table': typed}) }}
{% endmacro %}

{#
    CTEs that every model over reports starts with:

    report      the newest answer to each request for one of the reports `names`
    report_cell one row per column of the report: its `title`, `kind`, `key`, first and last day, counted from 1
    report_row  one row per line that holds amounts, in the report's order: `place` is its path in the tree, `is_heading` says
                that the amounts are a parent account's own, beside its section's name. `account_id` is the id of the line
                or, where it has none, of the section it stands in; `group_path` the names QuickBooks gives its sections.
#}
{% macro report_rows(names) %}
{% do declare_report_table() %}
{% set raw = source('raw_qbo', 'report') %}
{% set shape = tojson(report_row_shape()) %}
newest_report as (
    select realm_id, id, max_by(rowid, (fetched_at, loaded_at, rowid)) as raw_row
    from {{ raw }}
    where report in ('{{ names | join("', '") }}')
    {% if is_incremental() %}
        and (realm_id, id) in ({{ touched_records() }})
    {% endif %}
    group by realm_id, id
),
report as materialized (
    select
        raw.realm_id, raw.id as report_id, raw.report, raw.accounting_method, raw.start_date, raw.end_date, raw.options,
        raw.fetched_at, raw.loaded_at,
        try(from_json(raw.payload, '{"Rows": {"Row": ["JSON"]}}'))."Rows"."Row" as json_rows,
        try(from_json(
            raw.payload,
            '{"Columns": {"Column": [{"ColTitle": "VARCHAR", "ColType": "VARCHAR", "MetaData": [{"Name": "VARCHAR", "Value": "VARCHAR"}]}]}}'
        ))."Columns"."Column" as columns
    from newest_report
    inner join {{ raw }} as raw on raw.rowid = newest_report.raw_row
),
report_column as (
    select
        realm_id, report_id, number, json."ColTitle" as title, json."ColType" as kind,
        list_filter(json."MetaData", lambda each: each."Name" = 'ColKey')[1]."Value" as key,
        try_cast(list_filter(json."MetaData", lambda each: each."Name" = 'StartDate')[1]."Value" as date) as first_day,
        try_cast(list_filter(json."MetaData", lambda each: each."Name" = 'EndDate')[1]."Value" as date) as last_day
    from (
        select realm_id, report_id, unnest(columns) as json, generate_subscripts(columns, 1) as number
        from report
    ) as listed
),
report_line as (
    with recursive line as (
        select
            realm_id, report_id, [number] as place, null::varchar as outer_account_id, '' as outer_path,
            from_json(json, '{{ shape }}') as line
        from (
            select realm_id, report_id, unnest(json_rows) as json, generate_subscripts(json_rows, 1) as number
            from report
        ) as listed
        union all
        select
            realm_id, report_id, list_append(place, number), account_id, path,
            from_json(json, '{{ shape }}')
        from (
            select
                realm_id, report_id, place,
                -- A section without a heading holds the parent account's own lines.
                case when line."Header" is null then outer_account_id else line."Header"."ColData"[1].id end as account_id,
                {{ inner_path() }} as path,
                unnest(line."Rows"."Row") as json,
                generate_subscripts(line."Rows"."Row", 1) as number
            from line
        ) as listed
    )
    select * from line
),
report_row as (
    select
        realm_id, report_id, place,
        line."ColData" is null as is_heading,
        coalesce(line."ColData", line."Header"."ColData") as cells,
        outer_account_id,
        {{ inner_path() }} as group_path
    from report_line
    where line."ColData" is not null or line."Header" is not null
)
{% endmacro %}

{# The path of a line: the groups QuickBooks names around it and, where it names one, its own. #}
{% macro inner_path() %}
    {{ return("concat_ws(' > ', nullif(outer_path, ''), line.\"group\")") }}
{% endmacro %}

{# The text in the column of a report row whose key is one of `keys`. #}
{% macro report_text(keys, part='value') %}
    cells[coalesce({% for key in keys %}column_number['{{ key }}']{{ ', ' if not loop.last }}{% endfor %})].{{ part }}
{%- endmacro %}

{# An amount as reports print it: no figure is nothing, and zero comes as ".00". #}
{% macro report_amount(text) -%}
    try_cast(nullif(replace({{ text }}, ',', ''), '') as decimal(18, 2))
{%- endmacro %}

{#
    CTEs for a report with one amount per account and column, behind `report_rows`: `statement_amount` holds one row per
    account and period. A column that names its days is a period; without any, the first column of money is the whole range.
#}
{% macro statement_amounts() %}
period_column as (
    select
        report_column.realm_id, report_column.report_id, number,
        if(names_days, first_day, start_date) as first_day,
        if(names_days, last_day, end_date) as last_day
    from (
        select
            *,
            last_day is not null and key is distinct from 'total' as is_period,
            bool_or(is_period) over (partition by realm_id, report_id) as names_days,
            row_number() over (partition by realm_id, report_id order by number) as money_number
        from report_column
        where kind = 'Money'
    ) as report_column
    inner join report using (realm_id, report_id)
    where if(names_days, is_period, money_number = 1)
),
statement_amount as (
    select
        realm_id, report_id, place, group_path,
        nullif(cells[1].id, '') as account_id,
        period_column.first_day,
        period_column.last_day,
        {{ report_amount('cells[period_column.number].value') }} as amount
    from report_row
    inner join period_column using (realm_id, report_id)
    -- A heading without an account names a section; a line without one is a result, such as the year's net income.
    where nullif(cells[1].id, '') is not null or not is_heading
)
{% endmacro %}
