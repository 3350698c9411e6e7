{# Bank accounts, and money received that waits to be deposited. `account` is a row of finance.account. #}
{% macro is_money_account(account) -%}
({{ account }}.account_type = 'Bank' or coalesce({{ account }}.account_sub_type, '') = 'UndepositedFunds')
{%- endmacro %}
