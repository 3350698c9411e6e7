"""The ledger's tables as the models that read them know them, for tests that write into them by hand."""

_POSTING = """
create table ledger.posting (
    realm_id varchar, transaction_type varchar, transaction_id varchar, posting_number bigint, line_number bigint,
    transaction_date date, doc_number varchar, account_id varchar, party_type varchar, party_id varchar, customer_id varchar,
    vendor_id varchar, class_id varchar, department_id varchar, item_id varchar, tax_agency_id varchar, role varchar,
    debit decimal(18, 2), credit decimal(18, 2), currency_id varchar, exchange_rate decimal(28, 10),
    foreign_debit decimal(18, 2), foreign_credit decimal(18, 2), source varchar, description varchar, loaded_at timestamptz
)"""
_APPLICATION = """
create table ledger.application (
    realm_id varchar, side varchar, source_type varchar, source_id varchar, source_line_number bigint, target_type varchar,
    target_id varchar, application_number bigint, settled_by_type varchar, settled_by_id varchar, source_date date,
    target_date date, applied_date date, kind varchar, party_id varchar, currency_id varchar, amount decimal(18, 2),
    target_rate decimal(28, 10), source_rate decimal(28, 10), target_home_amount decimal(18, 2),
    source_home_amount decimal(18, 2), exchange_gain_loss decimal(18, 2), loaded_at timestamptz
)"""
_OPEN_ITEM_CHANGE = """
create table ledger.open_item_change (
    realm_id varchar, side varchar, caused_by_type varchar, caused_by_id varchar, change_number bigint, document_type varchar,
    document_id varchar, party_id varchar, due_date date, transaction_date date, doc_number varchar, currency_id varchar,
    change_date date, amount decimal(18, 2), home_amount decimal(18, 2), account_id varchar, loaded_at timestamptz
)"""
_DOCUMENT = """
create table ledger.document (
    realm_id varchar, transaction_type varchar, transaction_id varchar, revision bigint,
    primary key (realm_id, transaction_type, transaction_id)
)"""
_ACCOUNT_CHOICE = "create table ledger.account_choice (realm_id varchar, purpose varchar, key varchar, revision bigint)"
LEDGER_TABLES = (_POSTING, _APPLICATION, _OPEN_ITEM_CHANGE, _DOCUMENT, _ACCOUNT_CHOICE)
