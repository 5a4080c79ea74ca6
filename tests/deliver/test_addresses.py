"""Mailboxes: what is one, and everything else refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.base.errors import SettingsProblem
from playbook.base.mail_addresses import Mailbox, parse_mailbox
from playbook.base.settings import parse_settings


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("wang@example.com", "", "wang@example.com"),
        (" 王伟 <wang.wei+sales@example.com> ", "王伟", "wang.wei+sales@example.com"),
        ('"Doe <Jane>" <jane@EXAMPLE.com>', None, None),
        ('"Jane Doe" <jane@EXAMPLE.com>', "Jane Doe", "jane@example.com"),
        ("a@公司.cn", "", "a@xn--55qx5d.cn"),
        ("root@localhost", "", "root@localhost"),
    ],
)
def test_a_mailbox_is_a_name_and_an_ascii_address(text, name, address):
    if name is None:
        with pytest.raises(ValueError, match="not several"):
            parse_mailbox(text)
    else:
        assert parse_mailbox(text) == Mailbox(name, address)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "wang",
        "@example.com",
        "wang@",
        "wang@-example.com",
        "wang@exa mple.com",
        "a@b.com, c@d.com",
        "a@b.com; c@d.com",
        "wang@example.com\nBcc: x@y.com",
        "wang@example.com\r\nBcc: x@y.com",
        "Wang\n <wang@example.com>",
        "王伟@example.com",
        "a..b@example.com",
        ".a@example.com",
        "a" * 65 + "@example.com",
        "a@" + "b" * 64 + ".com",
        "a@" + ".".join(["b" * 60] * 5),
    ],
)
def test_everything_else_is_refused(text):
    with pytest.raises(ValueError):
        parse_mailbox(text)


@given(st.text(max_size=40))
def test_no_text_gives_a_mailbox_that_could_begin_a_header(text):
    try:
        found = parse_mailbox(text)
    except ValueError:
        return
    assert found.name.isprintable() and found.address.isascii() and found.address.isprintable()
    assert found.address.count("@") == 1


TO = {"name": "team", "addresses": ["a@b.com"]}


@pytest.mark.parametrize(
    ("deliver", "words"),
    [
        ({"to": [TO]}, "mails need a sender"),
        ({"sender": "x@y.com", "to": [TO]}, "needs the host of"),
        ({"to": [{"name": "a"}]}, "channel email needs addresses"),
        ({"to": [{"name": "a", "channel": "slack"}]}, "needs url_env"),
        ({"to": [{"name": "a", "channel": "folder", "url_env": "X", "place": "p"}]}, "takes no"),
        ({"to": [{"name": "a", "channel": "slack", "url_env": "https://x/y"}]}, "never the"),
        ({"to": [{"name": "a", "channel": "slack", "url_env": "X", "secret_env": "Y"}]}, "secret"),
        ({"smtp": {"host": "mail.example.com", "security": "none"}}, "only with a server on this"),
        ({"smtp": {"password_env": "hunter2!"}}, "never the password"),
        ({"link": "http://example.com/{book}"}, "https://"),
        ({"link": "https://example.com/{secret}"}, "knows {book}"),
        ({"to": [{**TO, "name": "a/b"}]}, "a name a folder can have"),
        ({"sender": "x@y.com", "smtp": {"host": "h"}, "to": [TO, TO]}, "have one name"),
        (
            {"sender": "x@y.com", "smtp": {"host": "h"}, "to": [{**TO, "attach": False}]},
            "attach = false needs a link",
        ),
        (
            {"sender": "x@y.com", "smtp": {"host": "h"}, "to": [{**TO, "audience": "brif"}]},
            "did you mean 'brief'",
        ),
        ({"to": [{**TO, "addresses": ["a@b.com", "A@B.com"]}]}, "named twice"),
    ],
)
def test_settings_that_cannot_be_followed_are_refused(deliver, words):
    with pytest.raises(SettingsProblem) as caught:
        parse_settings({"deliver": deliver})
    assert words in str(caught.value)


def test_an_audience_with_a_pack_for_each_member_is_named_with_the_member():
    audiences = {"region": {"kind": "manager", "each": "region"}}
    to = {"name": "east", "channel": "folder", "place": "p", "audience": "region-East"}
    assert parse_settings({"deliver": {"to": [to]}, "audiences": audiences}).deliver.to
    with pytest.raises(SettingsProblem, match="a pack for each region"):
        parse_settings({"deliver": {"to": [{**to, "audience": "region"}]}, "audiences": audiences})


def test_recipients_and_alerts_are_in_no_manifest():
    made = parse_settings(
        {
            "deliver": {"to": [{"name": "a", "channel": "folder", "place": "p"}]},
            "alerts": [{"number": "sales", "below": 1}],
        }
    )
    assert not {"deliver", "alerts"} & set(made.model_dump(mode="json", by_alias=True))
