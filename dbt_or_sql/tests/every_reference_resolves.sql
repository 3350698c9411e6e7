{# A record may refer to one that a company's edition does not offer or that is read later: named, not fatal. #}
{{ config(severity='warn') }}
select * from {{ ref('qbo__missing_reference') }}
