-- One row per file that should hang on a document in QuickBooks: the picture of an expense receipt.
select
    document.realm_id,
    document.business_entity_id,
    'Attachable' as target,
    document.source_kind,
    document.source_id,
    document.transaction_date,
    {{ tidy('receipt.attachment_ref') }} as file,
    document.target as linked_target,
    document.source_kind as linked_source_kind,
    document.source_id as linked_source_id
from {{ ref('outbound__document') }} as document
inner join {{ current_rows('expense_receipts') }} as receipt on receipt.id = document.source_id
where document.source_kind = 'expense_receipt' and {{ tidy('receipt.attachment_ref') }} is not null
