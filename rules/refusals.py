"""Whose fault a refusal is: every reply of a mail server, at every stage, has one verdict.

One table, read from the top; the first line that fits decides, and the last ones fit all that is
left. Only words or a status that speak of the recipient's address say that it does not work: who is
in doubt is not blamed. What is done about a verdict is `notifications/`'s.

The sources, beside each line:
- RFC 5321 (SMTP), 3463 and 5248 (enhanced statuses), 4954 (sign-in), 3207 (STARTTLS), 7504 (521),
  7505 (null MX), 7372 (authentication of senders), 6531 (SMTPUTF8), 1870 (size);
- "Exchange": Microsoft's table of non-delivery reports in Exchange Online;
- "Gmail": Google Workspace's table of SMTP errors and codes;
- "Postfix": postconf(5) and the texts of smtpd; "Exim": its default ACL and routers;
- "Proofpoint": its postmaster's page and the help of Proofpoint Essentials.
"""

import re
from dataclasses import dataclass
from enum import Enum

from models.post import Stage


class Verdict(Enum):
    """What a reply means, and so what is done."""

    ACCEPTED = "accepted"
    RECIPIENT = "recipient"  # her address does not work
    LETTER = "letter"  # this letter is refused, for good; says nothing of anybody
    OURS = "ours"  # our sender, sign-in or settings are refused: the post stops
    EITHER = "either"  # hers or ours: letters to others tell which
    SERVER = "server"  # the server is not there, or cannot just now: all wait
    LATER = "later"  # this letter may go later


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. What is left out (None, "") fits everything.

    `codes` and `status` are patterns for the reply code and the enhanced status, `words` for what
    the server says; `means` is the explanation for a reader, in Swedish.
    """

    stages: tuple[Stage, ...]
    codes: str
    status: str
    words: str
    verdict: Verdict
    means: str
    source: str


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict, what it means in Swedish, and where that is from."""

    verdict: Verdict
    means: str
    source: str


_ALL = tuple(Stage)
_ENTRY = (Stage.CONNECT, Stage.HELLO, Stage.TLS, Stage.AUTH)
_BEFORE = (*_ENTRY, Stage.MAIL)
_HERS = (Stage.RCPT, Stage.DATA)

_SIGN_IN = "Mejlservern tar inte emot Följsams inloggning. Se över användare och lösenord."
_NOT_US = "Mejlservern tar inte emot post från Följsam. Se över inställningarna för e-post."
_SENDER = "Mejlservern godtar inte avsändaradressen. Se över FOLJSAM_MAIL_FROM."
_CERTIFICATE = "Förbindelsen gick inte att säkra. Se över certifikat och krypteringsinställning."
_UNKNOWN = "Adressen finns inte. Rätta den på personens sida."
_DOMAIN = "Domänen i adressen tar inte emot post. Rätta adressen på personens sida."
_CLOSED = "Brevlådan är avstängd. Fråga personen efter en annan adress."
_FULL = "Brevlådan är full. Be personen rensa, och skicka brevet igen."
_SIZE = "Brevet är för stort för mottagarens mejlserver."
_HINDERED = "Mottagarens mejlserver går inte att nå. Adressen kan vara rätt ändå."
_POLICY = "Mottagarens mejlserver släpper inte fram brevet. Be den som sköter servern där om hjälp."
_REFUSED = "Mejlservern vägrade ta emot just det här brevet."
_AWAY = "Mejlservern svarar inte som den ska just nu. Nytt försök görs av sig självt."
_WAITS = "Mejlservern ber Följsam att försöka senare. Nytt försök görs av sig självt."
_LETTERS = "Adressen har tecken som mottagarens mejlserver inte kan ta emot."
_OK = "Mejlservern tog emot brevet."

# What servers call a sender, a sign-in or a relay that they do not let through.
_OF_US = (
    r"sender (address )?(is )?(rejected|denied|refused|not allowed|unknown)|sender verif|"
    r"sendasdenied|send as this sender|relay|authenticat|unauthenticated|"
    r"\bspf\b|\bdkim\b|\bdmarc\b|client host|helo command|submission quota|"
    r"block(ed|list)|blacklist|banned|reputation|spamhaus|proofpoint|access denied, "
)
_OF_HER = (
    r"(user|recipient|mailbox|account|address)( is|<[^>]*>|[ :]| address)* ?"
    r"(unknown|not found|does not exist|doesn't exist|invalid|not exist|rejected: user unknown)|"
    r"(unknown|no such|invalid|non-?existent) (local )?(user|recipient|mailbox|address|account)|"
    r"no mailbox|unrouteable address|unroutable address|does not exist here|recipientnotfound|"
    r"no such person|nobody (here )?(of|by|with) that|does not like recipient.*unknown|user unknown"
)

_L = Line
TABLE: tuple[Line, ...] = (
    # Before a letter is spoken of: a refusal for good is of us, whatever its words.
    _L(_ENTRY, "521", "", "", Verdict.SERVER, _AWAY, "RFC 7504, 3: accepts no mail at all"),
    _L((Stage.TLS,), "454", "", "", Verdict.SERVER, _AWAY, "RFC 3207, 4: TLS not available now"),
    _L((Stage.TLS,), "5..", "", "", Verdict.OURS, _CERTIFICATE, "RFC 3207, 4"),
    _L((Stage.AUTH,), "432", "", "", Verdict.OURS, _SIGN_IN, "RFC 4954, 4.7.12: new password"),
    _L((Stage.AUTH,), "5..", "", "", Verdict.OURS, _SIGN_IN, "RFC 4954, 6: 534, 535, 538"),
    _L(_BEFORE, "53[058]", "", "", Verdict.OURS, _SIGN_IN, "RFC 4954, 6; Exchange 5.7.57"),
    _L((Stage.CONNECT, Stage.HELLO), "5..", "", "", Verdict.OURS, _NOT_US, "RFC 5321, 3.1, 4.3.2"),
    # At MAIL.
    _L((Stage.MAIL,), "5..", r"5\.(3\.4|2\.3)", "", Verdict.LETTER, _SIZE, "RFC 1870, 6.1"),
    _L((Stage.MAIL,), "55[03]", r"5\.6\.7", "", Verdict.LETTER, _LETTERS, "RFC 6531, 3.5"),
    _L((Stage.MAIL,), "555", "", "", Verdict.LETTER, _LETTERS, "RFC 5321, 4.1.1.11"),
    _L((Stage.MAIL,), "...", r".\.1\.[78]", "", Verdict.OURS, _SENDER, "RFC 3463, X.1.7, X.1.8"),
    _L((Stage.MAIL,), "5..", r"5\.7\..*", "", Verdict.OURS, _NOT_US, "RFC 3463, X.7; Exchange"),
    _L((Stage.MAIL,), "5..", "", "", Verdict.OURS, _SENDER, "RFC 5321, 4.3.2: 550, 553, 503"),
    # At RCPT and DATA: words about a sender may be of her server's strictness, or of us.
    _L(_HERS, "4..", "", r"relay (access )?(denied|not permitted)", Verdict.EITHER, _NOT_US,
       "Postfix, defer_unauth_destination: 454 4.7.1"),
    _L(_HERS, "4..", r"4\.1\.[78]", "", Verdict.EITHER, _SENDER, "RFC 3463, X.1.8"),
    _L(_HERS, "53[0458]", "", "", Verdict.EITHER, _SIGN_IN, "RFC 4954, 6; Gmail 530 5.7.0"),
    _L(_HERS, "5..", r"5\.1\.[78]", "", Verdict.EITHER, _SENDER, "RFC 3463, X.1.7, X.1.8; Postfix"),
    _L(_HERS, "5..", r"5\.1\.90|5\.2\.252", "", Verdict.EITHER, _SENDER, "Exchange: daily limit, "
       "SendAsDenied"),
    _L(_HERS, "5..", r"5\.7\..*", "", Verdict.EITHER, _POLICY, "RFC 3463, X.7; RFC 7372; Gmail "
       "5.7.26; Exchange 5.7.60; Proofpoint 5.7.1"),
    _L(_HERS, "5..", r"5\.1\.10", "", Verdict.RECIPIENT, _DOMAIN, "RFC 7505, 4.1; Exchange"),
    _L(_HERS, "5..", r"5\.1\.1", "", Verdict.RECIPIENT, _UNKNOWN, "RFC 3463, X.1.1; Gmail"),
    _L(_HERS, "5..", "", _OF_US, Verdict.EITHER, _NOT_US, "Postfix; Exim, relay not permitted; "
       "Exchange, SendAsDenied; Proofpoint, Blocked"),
    # What is said of her address, or of her mailbox.
    _L(_HERS, "5..", r"5\.1\.2", "", Verdict.RECIPIENT, _DOMAIN, "RFC 3463, X.1.2"),
    _L(_HERS, "5..", r"5\.1\.[346]", "", Verdict.RECIPIENT, _UNKNOWN, "RFC 3463, X.1.3, .4, .6"),
    _L(_HERS, "5..", r"5\.2\.1", "", Verdict.RECIPIENT, _CLOSED, "RFC 3463, X.2.1; Gmail 5.2.1"),
    _L(_HERS, "5..", r"5\.2\.2", "", Verdict.LETTER, _FULL, "RFC 3463, X.2.2; Gmail 552 5.2.2"),
    _L(_HERS, "5..", r"5\.(2\.3|3\.4)", "", Verdict.LETTER, _SIZE, "RFC 3463, X.2.3, X.3.4"),
    _L(_HERS, "5..", r"5\.4\..*", "", Verdict.LETTER, _HINDERED, "RFC 3463, X.4; Exchange 5.4.1"),
    _L(_HERS, "5..", r"5\.6\.7", "", Verdict.LETTER, _LETTERS, "RFC 6531, 3.5"),
    _L(_HERS, "5..", r"5\.[2356]\..*", "", Verdict.LETTER, _REFUSED, "RFC 3463, X.2 to X.6"),
    # No status, or one that says nothing (5.0.0, 5.1.0): the words, or the code.
    _L(_HERS, "55[0134]", "", _OF_HER, Verdict.RECIPIENT, _UNKNOWN, "RFC 5321, 4.2.3; Exim; "
       "Postfix"),
    _L(_HERS, "551", "", "", Verdict.RECIPIENT, _UNKNOWN, "RFC 5321, 3.4: user not local"),
    _L(_HERS, "552", "", "", Verdict.LETTER, _FULL, "RFC 5321, 4.2.3: storage exceeded"),
    _L(_HERS, "556", "", "", Verdict.RECIPIENT, _DOMAIN, "RFC 7504, 4: domain takes no mail"),
    _L((Stage.RCPT,), "55[03]", "", "", Verdict.EITHER, _POLICY, "RFC 5321, 4.2.3: 550 is also "
       "policy"),
    _L((Stage.DATA,), "55[03]", "", "", Verdict.EITHER, _POLICY, "RFC 5321, 4.2.5"),
    _L(_HERS, "5..", "", "", Verdict.LETTER, _REFUSED, "RFC 5321, 4.2.1: a permanent refusal"),
    _L(_HERS, "4..", "", "", Verdict.LATER, _WAITS, "RFC 5321, 4.2.1: 450, 451, 452; greylisting"),
    # What is no refusal.
    _L((Stage.RCPT,), "25[012]", "", "", Verdict.ACCEPTED, _OK, "RFC 5321, 4.3.2: RCPT"),
    _L((Stage.DATA,), "250|354", "", "", Verdict.ACCEPTED, _OK, "RFC 5321, 4.3.2: DATA"),
    _L((Stage.MAIL, Stage.HELLO), "250", "", "", Verdict.ACCEPTED, _OK, "RFC 5321, 4.3.2"),
    _L((Stage.CONNECT, Stage.TLS), "220", "", "", Verdict.ACCEPTED, _OK, "RFC 5321; RFC 3207"),
    _L((Stage.AUTH,), "235|334", "", "", Verdict.ACCEPTED, _OK, "RFC 4954, 4"),
    # All that is left: what no server should say is no letter's fault.
    _L(_HERS, "...", "", "", Verdict.LATER, _WAITS, "RFC 5321, 4.2.1: an unexpected reply"),
    _L(_ALL, "...", "", "", Verdict.SERVER, _AWAY, "RFC 5321, 4.2.1: 4yz, and the unexpected"),
)  # fmt: skip

_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_CODE = re.compile(r"\s*(\d{3})(?!\d)")


def judge(stage: Stage, code: int, words: str) -> Judged:
    """The one verdict on a reply. `words` may begin with its enhanced status."""
    status = found[1] if (found := _STATUS.search(words)) else ""
    digits = f"{code:03d}"
    for line in TABLE:
        if (
            stage in line.stages
            and re.fullmatch(line.codes, digits)
            and (not line.status or re.fullmatch(line.status, status))
            and (not line.words or re.search(line.words, words, re.IGNORECASE))
        ):
            return Judged(line.verdict, line.means, line.source)
    raise AssertionError("the last line fits everything")


def judge_words(stage: Stage | None, said: str) -> Judged | None:
    """The verdict on what is on file: "550 5.1.1 …". None where there is no reply in it."""
    found = _CODE.match(said)
    code = int(found[1]) if found else 0
    if not found:
        status = _STATUS.search(said)
        if status is None or not said.lstrip().startswith(status[1]):
            return None
        code = 550 if status[1][0] == "5" else 450
    return judge(stage or Stage.RCPT, code, said)


def is_dead_address(said: str) -> bool:
    """Do these words say that the address itself does not work?

    What no server said in figures is somebody's own words, and is left as it is.
    """
    judged = judge_words(Stage.RCPT, said)
    return judged is None or judged.verdict is Verdict.RECIPIENT
