"""Every environment variable of the project, once: its name, type, default and meaning.

Values come from the environment and then from a `.env` file in the working directory, and are read when they are asked
for, so that importing the package needs no settings at all.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Environment(StrEnum):
    """Which of Intuit's two worlds a company lives in; keys of one never reach companies of the other."""

    SANDBOX = "sandbox"
    PRODUCTION = "production"


class SettingsError(Exception):
    """Settings that are missing or unusable: every one of them named, with its fix."""


class Settings(BaseSettings):
    """The settings, one field per environment variable (`home` is `QBO_HOME`)."""

    model_config = SettingsConfigDict(env_prefix="QBO_", env_file=".env", env_ignore_empty=True, extra="ignore")

    home: Path = Field(default=Path("data"), description="Directory of everything the project writes.")
    client_id: str | None = Field(default=None, description="Client id of the default Intuit app.")
    client_secret: SecretStr | None = Field(default=None, description="Client secret of the default Intuit app.")
    environment: Environment = Field(default=Environment.SANDBOX, description="Environment of new connections.")
    api_url: str | None = Field(default=None, description="Accounting API address instead of Intuit's.")
    authorize_url: str | None = Field(default=None, description="Consent page address instead of Intuit's.")
    token_url: str | None = Field(default=None, description="Token endpoint instead of Intuit's.")
    revoke_url: str | None = Field(default=None, description="Revocation endpoint instead of Intuit's.")
    state_url: SecretStr | None = Field(
        default=None, description="SQLAlchemy URL of the state store; the default is SQLite in QBO_HOME."
    )
    ops_url: SecretStr | None = Field(
        default=None,
        description="SQLAlchemy URL of the operational system; the default is the sample in QBO_HOME once it is there.",
    )
    ops_files: Path | None = Field(
        default=None,
        description="Folder that the operational system's file paths start from; the default is that of its SQLite file.",
    )
    token_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        default=(),
        description="Keys that encrypt tokens, newest first, separated by commas; default QBO_HOME/token.key.",
    )
    sync_cron: str = Field(default="*/15 * * * *", description="When the schedule syncs all connections, in UTC.")
    sync_budget_seconds: int = Field(
        default=600, gt=0, description="Time one company may take in one run; what is left comes with the next."
    )
    idle_after_hours: float = Field(
        default=24, gt=0, description="The schedule asks a company less often once nothing changed in it for so long."
    )
    # The change feed looks back 30 days.
    idle_every_hours: float = Field(
        default=12,
        ge=0,
        le=600,
        description="The longest time between two scheduled syncs of an idle company.",
    )
    webhook_quiet_hours: float = Field(
        default=1,
        ge=0,
        description="A company whose webhooks work is asked as seldom as any once nothing changed for so long; 0 never.",
    )
    failure_share: float = Field(
        default=0.5, ge=0, le=1, description="A run fails when more than this share of its companies failed."
    )
    report_hours: int = Field(
        default=24, ge=0, description="Hours between a company's reports on the schedule; a sync by hand always asks."
    )
    snapshot_days: int = Field(
        default=90,
        gt=0,
        description="The restatement window: so many days back, months are computed and compared anew.",
    )
    history_days: int | None = Field(
        default=None, gt=0, description="Superseded versions are removed after so many days; the default keeps all."
    )
    run_days: int = Field(
        default=30, gt=0, description="What Dagster keeps of a run is removed after so many days; the sync log stays."
    )
    duckdb_memory_limit: str = Field(default="4GB", description="Memory DuckDB may use.")
    webhook_verifier_token: SecretStr | None = Field(
        default=None, description="Verifier token of the default app's webhooks, as its page at Intuit shows it."
    )
    trigger_token: SecretStr | None = Field(
        default=None, description="Bearer token of the gateway's /trigger; without one it starts nothing."
    )
    gateway_secret: SecretStr | None = Field(
        default=None, description="Secret people sign in to the gateway with, to look and to act."
    )
    gateway_view_secret: SecretStr | None = Field(
        default=None, description="Secret people sign in to the gateway with, to look only."
    )
    gateway_user_header: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z][A-Za-z0-9-]{0,63}$",
        description="Header in which a trusted proxy names who it signed in; instead of the gateway's secret.",
    )
    gateway_actors: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Who of those the proxy names may act, separated by commas; the others look."
    )
    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[A-Za-z0-9.:\[\]-]+/?$",
        description="The gateway's address as browsers and Intuit see it.",
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Addresses or networks of proxies whose forwarded headers are believed."
    )

    @field_validator("token_keys", mode="before")
    @classmethod
    def _split_keys(cls, value: object) -> object:
        return tuple(key.strip() for key in value.split(",") if key.strip()) if isinstance(value, str) else value

    @field_validator("gateway_actors", "trusted_proxies", mode="before")
    @classmethod
    def _split_names(cls, value: object) -> object:
        return tuple(name.strip() for name in value.split(",") if name.strip()) if isinstance(value, str) else value

    @field_validator("home")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @property
    def warehouse_path(self) -> Path:
        """The DuckDB file only the pipeline opens."""
        return self.home / "warehouse.duckdb"

    @property
    def analytics_path(self) -> Path:
        """The copy of the warehouse that analysts open."""
        return self.home / "analytics.duckdb"

    @property
    def snapshot_adjustments_path(self) -> Path:
        """The file of adjustments to monthly snapshots, where someone keeps one."""
        return self.home / "snapshot_adjustments.csv"

    @property
    def token_key_path(self) -> Path:
        """The key file used where `QBO_TOKEN_KEYS` is not set."""
        return self.home / "token.key"

    @property
    def webhook_inbox_path(self) -> Path:
        """The file that keeps webhooks until the records they tell of were read."""
        return self.home / "webhooks.db"

    @property
    def dagster_home(self) -> Path:
        """Dagster's instance directory."""
        return self.home / "dagster"

    @property
    def state_database_url(self) -> str:
        """The state store's SQLAlchemy URL; it may hold a password, so it never belongs in a message."""
        return self.state_url.get_secret_value() if self.state_url else f"sqlite:///{self.home / 'state.db'}"

    @property
    def ops_sample_path(self) -> Path:
        """Where the sample operational system is, once something made it."""
        return self.home / "ops.db"

    @property
    def ops_database_url(self) -> str | None:
        """The operational system's SQLAlchemy URL, which may hold a password; `None` where there is no such system."""
        if self.ops_url:
            return self.ops_url.get_secret_value()
        return f"sqlite:///{self.ops_sample_path}" if self.ops_sample_path.exists() else None

    def require(self, *fields: str) -> None:
        """Raise one `SettingsError` that names every one of `fields` that is not set."""
        missing = [field for field in fields if getattr(self, field) in (None, "", ())]
        if missing:
            names = [f"{variable_name(field)} ({type(self).model_fields[field].description})" for field in missing]
            raise SettingsError(
                f"Not set: {'; '.join(names)} Set them in the environment or in .env; .env.example lists all settings."
            )


def variable_name(field: str) -> str:
    """The environment variable of a field of `Settings`."""
    return f"QBO_{field.upper()}"


def read_settings() -> Settings:
    """The settings as the environment has them now; every unusable one is named at once, without its value."""
    try:
        return Settings()
    except ValidationError as error:
        problems = [f"{variable_name(str(e['loc'][0]))}: {e['msg']}" for e in error.errors(include_input=False)]
        raise SettingsError(f"Settings that cannot be used: {'; '.join(problems)}. See .env.example.") from None
