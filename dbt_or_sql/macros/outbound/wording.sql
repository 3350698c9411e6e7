{# Numbers, texts and reasons as the outbound models write them. #}

{# Why something is not pushed: a code for programs, and words for a bookkeeper (an SQL text). #}
{% macro because(code, words) -%}
struct_pack(code := '{{ code }}', words := {{ words }})
{%- endmacro %}

{#
    A number of at most the 21 characters QuickBooks takes. A longer one keeps its beginning and ends in a hash of the whole, so
    that two long numbers stay two, and the same number always becomes the same.
#}
{% macro document_number(number) -%}
case when length({{ number }}) <= 21 then {{ number }} else left({{ number }}, 14) || '-' || left(md5({{ number }}), 6) end
{%- endmacro %}

{# A text of at most so many characters, cut at a word and ended with an ellipsis. #}
{% macro cut_text(text, longest=4000) -%}
case
    when length({{ text }}) <= {{ longest }} then {{ text }}
    else coalesce(nullif(regexp_replace(left({{ text }}, {{ longest }}), '\s+\S*$', ''), ''), left({{ text }}, {{ longest - 1 }})) || '…'
end
{%- endmacro %}

{# A text without blanks around it; null where nothing is left. #}
{% macro tidy(text) -%}
nullif(trim({{ text }}), '')
{%- endmacro %}
