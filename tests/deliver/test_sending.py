"""Mails and parcels against servers on this machine: encrypted, to the own audience, once."""

from __future__ import annotations

import email
import json
import os
import signal
from dataclasses import replace
from email.policy import SMTP

import pytest
from mail_server import Inbox, certificate, serving
from posting import NOON, Clock, pack, robot, settings

from playbook.base.settings.alerts import Alert
from playbook.base.settings.deliver import MailServer
from playbook.deliver import deliveries, sending, smtp
from playbook.deliver.alerts import Told
from playbook.deliver.database import opened
from playbook.deliver.outcomes import InDoubt, NotSent
from playbook.deliver.packs import pack_for
from playbook.deliver.parcels import parcels
from playbook.deliver.sending import Post


@pytest.fixture(scope="module")
def pem(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("tls"))


def server_at(port, pem=None, **given):
    given = {"security": "none"} if pem is None else {"ca_file": str(pem), **given}
    return {"host": "localhost", "port": port, "timeout": 5, **given}


def message_to(inbox):
    return [email.message_from_bytes(content, policy=SMTP) for _, _, content in inbox.mails]


def post_all(out, given, environment=None, anyway=False, alerts=(), preview=False, clock=None):
    """Send all parcels of the packs in ``out``: (recipient, state) in order, and the results."""
    with opened(out) as record:
        post = Post(given, out, record, clock or Clock(), environment or {}, anyway)
        waiting, left = parcels(given, lambda a: pack_for(out, "north", "2023-09", a), alerts)
        done = sending.preview(post, waiting) if preview else list(sending.send(post, waiting))
    return [(one.recipient, one.state) for one in [*left, *done]], [*left, *done]


MAIL = {"name": "总监", "audience": "director", "addresses": ["王伟 <wang@example.com>"]}


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the port is encrypted already
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_goes_encrypted_with_the_password_of_the_environment(tmp_path, pem, security):
    pack(tmp_path)
    inbox = Inbox()
    with serving(inbox, pem, implicit=security == "tls", login=True) as port:
        server = server_at(port, pem, security=security, user="reports")
        given = settings(MAIL, smtp=server)
        states, _ = post_all(tmp_path, given, {"PLAYBOOK_SMTP_PASSWORD": "secret"})
    assert states == [("总监", "sent")]
    assert inbox.logins == [(b"reports", b"secret")] and all(inbox.encrypted)
    assert [(a, b) for a, b, _ in inbox.mails] == [("reports@example.com", ["wang@example.com"])]
    (read,) = message_to(inbox)
    assert read["Subject"] == "华北公司：2023-09销售月报"
    assert len(list(read.iter_attachments())) == 2


def test_a_server_that_is_not_who_it_says_gets_nothing(tmp_path, pem):
    inbox = Inbox()
    with serving(inbox, pem) as port:
        server = MailServer(host="localhost", port=port)  # the system's authorities only
        with pytest.raises(NotSent, match="certificate verify failed"):
            smtp.send(server, _mail(tmp_path))
    assert inbox.mails == []


def test_a_server_without_tls_gets_nothing_when_tls_is_asked_for(tmp_path, pem):
    inbox = Inbox()
    with serving(inbox) as port, pytest.raises(NotSent, match="STARTTLS"):
        smtp.send(MailServer(**server_at(port, pem)), _mail(tmp_path))
    assert inbox.mails == []


def _mail(out):
    from playbook.deliver.message import Letter, mail

    if not (out / "2023-09").exists():
        pack(out)
    letter = Letter(pack_for(out, "north", "2023-09", "brief"), "x")
    return mail(letter, "a@b.com", "c@d.com", "0" * 64, NOON)


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"refuse_rcpt": "550 no such user"}, NotSent, "550 no such user"),
        ({"refuse_rcpt": "451 try later"}, NotSent, "451 try later"),
        ({"refuse_data": "554 looks like spam"}, NotSent, "554 looks like spam"),
        ({"drop": True}, InDoubt, "did not answer"),
    ],
)
def test_a_refusal_is_known_and_a_lost_answer_is_a_doubt(tmp_path, given, error, words):
    inbox = Inbox(**given)
    with serving(inbox) as port, pytest.raises(error, match=words):
        smtp.send(MailServer(**server_at(port)), _mail(tmp_path))


def test_a_wrong_password_sends_nothing_and_is_not_told(tmp_path, pem):
    pack(tmp_path)
    inbox = Inbox()
    with serving(inbox, pem, login=True) as port:
        given = settings(MAIL, smtp=server_at(port, pem, user="reports"))
        states, results = post_all(tmp_path, given, {"PLAYBOOK_SMTP_PASSWORD": "wrong-one"})
        assert states == [("总监", "not sent")] and "535" in results[0].reason
        assert "wrong-one" not in results[0].reason
        states, results = post_all(tmp_path, given, {"PLAYBOOK_SMTP_PASSWORD": "错"})
        assert "cannot carry" in results[0].reason and "错" not in results[0].reason
        states, results = post_all(tmp_path, given, {})
        assert "PLAYBOOK_SMTP_PASSWORD is not set" in results[0].reason
    assert inbox.mails == []


def test_nothing_is_sent_twice_and_what_failed_is_tried_again(tmp_path):
    pack(tmp_path)
    inbox = Inbox(refuse_rcpt="451 later")
    with serving(inbox) as port:
        given = settings(MAIL, smtp=server_at(port))
        assert post_all(tmp_path, given)[0] == [("总监", "not sent")]
        inbox.refuse_rcpt = ""
        assert post_all(tmp_path, given, preview=True)[0] == [("总监", "would be sent")]
        assert post_all(tmp_path, given)[0] == [("总监", "sent")]
        assert post_all(tmp_path, given)[0] == [("总监", "sent before")]
        assert post_all(tmp_path, given, preview=True)[0] == [("总监", "sent before")]
        assert post_all(tmp_path, given, anyway=True)[0] == [("总监", "sent before")]
        renamed = settings({**MAIL, "name": "other"}, smtp=server_at(port))
        assert post_all(tmp_path, renamed)[0] == [("other", "sent before")]
    assert len(inbox.mails) == 1


def test_a_new_version_is_sent_and_says_that_it_is_one(tmp_path):
    pack(tmp_path)
    inbox = Inbox()
    with serving(inbox) as port:
        given = settings(MAIL, smtp=server_at(port))
        post_all(tmp_path, given)
        import shutil

        shutil.rmtree(tmp_path / "2023-09")
        pack(tmp_path, headline="Sales ¥30.6m")
        assert post_all(tmp_path, given)[0] == [("总监", "sent")]
    first, second = message_to(inbox)
    assert second["Subject"] == f"更正：{first['Subject']}"
    assert first["Message-ID"] != second["Message-ID"]


def test_a_lost_answer_is_not_tried_again_unasked_and_then_is_the_same_message(tmp_path):
    pack(tmp_path)
    inbox = Inbox(drop=True)
    with serving(inbox) as port:
        given = settings(MAIL, smtp=server_at(port))
        assert post_all(tmp_path, given)[0] == [("总监", "in doubt")]
        inbox.drop = False
        assert post_all(tmp_path, given)[0] == [("总监", "in doubt")]
        assert len(inbox.mails) == 1
        assert post_all(tmp_path, given, anyway=True)[0] == [("总监", "sent")]
    one, two = message_to(inbox)
    assert one["Message-ID"] == two["Message-ID"]


def killed_in(out, given, at, after):
    """Send in a process that is killed before or after it calls ``deliveries.<at>``."""
    child = os.fork()
    if child == 0:
        whole = getattr(deliveries, at)

        def killed(*arguments, **more):
            if after:
                whole(*arguments, **more)
            os.kill(os.getpid(), signal.SIGKILL)

        try:
            setattr(deliveries, at, killed)
            post_all(out, given)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked process")
@pytest.mark.parametrize(
    ("at", "after", "taken", "then", "in_all"),
    [
        ("intend", True, 0, "sent", 1),  # written down, nothing said to the server
        ("hand_over", False, 0, "sent", 1),  # connected, the message not begun
        ("hand_over", True, 0, "in doubt", 0),  # the next thing was the message
        ("close", False, 1, "in doubt", 1),  # taken, and not written down
        ("close", True, 1, "sent before", 1),
    ],
)
def test_killed_at_any_moment_nothing_is_sent_twice(tmp_path, at, after, taken, then, in_all):
    pack(tmp_path)
    inbox = Inbox()
    with serving(inbox) as port:
        given = settings(MAIL, smtp=server_at(port))
        assert killed_in(tmp_path, given, at, after) == -signal.SIGKILL
        assert len(inbox.mails) == taken
        assert post_all(tmp_path, given)[0] == [("总监", then)]
        assert len(inbox.mails) == in_all


def test_each_recipient_gets_the_own_audience_and_one_failure_stops_no_other(tmp_path):
    pack(tmp_path)
    pack(tmp_path, "north.for-east", audience="east", headline="East only", files=("brief.pdf",))
    inbox = Inbox()
    to = [
        {"name": "east", "audience": "east", "addresses": ["e@x.com", "f@x.com"]},
        {"name": "west", "audience": "west", "addresses": ["w@x.com"]},
        {"name": "all", "audience": "brief", "addresses": ["b@x.com"]},
    ]
    split = {name: {"kind": "director", "see": {"region": [name]}} for name in ("east", "west")}
    with serving(inbox) as port:
        given = settings(*to, smtp=server_at(port), audiences=split)
        states, results = post_all(tmp_path, given)
    assert states == [("west", "not sent"), ("east", "sent"), ("east", "sent"), ("all", "sent")]
    assert "no pack of north 2023-09 for audience 'west'" in results[0].reason
    by_address = dict(zip(["e@x.com", "f@x.com", "b@x.com"], inbox.mails, strict=True))
    for address, (_, rcpt, content) in by_address.items():
        text = email.message_from_bytes(content, policy=SMTP).get_body(("plain",)).get_content()
        assert rcpt == [address] and ("East only" in text) == (address != "b@x.com")
        assert [other for other in by_address if other.encode() in content] == [address]


def told(audience):
    alert = Alert(number="sales", below=1, audience=audience)
    return Told(alert, "crossed", f"sales is low, for {audience}")


def test_alerts_are_told_to_their_own_audience_only(tmp_path):
    pack(tmp_path)
    to = [
        {"name": "all", "audience": "brief", "channel": "folder", "place": "a"},
        {"name": "boss", "audience": "director", "channel": "folder", "place": "b"},
        {"name": "watch", "audience": "brief", "channel": "folder", "place": "c", "when": "alerts"},
    ]
    waiting, left = parcels(
        settings(*to), lambda a: pack_for(tmp_path, "north", "2023-09", a), [told("director")]
    )
    assert {p.to.name: p.letter.alerts for p in waiting} == {
        "all": (),
        "boss": ("sales is low, for director",),
    }
    assert [(one.recipient, one.state) for one in left] == [("watch", "nothing to tell")]
    waiting, left = parcels(
        settings(*to), lambda a: pack_for(tmp_path, "north", "2023-09", a), [told("brief")]
    )
    assert [p.to.name for p in waiting if p.letter.alerts] == ["all", "watch"]


def test_editions_go_into_a_folder_and_mails_into_files(tmp_path):
    pack(tmp_path)
    to = [
        {"name": "share", "audience": "director", "channel": "folder", "place": "盘"},
        {"name": "hand", "channel": "eml", "place": "out", "addresses": ["王 <w@x.com>"]},
    ]
    assert post_all(tmp_path, settings(*to))[0] == [("share", "sent"), ("hand", "sent")]
    assert post_all(tmp_path, settings(*to))[0] == [
        ("share", "sent before"),
        ("hand", "sent before"),
    ]
    found = sorted((tmp_path / "盘/2023-09/north/director").iterdir())
    assert [(p.name, p.read_bytes()) for p in found] == [
        ("华北公司-2023-09-总监版.pdf", b"%PDF north director.pdf\n"),
        ("华北公司-2023-09-简报.pdf", b"%PDF north brief.pdf\n"),
    ]
    (eml,) = (tmp_path / "out").iterdir()
    read = email.message_from_bytes(eml.read_bytes(), policy=SMTP)
    assert read["X-Unsent"] == "1" and read["To"].addresses[0].addr_spec == "w@x.com"
    assert eml.name.startswith("2023-09-north-hand-") and eml.suffix == ".eml"


def test_a_place_that_cannot_be_written_is_told_and_tried_again(tmp_path):
    pack(tmp_path)
    (tmp_path / "taken").write_text("a file")
    given = settings({"name": "share", "channel": "folder", "place": "taken"})
    states, results = post_all(tmp_path, given)
    assert states == [("share", "not sent")] and results[0].reason.startswith("taken: ")
    (tmp_path / "taken").unlink()
    assert post_all(tmp_path, given)[0] == [("share", "sent")]


def test_a_robot_is_posted_the_card_of_its_kind_once(tmp_path):
    pack(tmp_path)
    given = settings({"name": "群", "channel": "dingtalk", "url_env": "DING", "secret_env": "KEY"})
    with robot() as found:
        environment = {"DING": found.url, "KEY": "SEC"}
        assert post_all(tmp_path, given, environment)[0] == [("群", "sent")]
        assert post_all(tmp_path, given, environment)[0] == [("群", "sent before")]
    ((path, _, body),) = found.posts
    assert "&sign=" in path and json.loads(body)["markdown"]["title"].startswith("华北公司")
    with opened(tmp_path) as record:
        (kept,) = deliveries.listed(record)
    assert (kept.address, kept.state, kept.tries) == ("DING", "sent", 1)
    assert "SECRET" not in (tmp_path / ".runs.sqlite").read_bytes().decode("latin-1")


def test_what_is_missing_in_the_environment_is_told_at_once(tmp_path):
    pack(tmp_path)
    given = settings(
        {"name": "a", "channel": "feishu", "url_env": "A", "secret_env": "B"},
        {"name": "b", "channel": "slack", "url_env": "C"},
        {**MAIL, "name": "c"},
        smtp={"host": "localhost", "user": "u"},
    )
    with opened(tmp_path) as record:
        waiting, _ = parcels(given, lambda a: pack_for(tmp_path, "north", "2023-09", a), ())
        post = Post(given, tmp_path, record, Clock(), {"C": "nonsense"})
        found = [problem.found for problem in sending.problems_of(post, waiting)]
    assert found == [
        "no password for u: PLAYBOOK_SMTP_PASSWORD is not set",
        "A is not set",
        "B is not set",
        "the address of a slack webhook is none",
    ]


def test_editions_too_large_for_a_mail_are_linked(tmp_path):
    place = pack(tmp_path)
    big = replace(pack_for(tmp_path, "north", "2023-09", "brief"))
    (place / "brief.pdf").write_bytes(b"x" * 1_000_001)
    given = settings(MAIL | {"audience": "brief"}, smtp={"host": "localhost"}, largest_mail=1)
    _, left = parcels(given, lambda _: big, ())
    assert "the editions are 1.0 MB, a mail carries 1 MB" in left[0].reason
    linked = settings(
        MAIL | {"audience": "brief"},
        smtp={"host": "localhost"},
        largest_mail=1,
        link="https://s.example.com/{month}/{book}/{audience}",
    )
    (one,), _ = parcels(linked, lambda _: big, ())
    assert not one.letter.attach and one.letter.link == "https://s.example.com/2023-09/north/brief"


def test_two_processes_do_not_hand_over_one_delivery(tmp_path):
    with opened(tmp_path) as one, opened(tmp_path) as two:
        from playbook.deliver.deliveries import Delivery

        words = {name: "x" for name in Delivery.__dataclass_fields__}
        given = Delivery(**{**words, "tries": 0, "state": "intended"})
        assert deliveries.intend(one, given) and deliveries.intend(two, given)
        assert deliveries.hand_over(one, "x", NOON) and not deliveries.hand_over(two, "x", NOON)
        assert not deliveries.intend(two, given)
