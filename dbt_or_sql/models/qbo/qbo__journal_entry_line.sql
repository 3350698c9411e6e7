-- One row per line of a journal entry.
{% call qbo_line('journal_entry') %}
    {{ journal_line_fields() }}
{% endcall %}
