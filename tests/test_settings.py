"""An installation that is half-configured does not start, and says what is missing."""

import os
import stat
from datetime import date
from pathlib import Path

import pendulum
import pytest

from config import clock
from config.settings import SettingsError, load
from config.timetable import TIMETABLE


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"smtp_host": "mail.example.org"}, "FOLJSAM_MAIL_FROM"),
        ({"mail_from": "Vårdsamverkan <foljsam@example.org>"}, "FOLJSAM_MAIL_FROM"),
        ({"mail_from": "foljsam"}, "FOLJSAM_MAIL_FROM"),
        ({"mail_reply_to": "frida@example.org, alice@example.org"}, "FOLJSAM_MAIL_REPLY_TO"),
        ({"bounce_address": "studs @example.org"}, "FOLJSAM_BOUNCE_ADDRESS"),
        ({"administrators": "Alma <alma@example.org>"}, "FOLJSAM_ADMINISTRATORS"),
        ({"administrators": "alma@example.org, Root"}, "FOLJSAM_ADMINISTRATORS"),
        ({"smtp_user": "foljsam"}, "FOLJSAM_SMTP_PASSWORD"),
        ({"host": "0.0.0.0"}, "loopback"),
        ({"host": "example.org"}, "loopback"),
        ({"sign_in": "mail"}, "FOLJSAM_BASE_URL"),
        ({"sign_in": "mail", "base_url": "http://foljsam.example.org"}, "https://"),
        ({"sign_in": "oidc", "base_url": "https://f.example.org"}, "FOLJSAM_OIDC_ISSUER"),
        ({"sign_in": "both", "base_url": "https://f.example.org"}, "FOLJSAM_OIDC_ISSUER"),
        ({"sign_in": "saml"}, "FOLJSAM_SIGN_IN"),
        ({"port": 0}, "FOLJSAM_PORT"),
        ({"database_url": "mysql://x"}, "FOLJSAM_DATABASE_URL"),
        ({"base_url": "foljsam.example.org"}, "FOLJSAM_BASE_URL"),
        ({"clock": "prefect"}, "FOLJSAM_PREFECT_API_URL"),
        ({"clock": "sundial"}, "FOLJSAM_CLOCK"),
        ({"prefect_api_url": "http://prefect.example.org/api"}, "FOLJSAM_PREFECT_AUTH"),
        ({"prefect_auth": "bara-ett-losenord"}, "FOLJSAM_PREFECT_AUTH"),
        ({"prefect_auth": "foljsam:kort"}, "FOLJSAM_PREFECT_AUTH"),
        ({"prefect_ui_url": "http://127.0.0.1:8470"}, "FOLJSAM_PREFECT_UI_URL"),
        (
            {
                "sign_in": "mail",
                "base_url": "https://f.example.org",
                "prefect_ui_url": "http://prefect.example.org",
            },
            "FOLJSAM_PREFECT_UI_URL",
        ),
        (
            {
                "sign_in": "mail",
                "base_url": "https://f.example.org",
                "prefect_ui_url": "https://f.example.org:8443",
            },
            "a host name of its own",
        ),
        ({"organisation": ""}, "FOLJSAM_ORGANISATION"),
    ],
)
def test_half_a_configuration_is_refused_with_the_settings_name(
    tmp_path: Path, given: dict[str, object], said: str
) -> None:
    with pytest.raises(SettingsError, match=said) as refused:
        load(home=tmp_path, **given)
    assert "\n" not in str(refused.value)
    assert "docs/settings.md" in str(refused.value)


def test_with_sign_in_the_pages_may_listen_elsewhere(tmp_path: Path) -> None:
    told = load(
        home=tmp_path, sign_in="mail", host="0.0.0.0", base_url="https://foljsam.example.org"
    )
    assert told.host == "0.0.0.0"
    assert told.https


def test_a_provider_is_asked_for_whole_and_over_https(tmp_path: Path) -> None:
    given = {"home": tmp_path, "sign_in": "oidc", "base_url": "https://f.example.org"}
    given |= {"oidc_issuer": "http://sso.example.org", "oidc_client_id": "foljsam"}
    with pytest.raises(SettingsError, match="FOLJSAM_OIDC_CLIENT_SECRET"):
        load(**given)
    with pytest.raises(SettingsError, match="https://") as refused:
        load(**given, oidc_client_secret="hemligt")
    assert "hemligt" not in str(refused.value)


def test_administrators_are_read_as_addresses_are_on_file(tmp_path: Path) -> None:
    told = load(home=tmp_path, administrators=" Root@Example.org; rut@example.org,")
    assert told.administrator_addresses == {"root@example.org", "rut@example.org"}


def test_a_password_is_never_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        load(home=tmp_path, smtp_password="hemligt", smtp_host="x", port="y")
    assert "hemligt" not in str(refused.value)
    told = load(home=tmp_path, smtp_user="a", smtp_password="hemligt", mail_from="a@example.org")
    assert "hemligt" not in repr(told)


def test_the_installations_own_file_is_read_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "foljsam.env").write_text("FOLJSAM_PORT=9000\nFOLJSAM_ORGANISATION=Dalen\n")
    monkeypatch.setenv("FOLJSAM_HOME", str(tmp_path))
    assert (load().port, load().organisation) == (9000, "Dalen")
    monkeypatch.setenv("FOLJSAM_PORT", "9001")
    assert load().port == 9001


def test_a_misspelt_setting_in_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "foljsam.env").write_text("FOLJSAM_PROT=9000\n")
    with pytest.raises(SettingsError, match="PROT"):
        load(home=tmp_path)


def test_the_signing_key_is_made_once_and_only_the_owner_reads_it(tmp_path: Path) -> None:
    first, second = load(home=tmp_path).secret, load(home=tmp_path).secret
    assert first == second
    assert len(first) >= 32
    assert stat.S_IMODE(os.stat(tmp_path / "secret").st_mode) == 0o600


def test_a_postgresql_address_gets_the_one_driver(tmp_path: Path) -> None:
    told = load(home=tmp_path, database_url="postgresql://db/foljsam")
    assert told.database == "postgresql+psycopg://db/foljsam"


def test_nothing_is_scheduled_where_summer_time_takes_an_hour() -> None:
    for line in TIMETABLE:
        assert line.cron.split()[1] not in {"2", "3"}, line.name


def test_the_day_is_stockholms(monkeypatch: pytest.MonkeyPatch) -> None:
    late = pendulum.datetime(2024, 6, 30, 22, 30, tz="UTC")
    monkeypatch.setattr("config.clock.pendulum.now", late.in_timezone)
    assert clock.today() == date(2024, 7, 1)
    assert clock.today(date(2024, 1, 1)) == date(2024, 1, 1)


def test_a_password_may_lie_in_a_file_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "ord"
    kept.write_text("hemligt ord\n", "utf-8")
    monkeypatch.setenv("FOLJSAM_SMTP_USER", "foljsam")
    monkeypatch.setenv("FOLJSAM_SMTP_PASSWORD_FILE", str(kept))
    assert load(home=tmp_path).smtp_password.get_secret_value() == "hemligt ord"
    monkeypatch.delenv("FOLJSAM_SMTP_PASSWORD_FILE")
    (tmp_path / "foljsam.env").write_text(f"FOLJSAM_SMTP_PASSWORD_FILE={kept}\n", "utf-8")
    told = load(home=tmp_path)
    assert told.smtp_password.get_secret_value() == "hemligt ord"
    assert "hemligt ord" not in repr(told)


def test_the_environment_wins_over_a_file_that_the_settings_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "namn"
    kept.write_text("Vårdsamverkan Fil", "utf-8")
    (tmp_path / "foljsam.env").write_text(f"FOLJSAM_ORGANISATION_FILE={kept}\n", "utf-8")
    assert load(home=tmp_path).organisation == "Vårdsamverkan Fil"
    monkeypatch.setenv("FOLJSAM_ORGANISATION", "Vårdsamverkan Dalen")
    assert load(home=tmp_path).organisation == "Vårdsamverkan Dalen"


def test_a_file_that_cannot_be_read_or_says_too_much_is_refused_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOLJSAM_METRICS_TOKEN_FILE", str(tmp_path / "ingen"))
    with pytest.raises(SettingsError, match=r"FOLJSAM_METRICS_TOKEN_FILE: .*ingen cannot be read"):
        load(home=tmp_path)
    for odd, said in ((b"x" * 70_000, "no secret is"), (b"\xff\xfe", "no text in UTF-8")):
        (tmp_path / "ingen").write_bytes(odd)
        with pytest.raises(SettingsError, match=said):
            load(home=tmp_path)
    (tmp_path / "ingen").write_text("ord", "utf-8")
    monkeypatch.setenv("FOLJSAM_METRICS_TOKEN", "annat ord")
    with pytest.raises(SettingsError, match="are both set; choose one"):
        load(home=tmp_path)


def test_a_misspelt_name_of_a_file_is_refused_as_any_other(tmp_path: Path) -> None:
    (tmp_path / "foljsam.env").write_text("FOLJSAM_SMTP_PASWORD_FILE=/x\n", "utf-8")
    with pytest.raises(SettingsError, match="SMTP_PASWORD_FILE"):
        load(home=tmp_path)
