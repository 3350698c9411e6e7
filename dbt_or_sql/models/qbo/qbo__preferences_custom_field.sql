-- One row per custom field the settings define, for sales forms and for purchase orders.
{% call qbo_list('preferences', {'sales': 'SalesFormsPrefs.CustomField[].CustomField', 'purchase_order': 'VendorAndPurchasesPrefs.POCustomField[].CustomField'}, 'field_number', label_column='used_on') %}
    Name          text
    Type          text
    StringValue   text
    BooleanValue  boolean
    NumberValue   number
{% endcall %}
