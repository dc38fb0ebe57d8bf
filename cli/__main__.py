"""`python -m cli` is `foljsam`."""

from cli.main import run

run()
