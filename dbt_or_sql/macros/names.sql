{#
    How a QuickBooks field becomes a column name: this file holds every rule and every exception.

    snake_case of QBO's own name, with the abbreviations below written out; `_id` (and `_name`) for a reference; `is_` for
    a boolean. A field inside an object carries the object's name too, except for the objects listed as silent.
#}

{% macro column_name(entity, path, kind) %}
    {% set field = path.split('|')[0] %}
    {% set known = renamed_fields() %}
    {% set ending = field.split('.')[-2:] | join('.') %}
    {% set renamed = known.get(entity ~ '.' ~ field, known.get(field, known.get(ending))) %}
    {% if renamed %}{{ return(renamed) }}{% endif %}
    {% set words = [] %}
    {% set parts = field.split('.') %}
    {% for part in parts %}
        {% if loop.last or not is_silent(part) %}
            {% for word in snake_case(part).split('_') %}
                {% do words.append(spelled_out().get(word, word)) %}
            {% endfor %}
        {% endif %}
    {% endfor %}
    {% if kind.endswith('reference') and words[-1] == 'ref' %}{% do words.pop() %}{% endif %}
    {% if kind == 'boolean' and words[0] not in ['is', 'has'] %}{% do words.insert(0, 'is') %}{% endif %}
    {{ return(words | join('_')) }}
{% endmacro %}

{# What a name is called once it is rid of ` (deleted)`: `clean_name` in every list, whatever the list calls its name. #}
{% macro clean_column_name(name) %}
    {{ return('clean_name' if name in ['name', 'display_name'] else 'clean_' ~ name) }}
{% endmacro %}

{% macro snake_case(name) %}
    {{ return(modules.re.sub('(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])', '_', name) | lower) }}
{% endmacro %}

{% macro spelled_out() %}
    {{ return({
        'txn': 'transaction',
        'amt': 'amount',
        'qty': 'quantity',
        'acct': 'account',
        'num': 'number',
        'desc': 'description',
        'inv': 'inventory',
        'diff': 'difference',
        'pref': 'preferred',
    }) }}
{% endmacro %}

{# Objects whose own name adds nothing to their fields' names: a line has one detail, a company one set of preferences. #}
{% macro is_silent(part) %}
    {{ return(
        part.endswith('LineDetail') or part.endswith('Prefs')
        or part in [
            'TxnTaxDetail', 'DeliveryInfo', 'RecurringInfo', 'ScheduleInfo', 'PurchaseEx', 'LineEx',
            'VendorPaymentBankDetail', 'MetaData',
        ]
    ) }}
{% endmacro %}

{# The exceptions, by field, by its last two parts, or by table and field: names of the most used public QuickBooks schema, and booleans that read wrong with `is_` alone. #}
{% macro renamed_fields() %}
    {{ return({
        'TotalAmt': 'total_amount',
        'Id': 'line_id',
        'LineNum': 'line_num',
        'APAccountRef': 'payable_account',
        'ARAccountRef': 'receivable_account',
        'PaymentRefNum': 'payment_reference_number',
        'account.ParentRef': 'parent_account',
        'account.CurrentBalance': 'balance',
        'account.CurrentBalanceWithSubAccounts': 'balance_with_sub_accounts',
        'class.ParentRef': 'parent_class',
        'customer.ParentRef': 'parent_customer',
        'department.ParentRef': 'parent_department',
        'item.ParentRef': 'parent_item',
        'item.ItemRef': 'component_item',
        'item.Sku': 'stock_keeping_unit',
        'item.TrackQtyOnHand': 'is_quantity_tracked',
        'item.PrintGroupedItems': 'is_group_printed',
        'item.PrefVendorRef': 'preferred_vendor',
        'vendor.Vendor1099': 'is_vendor_1099',
        'vendor.T4AEligible': 'is_t4a_eligible',
        'vendor.T5018Eligible': 'is_t5018_eligible',
        'employee.BillableTime': 'is_time_billable',
        'company_info.Email': 'email',
        'TxnTaxDetail.TxnTaxCodeRef': 'tax_code',
        'CheckPayment.BankAccountRef': 'check_bank_account',
        'CheckPayment.PrintStatus': 'check_print_status',
        'CreditCardPayment.CCAccountRef': 'credit_card_account',
        'ApplyTaxAfterDiscount': 'is_tax_applied_after_discount',
        'AllowOnlineCreditCardPayment': 'is_online_credit_card_payment_allowed',
        'AllowOnlineACHPayment': 'is_online_ach_payment_allowed',
        'AllowOnlinePayment': 'is_online_payment_allowed',
        'AllowIPNPayment': 'is_ipn_payment_allowed',
        'BillWithParent': 'is_billed_with_parent',
        'ProcessPayment': 'is_payment_processed',
        'ProcessBillPayment': 'is_payment_processed',
        'IncludeInAnnualTPAR': 'is_included_in_annual_tpar',
        'BooleanValue': 'boolean_value',
        'IncludeOnSend': 'is_included_on_send',
        'RecurringInfo.Active': 'is_active',
        'TxnId': 'linked_transaction_id',
        'TxnType': 'linked_transaction_type',
        'TxnLineId': 'linked_transaction_line_id',
        'GroupLineDetail.GroupItemRef': 'group_item',
        'JournalEntryLineDetail.Entity.Type': 'entity_type',
        'JournalEntryLineDetail.Entity.EntityRef': 'entity',
        'MarkupInfo.PercentBased': 'is_markup_percent_based',
        'MarkupInfo.Value': 'markup_value',
        'MarkupInfo.Percent': 'markup_percent',
        'MarkupInfo.MarkUpIncomeAccountRef': 'markup_income_account',
        'LineEx.txnId': 'linked_transaction_id',
        'LineEx.txnOpenBalance': 'linked_open_balance',
        'LineEx.txnReferenceNumber': 'linked_reference_number',
        'AccountingInfoPrefs.UseAccountNumbers': 'has_account_numbers',
        'AccountingInfoPrefs.TrackDepartments': 'has_departments',
        'AccountingInfoPrefs.ClassTrackingPerTxn': 'has_classes_per_transaction',
        'AccountingInfoPrefs.ClassTrackingPerTxnLine': 'has_classes_per_line',
        'ProductAndServicesPrefs.ForSales': 'has_products_for_sales',
        'ProductAndServicesPrefs.ForPurchase': 'has_products_for_purchase',
        'ProductAndServicesPrefs.QuantityWithPriceAndRate': 'has_quantity_with_price_and_rate',
        'ProductAndServicesPrefs.QuantityOnHand': 'has_quantity_on_hand',
        'ProductAndServicesPrefs.RevenueRecognition': 'has_revenue_recognition',
        'SalesFormsPrefs.CustomTxnNumbers': 'has_custom_transaction_numbers',
        'SalesFormsPrefs.AllowDeposit': 'has_deposits',
        'SalesFormsPrefs.AllowDiscount': 'has_discounts',
        'SalesFormsPrefs.AllowEstimates': 'has_estimates',
        'SalesFormsPrefs.AllowShipping': 'has_shipping',
        'SalesFormsPrefs.AllowServiceDate': 'has_service_dates',
        'SalesFormsPrefs.AutoApplyCredit': 'is_credit_applied_automatically',
        'SalesFormsPrefs.AutoApplyPayments': 'is_payment_applied_automatically',
        'SalesFormsPrefs.EmailCopyToCompany': 'is_email_copied_to_company',
        'SalesFormsPrefs.ETransactionEnabledStatus': 'e_transaction_status',
        'SalesFormsPrefs.ETransactionAttachPDF': 'is_pdf_attached',
        'SalesFormsPrefs.ETransactionPaymentEnabled': 'is_e_transaction_payment_enabled',
        'SalesFormsPrefs.IPNSupportEnabled': 'is_ipn_support_enabled',
        'SalesFormsPrefs.UsingPriceLevels': 'has_price_levels',
        'SalesFormsPrefs.UsingProgressInvoicing': 'has_progress_invoicing',
        'VendorAndPurchasesPrefs.DefaultTerms': 'default_bill_terms',
        'VendorAndPurchasesPrefs.TrackingByCustomer': 'has_expense_tracking_by_customer',
        'VendorAndPurchasesPrefs.BillableExpenseTracking': 'has_billable_expense_tracking',
        'TimeTrackingPrefs.UseServices': 'has_time_services',
        'TimeTrackingPrefs.BillCustomers': 'is_time_billed_to_customers',
        'TimeTrackingPrefs.ShowBillRateToAll': 'is_bill_rate_shown_to_all',
        'TimeTrackingPrefs.MarkTimeEntriesBillable': 'is_time_marked_billable',
        'TaxPrefs.UsingSalesTax': 'has_sales_tax',
        'CurrencyPrefs.MultiCurrencyEnabled': 'has_multi_currency',
        'ReportPrefs.CalcAgingReportFromTxnDate': 'is_aging_from_transaction_date',
    }) }}
{% endmacro %}
