-- One row per document that might be pushed: complete, with the first reason why it is not where there is one.
with
family as (
    {% for name in [
        'estimate', 'quote_billing', 'sale', 'invoice', 'ticket', 'time_invoice', 'credit_note', 'payment', 'payment_fee', 'credit_use', 'write_off',
        'purchase_order', 'vendor_bill', 'expense'
    ] %}
    select * from {{ ref('outbound__' ~ name) }}
    {{ 'union all by name' if not loop.last }}
    {% endfor %}
),
line_sum as (
    select
        source_kind, source_id,
        count(*) filter (where line_kind not in ('note', 'subtotal')) as sold_lines,
        coalesce(sum(amount) filter (where line_kind not in ('note', 'subtotal', 'tax')), 0)::decimal(18, 2) as gross
    from {{ ref('outbound__line') }}
    group by source_kind, source_id
),
over_quoted as (
    select consumed.billed_by_kind as source_kind, consumed.billed_by_id as source_id, min(consumed.source_id) as quote_line
    from {{ ref('outbound__consumed') }} as consumed
    inner join {{ ref('outbound__source_line') }} as quoted
        on quoted.document_kind = 'quote' and consumed.source_id = quoted.document_id || '/' || quoted.line_id
    where consumed.source_kind = 'quote_line' and consumed.amount_so_far > quoted.amount
    group by all
),
-- What went out with another document is billed, whatever the operational system says of it since.
gone_out as (
    select line.source_kind, line.source_id, min(billed.billed_by_kind || ' ' || billed.billed_by_id) as billed_by
    from (select source_kind, source_id, unnest(bills, max_depth := 2) from {{ ref('outbound__line') }})
        as line (source_kind, source_id, work_kind, work_id, work_part)
    inner join {{ source('sync', 'billed_work') }} as billed
        on billed.source_kind = line.work_kind and billed.source_id = line.work_id
    where (billed.billed_by_kind, billed.billed_by_id) <> (line.source_kind, line.source_id)
        -- What is covered was billed by nobody, and may be shown for nothing.
        and billed.billed_by_kind <> 'covered'
        -- The parts of a quoted line are billed one after the other; only as a whole it is billed once.
        and (billed.part = line.work_part or billed.part = '' or line.work_part = '')
    group by all
),
complete as (
    select
        family.* exclude (due_date, discount_value),
        coalesce(
            family.due_date,
            case when family.target in ('Invoice', 'Bill') then family.transaction_date + party.terms_days::integer end
        ) as due_date,
        nullif(family.discount_value, 0) as discount_value,
        setting.realm_id, setting.go_live_date, setting.as_of_date,
        case
            when family.target in ('Payment', 'BillPayment') then null
            -- A vendor's bill goes by the vendor's own number.
            when family.source_kind = 'vendor_bill' then {{ tidy('family.source_number') }}
            when family.target = 'CreditMemo' then setting.credit_prefix || {{ tidy('family.source_number') }}
            when family.source_kind = 'payment_fee' then setting.number_prefix || family.source_id || '-FEE'
            when family.target in ('RefundReceipt', 'JournalEntry') then setting.number_prefix || family.source_id
            else setting.number_prefix || {{ tidy('family.source_number') }}
        end as full_number,
        party.party_id,
        -- Money, purchases and write-offs are no letters to anybody.
        case
            when family.target in ('Payment', 'BillPayment', 'Bill', 'Purchase', 'JournalEntry') or family.source_kind = 'write_off' then null
            else party.email
        end as email,
        case
            when family.target in ('Payment', 'BillPayment', 'Purchase', 'JournalEntry', 'CreditMemo', 'RefundReceipt') then null
            else party.terms_code
        end as terms_code,
        party.name as party_name, party.unusable, party.is_customer, party.is_vendor,
        coalesce(line_sum.sold_lines, 0) as sold_lines,
        over_quoted.quote_line, gone_out.billed_by,
        case
            when family.discount_kind = 'percent'
                then line_sum.gross - {{ percent_of('line_sum.gross', 'coalesce(family.discount_value, 0)') }}
            else line_sum.gross - coalesce(family.discount_value, 0)
        end as net
    from family
    left join {{ ref('outbound__setting') }} as setting using (business_entity_id)
    left join {{ ref('outbound__party') }} as party
        on party.company_id = family.company_id and party.business_entity_id = family.business_entity_id
    left join line_sum using (source_kind, source_id)
    left join over_quoted using (source_kind, source_id)
    left join gone_out using (source_kind, source_id)
),
judged as (
    select
        *,
        case
            when realm_id is null then {{ because('not_connected', "'Business entity ' || business_entity_id || ' is connected to no QuickBooks company.'") }}
            when go_live_date is null
                then {{ because('no_go_live_date', "'No go-live date is set: give the first day whose documents are to go to QuickBooks.'") }}
            when transaction_date is null then {{ because('no_date', "'It has no date.'") }}
            when transaction_date < go_live_date
                then {{ because('before_go_live', "'It is dated ' || transaction_date || ', before ' || go_live_date || ', from which on documents are pushed.'") }}
            when ending is not null then {{ because('ended', "ending") }}
            when unfit is not null then unfit
            -- An expense may name nobody it was paid to.
            when party_id is null and not (target = 'Purchase' and company_id is null) then {{ because('no_company', "'Its company ' || coalesce(company_id, '(none)') || ' is not there.'") }}
            when unusable is not null then unusable
            when party_kind = 'customer' and not is_customer
                then {{ because('not_a_customer', "party_name || ' is no customer: mark it as one, or take another company.'") }}
            when party_kind = 'vendor' and not is_vendor
                then {{ because('not_a_vendor', "party_name || ' is no vendor: mark it as one, or take another company.'") }}
            -- A payment that is applied to nothing yet is one all the same.
            when sold_lines = 0 and target <> 'Payment' then {{ because('no_lines', "'It has no lines.'") }}
            when net < 0 and target = 'CreditMemo'
                then {{ because('negative_total', "'It comes to ' || net || ': what is credited is written above zero. Correct its lines.'") }}
            when net < 0
                then {{ because('negative_total', "'It comes to ' || net || ', and QuickBooks takes none below zero: make a credit note of it.'") }}
            when billed_by is not null then {{ because('billed_elsewhere', "'What it bills went to QuickBooks already, with ' || billed_by || '.'") }}
            when quote_line is not null
                then {{ because('over_quoted', "'More than was quoted would be billed of line ' || quote_line || '.'") }}
        end as skip
    from complete
),
numbered as (
    select
        *,
        first_value(source_kind || ' ' || source_id) over same_number as number_holder,
        row_number() over same_number as number_place
    from judged
    window same_number as (
        partition by business_entity_id, target, full_number, case when source_kind = 'vendor_bill' then party_id end, skip is null
        order by transaction_date, source_kind, source_id
    )
)
select
    * exclude (
        skip, full_number, number_holder, number_place, unfit, unusable, is_customer, is_vendor, sold_lines, party_name, quote_line,
        billed_by, product_id, description, price, tax_code, is_taxable, class_code, credit_note_id, invoice_id, amount,
        bad_debt_product_id, tax_beside, money_kind, sign, fee
    ),
    {{ document_number('full_number') }} as number,
    case
        when skip is not null then skip
        when full_number is not null and number_place > 1 and source_kind = 'vendor_bill'
            then {{ because('number_used', "'The vendor uses each number once, and ' || full_number || ' is on ' || number_holder || ' too: is it the same bill entered twice?'") }}
        when full_number is not null and number_place > 1
            then {{ because('number_used', "'Its number ' || full_number || ' is that of ' || number_holder || ' too: give one of them another.'") }}
    end as skip
from numbered
