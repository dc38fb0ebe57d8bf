"""Secrets in files of their own: `FOLJSAM_SMTP_PASSWORD_FILE` names a file that holds the password.

So they come from systemd's credentials, Docker's or Kubernetes' secrets, or whatever a key vault
writes at start, and stand in no environment that a child or a crash report could show. Any setting
may be told so; which settings there are is `config/settings.py`'s.
"""

from collections.abc import Container
from pathlib import Path

from pydantic_settings import EnvSettingsSource, PydanticBaseSettingsSource

_PREFIX, _ENDING = "foljsam_", "_file"
LARGEST = 64 * 1024  # bytes of one secret; a larger file is some other file


class CannotReadSecret(ValueError):  # noqa: N818 - an answer, not a fault
    """A file that holds a setting is not there, is no text, or the setting is told twice."""


def read_in(source: PydanticBaseSettingsSource, settings: Container[str]) -> None:
    """Put what those files hold in place of their names. Raises `CannotReadSecret`.

    `source` is the environment, or a file of settings; `settings` are the names that there are.
    """
    assert isinstance(source, EnvSettingsSource)
    told = dict(source.env_vars)
    for name, path in source.env_vars.items():
        setting = name.removesuffix(_ENDING)
        is_a_file = name.startswith(_PREFIX) and name.endswith(_ENDING)
        if not is_a_file or setting.removeprefix(_PREFIX) not in settings:
            continue
        del told[name]
        if not path:
            continue
        if told.get(setting):
            raise CannotReadSecret(f"{setting.upper()} and {name.upper()} are both set; choose one")
        told[setting] = _contents(name.upper(), Path(path))
    source.env_vars = told


def _contents(name: str, path: Path) -> str:
    """The words of the file, without the line's end that an editor puts last."""
    try:
        with path.open("rb") as file:
            held = file.read(LARGEST + 1)
    except OSError as error:
        raise CannotReadSecret(f"{name}: {path} cannot be read ({error.strerror})") from error
    if len(held) > LARGEST:
        raise CannotReadSecret(f"{name}: {path} is larger than {LARGEST} bytes: no secret is")
    try:
        return held.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise CannotReadSecret(f"{name}: {path} is no text in UTF-8") from error
