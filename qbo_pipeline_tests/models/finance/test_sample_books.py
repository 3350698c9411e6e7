"""The measures of the sample companies, from QuickBooks' records to the snapshot."""

import pytest

from qbo_pipeline_tests.installation import CONSULTANCY, LANDSCAPING, Installation


def test_the_landscaping_company_is_owed_and_owes_what_its_documents_say(synced: Installation) -> None:
    statement = (
        "select ar_balance::varchar, ap_balance::varchar from finance.monthly_snapshot"
        f" where realm_id = '{LANDSCAPING}' order by month desc limit 1"
    )
    assert synced.published(statement) == [("5281.52", "1602.67")]


def test_the_landscaping_company_owns_what_quickbooks_says(synced: Installation) -> None:
    statement = (
        "select sum(amount)::varchar from finance.balance_sheet"
        f" where realm_id = '{LANDSCAPING}' and accounting_method = 'Accrual' and section = 'Assets'"
        " group by month order by month desc limit 1"
    )
    assert synced.published(statement) == [("23436.29",)]


@pytest.mark.parametrize("realm_id", [LANDSCAPING, CONSULTANCY])
@pytest.mark.parametrize("method", ["Accrual", "Cash"])
def test_the_trial_balance_balances_with_every_account_known(synced: Installation, realm_id: str, method: str) -> None:
    statement = (
        "select sum(debit) = sum(credit), count(*) filter (where account_id = 'unresolved') from finance.trial_balance"
        f" where realm_id = '{realm_id}' and accounting_method = '{method}'"
    )
    assert synced.published(statement) == [(True, 0)]
