-- One row per expense receipt: an expense paid at once, or a bill of who is to be reimbursed; or why it is not pushed.
with
worker as (select * from {{ current_rows('users') }}),
spent as (
    select
        expense_receipt_id,
        sum({{ to_cent('amount') }}) as amount,
        bool_or({{ tidy('tax_code') }} is not null) as names_tax
    from {{ current_rows('expense_lines') }}
    where not is_deleted
    group by expense_receipt_id
)
select
    receipt.business_entity_id,
    case when receipt.paid_with = 'employee' then 'Bill' else 'Purchase' end as target,
    'expense_receipt' as source_kind,
    receipt.id as source_id,
    receipt.id as source_number,
    'vendor' as party_kind,
    case when receipt.paid_with = 'employee' then worker.vendor_company_id else receipt.vendor_company_id end as company_id,
    receipt.receipt_date as transaction_date,
    receipt.currency,
    -- Without an account of its own, money goes by how it was paid: cash and bank are mapped like any account.
    case when receipt.paid_with <> 'employee' then coalesce({{ tidy('receipt.payment_account') }}, receipt.paid_with) end as account,
    case when receipt.paid_with <> 'employee' then receipt.paid_with end as payment_method,
    {{ tidy('receipt.department_code') }} as department_code,
    worker.display_name as private_note,
    {{ to_cent('receipt.total') }} as total,
    case when spent.names_tax and spent.amount = receipt.total then {{ to_cent('receipt.tax_total') }} end as tax_total,
    -- Lines that come to what was paid have their tax within them.
    coalesce(spent.names_tax and spent.amount = receipt.total and receipt.tax_total <> 0, false) as is_tax_inclusive,
    case when spent.amount <> receipt.total then {{ to_cent('receipt.tax_total') }} end as tax_beside,
    case
        when receipt.is_deleted then 'The receipt was deleted.'
        when receipt.status = 'rejected' then 'The receipt was rejected.'
    end as ending,
    case
        when receipt.status not in ('approved', 'reimbursed')
            then {{ because('not_approved', "'The receipt is not approved: it is ' || receipt.status || '.'") }}
        when receipt.paid_with = 'employee' and worker.id is null
            then {{ because('no_worker', "'It is to be reimbursed, and says not to whom: name the user.'") }}
        when receipt.paid_with = 'employee' and worker.vendor_company_id is null
            then {{ because('no_vendor', "worker.display_name || ' is to be reimbursed and is no vendor: give the user a vendor, whom QuickBooks then owes it.'") }}
        when spent.amount <> receipt.total and spent.amount + coalesce(receipt.tax_total, 0) <> receipt.total
            then {{ because('total_differs', "'Its lines come to ' || spent.amount || ' and its total is ' || " ~ to_cent('receipt.total') ~ " || ': correct one of them.'") }}
        when spent.names_tax and receipt.tax_total is null
            then {{ because('tax_unsaid', "'Its lines name tax codes, and it says not how much of the total is tax: enter it, or 0 for none.'") }}
    end as unfit
from {{ current_rows('expense_receipts') }} as receipt
left join worker on worker.id = receipt.user_id
left join spent on spent.expense_receipt_id = receipt.id
