"""What every command shares: the console, and a refusal that is one sentence and exit code 2."""

from rich.console import Console

out = Console(highlight=False, soft_wrap=True)
WRONG = 2  # exit code for everything that the user can put right


class Wrong(Exception):  # noqa: N818 - a refusal, not a fault
    """Something on the command line cannot be done; the message is one sentence."""
