"""The environment, or a ``.env`` file, read once into a frozen record. No other module looks at the environment."""

from __future__ import annotations

import difflib
import os
import ssl
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from platformdirs import user_data_path
from pydantic import SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from bot.adapters.environment import env_file_faults, given_names, is_emptied, marked_names
from bot.domain import setting_forms as forms
from bot.domain.encodings import UTF_8, NotUtf8, decoded
from bot.domain.errors import AskerError, OperatorError
from bot.domain.orgs.install_links import InstallIds, read_install_ids
from bot.domain.orgs.pem import private_key
from bot.domain.program import to_type

PREFIX = "FLOSUM_"
ENV_FILE = ".env"
"""Read in the folder that the program is started in."""

_OFF = ("off", "")
_ON, _NOT_ON = ("on", "true", "yes", "1"), ("off", "false", "no", "0", "")


class Settings(BaseSettings):
    """Every setting of the contract, under its own name in lower case. Secrets never show in ``repr``."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE,
        env_file_encoding=UTF_8,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        env_ignore_empty=True,
    )

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    slack_api_url: str = "https://slack.com/api/"
    flosum_database_url: SecretStr | None = None
    flosum_secret_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    flosum_public_url: str | None = None
    flosum_host: str = "127.0.0.1"
    flosum_port: int = 3000
    flosum_metrics_address: str = "127.0.0.1:9464"
    flosum_admins: Annotated[tuple[str, ...], NoDecode] = ()
    flosum_org_writes: bool = False
    flosum_app_install_ids: str = ""
    flosum_guidance_dir: Path | None = None
    salesforce_client_id: str | None = None
    salesforce_client_secret: SecretStr | None = None
    salesforce_jwt_client_id: SecretStr | None = None
    salesforce_jwt_key: SecretStr | None = None
    ssl_cert_file: Path | None = None
    requests_ca_bundle: Path | None = None

    @field_validator("flosum_secret_keys", "flosum_admins", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return list(filter(None, map(forms.cleaned, value.split(",")))) if isinstance(value, str) else value

    @field_validator("flosum_admins")
    @classmethod
    def _are_people(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        _refuse(next(filter(None, map(forms.user_fault, value)), None))
        return value

    @field_validator(
        "slack_bot_token",
        "slack_app_token",
        "slack_signing_secret",
        "slack_client_id",
        "slack_client_secret",
        "salesforce_client_id",
        "salesforce_client_secret",
        "salesforce_jwt_client_id",
    )
    @classmethod
    def _is_as_it_was_given_out(cls, value: SecretStr | str | None, info: ValidationInfo) -> SecretStr | str | None:
        if value is not None and info.field_name is not None:
            text = value if isinstance(value, str) else value.get_secret_value()
            _refuse(forms.credential_fault(info.field_name.upper(), text))
        return value

    @field_validator("flosum_secret_keys")
    @classmethod
    def _are_keys(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        faults = (forms.credential_fault("FLOSUM_SECRET_KEYS", key.get_secret_value()) for key in value)
        _refuse(next(filter(None, faults), None))
        return value

    @field_validator("salesforce_jwt_key")
    @classmethod
    def _is_key_or_file(cls, value: SecretStr | None) -> SecretStr | None:
        _refuse(forms.key_fault("SALESFORCE_JWT_KEY", value.get_secret_value()) if value else None)
        return value

    @field_validator("slack_api_url", "flosum_public_url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("https://", "http://")):
            raise ValueError("a web address starts with https://")
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _ends_in_slash(cls, value: str) -> str:
        # slack_sdk joins the method's name to this, so without a slash every call would miss.
        return value if value.endswith("/") else value + "/"

    @field_validator("flosum_org_writes", mode="before")
    @classmethod
    def _is_switch(cls, value: Any) -> Any:
        word = str(value).strip().casefold()
        if word not in (*_ON, *_NOT_ON):
            raise ValueError("it is on or off")
        return word in _ON

    @field_validator("flosum_app_install_ids")
    @classmethod
    def _are_install_ids(cls, value: str) -> str:
        read_install_ids(value)
        return value

    @field_validator("flosum_port", mode="before")
    @classmethod
    def _is_port(cls, value: Any) -> Any:
        if not str(value).isdecimal() or int(value) > 65535:
            raise ValueError("a port is a number from 0 to 65535")
        return value

    @field_validator("flosum_metrics_address")
    @classmethod
    def _is_metrics_address(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if value.strip().casefold() in _OFF:
            return ""
        if not host or not port.isdecimal() or int(port) > 65535:
            raise ValueError("an address is a host and a port, as in 127.0.0.1:9464; off for none")
        return value.strip()

    @field_validator("flosum_database_url")
    @classmethod
    def _is_database(cls, value: SecretStr | None) -> SecretStr | None:
        _refuse(forms.database_fault(value.get_secret_value()) if value else None)
        return value

    @field_validator("ssl_cert_file", "requests_ca_bundle")
    @classmethod
    def _is_bundle(cls, value: Path | None) -> Path | None:
        _refuse(_bundle_fault(value) if value else None)
        return value

    @field_validator("flosum_guidance_dir")
    @classmethod
    def _is_folder(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_dir():
            raise ValueError("there is no folder of that name")
        return value

    # The last one is the first to run.
    @field_validator("*", mode="before")
    @classmethod
    def _is_bare(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        bare = forms.cleaned(value)
        _refuse(forms.remark_fault(bare))
        return bare

    @cached_property
    def database_url(self) -> str:
        """The SQLAlchemy URL; without a setting, a SQLite file in the user's data folder."""
        if self.flosum_database_url is None:
            return f"sqlite:///{user_data_path('flosum-assistant', appauthor=False) / 'assistant.db'}"
        return forms.database_url(self.flosum_database_url.get_secret_value())

    @property
    def metrics_address(self) -> tuple[str, int] | None:
        """The host and the port for the operator's own eyes; None for nowhere."""
        host, _, port = self.flosum_metrics_address.rpartition(":")
        return (host.strip("[]"), int(port)) if port else None

    @property
    def ca_bundle(self) -> str | None:
        """The file of certificate authorities to trust; each library reads only one of the two names by itself."""
        chosen = self.requests_ca_bundle or self.ssl_cert_file
        return str(chosen) if chosen else None

    @property
    def install_ids(self) -> InstallIds:
        """The ids by which an app's install page is found, by the app's name."""
        return read_install_ids(self.flosum_app_install_ids)

    @property
    def many_workspaces(self) -> bool:
        """Whether workspaces add the bot themselves ("Add to Slack"), instead of one whose token is a setting."""
        return self.slack_client_id is not None and self.slack_client_secret is not None

    @property
    def on_postgresql(self) -> bool:
        """Whether more than one process may share the database."""
        return self.database_url.startswith("postgresql")

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The encryption keys, newest first; empty means the key file beside the SQLite file."""
        return tuple(key.get_secret_value() for key in self.flosum_secret_keys)

    @cached_property
    def jwt_key(self) -> str | None:
        """The PEM of the JWT bearer login, read from the file if a file is named.

        Raises OperatorError when it cannot be read, or is no unencrypted private key.
        """
        value = reveal(self.salesforce_jwt_key)
        if value is None:
            return None
        try:
            return private_key(value if "-----BEGIN" in value else _read_pem(value))
        except AskerError as error:
            raise OperatorError(f"SALESFORCE_JWT_KEY is not right. {error.text}") from None


def _bundle_fault(path: Path) -> str | None:
    """What is wrong with a file of authorities; the first connection would tell no more than that it fails."""
    if path.is_dir():
        return "that is a folder; name a file of certificates"
    if not path.exists():
        return "there is no file of that name"
    try:
        ssl.create_default_context(cafile=path)
    except OSError:  # what OpenSSL says is one
        return "no certificate can be read from that file"
    return None


def _read_pem(path: str) -> str:
    said = "SALESFORCE_JWT_KEY names a file that"
    instead = "Give a readable PEM file or the PEM itself."
    try:
        return decoded(Path(path).expanduser().read_bytes())
    except NotUtf8 as error:
        raise OperatorError(f"{said} {error}; save it as UTF-8.") from None
    except OSError as error:
        raise OperatorError(f"{said} cannot be read: {error.strerror}. {instead}") from None
    except (ValueError, RuntimeError):  # no name of a file at all, or the home of nobody
        raise OperatorError(f"{said} cannot be. {instead}") from None


def reveal(secret: SecretStr | None) -> str | None:
    """The secret's own text, for the one call that needs it."""
    return secret.get_secret_value() if secret is not None else None


class _ExplicitSettings(Settings):
    """Settings from arguments alone; for tests and the demo, of which many may run side by side."""

    flosum_metrics_address: str = "127.0.0.1:0"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only the arguments."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)


def given(**values: Any) -> Settings:
    """Settings from arguments alone: what the environment and ``.env`` say does not count."""
    return _ExplicitSettings(**values)


def load(env_file: str = ENV_FILE, *, without_keys: bool = False) -> Settings:
    """Read the settings. Raises OperatorError with one sentence per wrong or unknown one, a line each.

    ``without_keys`` is for whoever is about to make the first encryption key.
    """
    if faults := env_file_faults(env_file):
        raise OperatorError("\n".join(faults))
    problems = _unknown_names(env_file)
    try:
        settings = Settings(_env_file=env_file, **_switched_off(env_file))
    except ValidationError as error:
        problems += [_sentence(problem) for problem in error.errors(include_input=False, include_url=False)]
        raise OperatorError("\n".join(problems)) from None
    if settings.on_postgresql and not settings.flosum_secret_keys and not without_keys:
        problems.append(
            "FLOSUM_SECRET_KEYS is missing; with PostgreSQL the encryption key must be given "
            f"(make one with `{to_type('rotate-keys', '--new-key')}`)."
        )
    if settings.slack_signing_secret is not None and settings.slack_signing_secret == settings.slack_client_secret:
        problems.append("SLACK_SIGNING_SECRET and SLACK_CLIENT_SECRET hold the same; Basic Information shows two.")
    if problems:
        raise OperatorError("\n".join(problems))
    if settings.ca_bundle:
        # The one library that takes it from nowhere else: the line of Socket Mode.
        os.environ.setdefault("WEBSOCKET_CLIENT_CA_BUNDLE", settings.ca_bundle)
    return settings


def _switched_off(env_file: str) -> dict[str, Any]:
    """The one setting that can be emptied; any other that is empty is as if it were not given."""
    emptied = is_emptied("FLOSUM_METRICS_ADDRESS", env_file)
    return {"flosum_metrics_address": _OFF[0]} if emptied else {}


def _refuse(fault: str | None) -> None:
    if fault is not None:
        raise ValueError(fault)


_MARKED = (
    "has an invisible mark (BOM) in front, so it does not count; save the file that it comes from as UTF-8 without BOM."
)


def _unknown_names(env_file: str) -> list[str]:
    known = {name.upper() for name in Settings.model_fields}
    told = [f"The name {name} {_MARKED}" for name in marked_names() if name in known]
    for name in sorted(given_names(env_file) - known):
        if name.startswith(PREFIX):
            near = difflib.get_close_matches(name, known, n=1)
            told.append(f"{name} is not a setting of the assistant" + (f"; did you mean {near[0]}?" if near else "."))
    return told


def _sentence(problem: Any) -> str:
    name = str(problem["loc"][0]).upper()
    reason = str(problem["msg"]).removeprefix("Value error, ")
    return f"{name} is not right: {reason[:1].lower()}{reason[1:]}."
