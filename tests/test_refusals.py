"""Whose fault a refusal is: one verdict on every reply; nobody is blamed for another's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.post import Stage
from rules.refusals import TABLE, Verdict, is_dead_address, judge

CODES = st.integers(0, 999)
WORDS = st.text(max_size=60) | st.from_regex(r"[245]\.[0-9]{1,3}\.[0-9]{1,3} [a-z ]{0,30}")


@given(st.sampled_from(Stage), CODES, WORDS)
def test_every_reply_at_every_stage_has_one_verdict(stage: Stage, code: int, words: str) -> None:
    judged = judge(stage, code, words)
    assert judged == judge(stage, code, words)
    assert judged.means
    assert judged.source


def test_every_three_digit_reply_has_a_verdict_at_every_stage() -> None:
    for stage in Stage:
        for code in range(1000):
            assert judge(stage, code, "").verdict in Verdict


@given(st.sampled_from([s for s in Stage if s not in (Stage.RCPT, Stage.DATA)]), CODES, WORDS)
def test_before_rcpt_nothing_is_said_of_her_address(stage: Stage, code: int, words: str) -> None:
    assert judge(stage, code, words).verdict not in (Verdict.RECIPIENT, Verdict.EITHER)


@given(st.sampled_from([Stage.RCPT, Stage.DATA]), CODES, WORDS)
def test_one_letters_refusal_never_stops_the_post_by_itself(
    stage: Stage, code: int, words: str
) -> None:
    assert judge(stage, code, words).verdict not in (Verdict.OURS, Verdict.SERVER)


@given(st.sampled_from([Stage.RCPT, Stage.DATA]), st.integers(400, 499), WORDS)
def test_what_may_pass_fails_no_letter(stage: Stage, code: int, words: str) -> None:
    assert judge(stage, code, words).verdict in (Verdict.LATER, Verdict.EITHER)


@pytest.mark.parametrize(
    ("stage", "reply", "verdict"),
    [
        ("connect", "554 5.7.1 Service unavailable; client blocked", "ours"),
        ("connect", "421 4.3.2 too many connections", "server"),
        ("connect", "521 host does not accept mail", "server"),
        ("hello", "550 HELO command rejected", "ours"),
        ("tls", "454 4.7.0 TLS not available", "server"),
        ("auth", "535 5.7.8 Username and Password not accepted", "ours"),
        ("auth", "454 4.7.0 temporary authentication failure", "server"),
        ("mail", "530 5.7.57 Client was not authenticated", "ours"),
        ("mail", "553 5.1.8 sender domain not found", "ours"),
        ("mail", "550 5.1.7 invalid sender", "ours"),
        ("mail", "450 4.1.8 domain not found", "ours"),
        ("mail", "452 4.3.1 insufficient storage", "server"),
        ("mail", "552 5.3.4 message too big", "letter"),
        (
            "rcpt",
            "550 5.1.1 <alva@example.org>: User unknown in relay recipient table",
            "recipient",
        ),
        ("rcpt", "550 5.1.10 RESOLVER.ADR.RecipientNotFound", "recipient"),
        ("rcpt", "556 5.1.10 recipient address has null MX", "recipient"),
        ("rcpt", "550 Unrouteable address", "recipient"),
        ("rcpt", "550 no such user", "recipient"),
        ("rcpt", "550 5.2.1 the account is disabled", "recipient"),
        ("rcpt", "550 5.1.8 Sender address rejected: Domain not found", "either"),
        ("rcpt", "550 relay not permitted", "either"),
        ("rcpt", "550 Administrative prohibition", "either"),
        ("rcpt", "554 5.7.1 Relay access denied", "either"),
        ("rcpt", "454 4.7.1 Relay access denied", "either"),
        ("rcpt", "530 5.7.0 authentication required", "either"),
        ("rcpt", "550 5.4.1 Recipient address rejected: Access denied", "letter"),
        ("rcpt", "552 5.2.2 mailbox full", "letter"),
        ("rcpt", "452 4.2.2 over quota", "later"),
        ("rcpt", "450 4.2.0 greylisted", "later"),
        ("data", "550 5.7.60 no permission to send as this sender", "either"),
        ("data", "550 5.7.26 unauthenticated", "either"),
        ("data", "554 5.2.252 SendAsDenied", "either"),
        ("data", "554 5.6.0 bad content", "letter"),
        ("data", "421 4.7.0 try later", "later"),
    ],
)
def test_what_servers_really_say(stage: str, reply: str, verdict: str) -> None:
    code, _, words = reply.partition(" ")
    assert judge(Stage(stage), int(code), words).verdict.value == verdict


def test_every_line_of_the_table_decides_something() -> None:
    """A line that others before it hide would say what is not so."""
    assert len({(one.stages, one.codes, one.status, one.words) for one in TABLE}) == len(TABLE)


def test_what_somebody_wrote_in_own_words_is_left_as_it_is() -> None:
    assert is_dead_address("har slutat")
    assert is_dead_address("550 5.1.1 User unknown")
    assert not is_dead_address("550 5.1.8 Sender address rejected: Domain not found")
    assert not is_dead_address("552 5.2.2 mailbox full")
