"""Files for somebody outside: what they say is text wherever it stands."""

from __future__ import annotations

from onefold.usecases.packing import html_table


def test_whatever_stands_in_a_table_of_a_page_is_text():
    page = html_table(("<b>",), [("<script>x</script>", "\"&'")])
    assert "<th>&lt;b&gt;</th>" in page
    assert "<td>&lt;script&gt;x&lt;/script&gt;</td><td>&quot;&amp;&#x27;</td>" in page
