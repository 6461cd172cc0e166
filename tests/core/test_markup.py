"""What people type in Slack, read back as they see it."""

import pytest

from bot.core.markup import mentioned, plain

NAMES = {"U1": "Mei", "U2": "A <b> & co"}

READ = [
    ("Ship it", "Ship it"),
    ("a &lt;b&gt; &amp; c", "a <b> & c"),
    ("&amp;lt; stays one entity", "&lt; stays one entity"),
    ("ask <@U1> and <@U9>", "ask @Mei and @U9"),
    ("ask <@U9|sam>", "ask @sam"),
    ("ask <@U2>", "ask @A <b> & co"),
    ("in <#C1|churn> or <#C1|>", "in #churn or #C1"),
    ("<!here> <!channel> <!everyone>", "@here @channel @everyone"),
    ("<!subteam^S1|@platform>", "@platform"),
    ("due <!date^1392734382^{date}|18 Feb>", "due 18 Feb"),
    ("<https://a.example/?x&amp;y>", "https://a.example/?x&y"),
    ("<http://a.example|a.example>", "a.example"),
    ("<https://a.example/|https://a.example>", "https://a.example"),
    ("<https://a.example/run/7|run 7>", "run 7 (https://a.example/run/7)"),
    ("<mailto:b@c.example|b@c.example>", "b@c.example"),
    ("<tel:+4930|+4930>", "+4930"),
    ("שלום <@U1>", "שלום @Mei"),
    ("x < y > z", "x < y > z"),
    ("*bold* _it_ `code` :tada:", "*bold* _it_ `code` :tada:"),
]


@pytest.mark.parametrize(("typed", "read"), READ)
def test_read_as_people_see_it(typed: str, read: str) -> None:
    """Markup becomes the words that a client shows; all else stays."""
    assert plain(typed, NAMES) == read


def test_what_reads_like_markup_after_unescaping_is_none() -> None:
    """`<!channel>` typed as code comes escaped, and isn't read a second time."""
    assert plain("&lt;!channel&gt; &lt;@U1&gt;", NAMES) == "<!channel> <@U1>"


def test_whom_a_message_mentions() -> None:
    """Once each, with or without a label."""
    assert mentioned("<@U1> <@U2|sam> <@U1> <#C1> &lt;@U3&gt;") == {"U1", "U2"}
