{# Field lists of lines that several documents share. A line has one detail object; the fields of all kinds of detail
   that mean the same share a column. #}

{% macro sales_line_fields() %}
    Id                                                  text
    LineNum                                             integer
    DetailType                                          text
    Description                                         text
    Amount                                              money
    SalesItemLineDetail.ItemRef                         named_reference
    GroupLineDetail.GroupItemRef                        named_reference
    SalesItemLineDetail.Qty|GroupLineDetail.Quantity    number
    SalesItemLineDetail.UnitPrice                       number
    SalesItemLineDetail.RatePercent                     number
    SalesItemLineDetail.PriceLevelRef                   reference
    SalesItemLineDetail.ItemAccountRef                  named_reference
    SalesItemLineDetail.ClassRef|DiscountLineDetail.ClassRef                                            named_reference
    SalesItemLineDetail.TaxCodeRef|DiscountLineDetail.TaxCodeRef|DescriptionLineDetail.TaxCodeRef       reference
    SalesItemLineDetail.TaxClassificationRef            reference
    SalesItemLineDetail.ServiceDate|DescriptionLineDetail.ServiceDate                                   date
    SalesItemLineDetail.TaxInclusiveAmt                 money
    SalesItemLineDetail.DiscountRate                    number
    SalesItemLineDetail.DiscountAmt                     money
    SalesItemLineDetail.MarkupInfo.PercentBased         boolean
    SalesItemLineDetail.MarkupInfo.Value                number
    SalesItemLineDetail.MarkupInfo.Percent              number
    SalesItemLineDetail.MarkupInfo.MarkUpIncomeAccountRef               reference
    SalesItemLineDetail.DeferredRevenue                 boolean
    DiscountLineDetail.PercentBased                     boolean
    DiscountLineDetail.DiscountPercent                  number
    DiscountLineDetail.DiscountAccountRef               named_reference
    DiscountLineDetail.DiscountRef                      reference
    ProjectRef                                          reference
{% endmacro %}

{% macro expense_line_fields() %}
    Id                                                  text
    LineNum                                             integer
    DetailType                                          text
    Description                                         text
    Amount                                              money
    ItemBasedExpenseLineDetail.ItemRef                  named_reference
    ItemBasedExpenseLineDetail.Qty                      number
    ItemBasedExpenseLineDetail.UnitPrice                number
    ItemBasedExpenseLineDetail.PriceLevelRef            reference
    AccountBasedExpenseLineDetail.AccountRef            named_reference
    AccountBasedExpenseLineDetail.TaxAmount             money
    ItemBasedExpenseLineDetail.CustomerRef|AccountBasedExpenseLineDetail.CustomerRef                    named_reference
    ItemBasedExpenseLineDetail.BillableStatus|AccountBasedExpenseLineDetail.BillableStatus              text
    ItemBasedExpenseLineDetail.ClassRef|AccountBasedExpenseLineDetail.ClassRef                          named_reference
    ItemBasedExpenseLineDetail.TaxCodeRef|AccountBasedExpenseLineDetail.TaxCodeRef                      reference
    ItemBasedExpenseLineDetail.TaxInclusiveAmt|AccountBasedExpenseLineDetail.TaxInclusiveAmt            money
    ItemBasedExpenseLineDetail.MarkupInfo.PercentBased|AccountBasedExpenseLineDetail.MarkupInfo.PercentBased    boolean
    ItemBasedExpenseLineDetail.MarkupInfo.Value|AccountBasedExpenseLineDetail.MarkupInfo.Value                  number
    ItemBasedExpenseLineDetail.MarkupInfo.Percent|AccountBasedExpenseLineDetail.MarkupInfo.Percent              number
    ItemBasedExpenseLineDetail.MarkupInfo.MarkUpIncomeAccountRef|AccountBasedExpenseLineDetail.MarkupInfo.MarkUpIncomeAccountRef      reference
    ProjectRef                                          reference
{% endmacro %}

{% macro journal_line_fields() %}
    Id                                                  text
    LineNum                                             integer
    DetailType                                          text
    Description                                         text
    Amount                                              money
    JournalEntryLineDetail.PostingType                  text
    JournalEntryLineDetail.AccountRef                   named_reference
    JournalEntryLineDetail.Entity.Type                  text
    JournalEntryLineDetail.Entity.EntityRef             named_reference
    JournalEntryLineDetail.ClassRef                     named_reference
    JournalEntryLineDetail.DepartmentRef                named_reference
    JournalEntryLineDetail.TaxCodeRef                   reference
    JournalEntryLineDetail.TaxRateRef                   reference
    JournalEntryLineDetail.TaxApplicableOn              text
    JournalEntryLineDetail.TaxAmount                    money
    JournalEntryLineDetail.TaxInclusiveAmt              money
    JournalEntryLineDetail.BillableStatus               text
    JournalEntryLineDetail.JournalCodeRef               named_reference
    ProjectRef                                          reference
{% endmacro %}

{# A recurring transaction may be of any type. #}
{% macro recurring_line_fields() %}
    Id                                                  text
    LineNum                                             integer
    DetailType                                          text
    Description                                         text
    Amount                                              money
    SalesItemLineDetail.ItemRef|ItemBasedExpenseLineDetail.ItemRef                                      named_reference
    GroupLineDetail.GroupItemRef                        named_reference
    SalesItemLineDetail.Qty|GroupLineDetail.Quantity|ItemBasedExpenseLineDetail.Qty                     number
    SalesItemLineDetail.UnitPrice|ItemBasedExpenseLineDetail.UnitPrice                                  number
    SalesItemLineDetail.ItemAccountRef                  named_reference
    AccountBasedExpenseLineDetail.AccountRef|JournalEntryLineDetail.AccountRef|DepositLineDetail.AccountRef     named_reference
    JournalEntryLineDetail.PostingType                  text
    JournalEntryLineDetail.Entity.Type                  text
    JournalEntryLineDetail.Entity.EntityRef             named_reference
    ItemBasedExpenseLineDetail.CustomerRef|AccountBasedExpenseLineDetail.CustomerRef                    named_reference
    ItemBasedExpenseLineDetail.BillableStatus|AccountBasedExpenseLineDetail.BillableStatus              text
    SalesItemLineDetail.ClassRef|DiscountLineDetail.ClassRef|ItemBasedExpenseLineDetail.ClassRef|AccountBasedExpenseLineDetail.ClassRef|JournalEntryLineDetail.ClassRef     named_reference
    SalesItemLineDetail.TaxCodeRef|DiscountLineDetail.TaxCodeRef|ItemBasedExpenseLineDetail.TaxCodeRef|AccountBasedExpenseLineDetail.TaxCodeRef|JournalEntryLineDetail.TaxCodeRef     reference
    SalesItemLineDetail.TaxInclusiveAmt|ItemBasedExpenseLineDetail.TaxInclusiveAmt|AccountBasedExpenseLineDetail.TaxInclusiveAmt     money
    SalesItemLineDetail.ServiceDate|DescriptionLineDetail.ServiceDate                                   date
    JournalEntryLineDetail.DepartmentRef                named_reference
    DiscountLineDetail.PercentBased                     boolean
    DiscountLineDetail.DiscountPercent                  number
    DiscountLineDetail.DiscountAccountRef               named_reference
    ProjectRef                                          reference
{% endmacro %}

{% macro tax_line_fields() %}
    DetailType                              text
    Amount                                  money
    TaxLineDetail.TaxRateRef                reference
    TaxLineDetail.PercentBased              boolean
    TaxLineDetail.TaxPercent                number
    TaxLineDetail.NetAmountTaxable          money
    TaxLineDetail.TaxInclusiveAmount        money
    TaxLineDetail.OverrideDeltaAmount       money
    TaxLineDetail.ServiceDate               date
{% endmacro %}

{% macro custom_field_fields() %}
    DefinitionId    text
    Name            text
    Type            text
    StringValue     text
    BooleanValue    boolean
    DateValue       date
    NumberValue     number
{% endmacro %}
