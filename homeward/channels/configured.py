"""Which channels this house has, from its settings. Secrets are read from files and never stand in the environment."""

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from homeward.channels.carrying import Carrier, Channel


def _secret(name: str) -> str:
    path = os.environ.get(name, "")
    if not path:
        return ""
    try:
        return Path(path).read_text().strip()
    except OSError as fault:
        raise ImproperlyConfigured(f"{name} names a file that cannot be read ({type(fault).__name__})") from fault


def _host_and_port(name: str, default_port: int) -> tuple[str, int]:
    host, _, port = os.environ[name].rpartition(":")
    if not host:
        return port, default_port
    if not port.isdigit():
        raise ImproperlyConfigured(f"{name} must be host:port")
    return host, int(port)


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """How the bot is reached; without a webhook it asks for updates itself."""

    token: str
    api: str = ""
    webhook: str = ""
    webhook_secret: str = ""
    webhook_bind: str = "127.0.0.1:8002"


def telegram() -> TelegramSettings | None:
    """The bot's settings; None where no token is given."""
    token = _secret("HOMEWARD_TELEGRAM_TOKEN_FILE")
    if not token:
        return None
    webhook, secret = os.environ.get("HOMEWARD_TELEGRAM_WEBHOOK", ""), _secret("HOMEWARD_TELEGRAM_WEBHOOK_SECRET_FILE")
    if webhook and len(secret) < 16:
        raise ImproperlyConfigured("HOMEWARD_TELEGRAM_WEBHOOK_SECRET_FILE must hold at least 16 characters")
    return TelegramSettings(
        token,
        os.environ.get("HOMEWARD_TELEGRAM_API", ""),
        webhook,
        secret,
        os.environ.get("HOMEWARD_TELEGRAM_WEBHOOK_BIND", "127.0.0.1:8002"),
    )


@lru_cache(maxsize=1)
def carriers() -> dict[str, Carrier]:
    """The channels the worker itself speaks. Telegram has a process of its own."""
    found: dict[str, Carrier] = {}
    if os.environ.get("HOMEWARD_SMPP"):
        from homeward.channels.sms.carrier import SmppCarrier

        host, port = _host_and_port("HOMEWARD_SMPP", 2775)
        found[Channel.SMS] = SmppCarrier(
            host,
            port,
            user=os.environ.get("HOMEWARD_SMPP_USER", ""),
            password=_secret("HOMEWARD_SMPP_PASSWORD_FILE"),
            sender=os.environ.get("HOMEWARD_SMPP_FROM", ""),
        )
    if os.environ.get("HOMEWARD_SMTP"):
        from homeward.channels.email.carrier import SmtpCarrier

        host, port = _host_and_port("HOMEWARD_SMTP", 25)
        found[Channel.EMAIL] = SmtpCarrier(
            host,
            port,
            user=os.environ.get("HOMEWARD_SMTP_USER", ""),
            password=_secret("HOMEWARD_SMTP_PASSWORD_FILE"),
            sender=os.environ.get("HOMEWARD_SMTP_FROM", ""),
            encrypted=os.environ.get("HOMEWARD_SMTP_TLS", "1") == "1",
        )
    return found


def available() -> frozenset[str]:
    """The channels on which something can leave the house now."""
    return frozenset(carriers()) | (frozenset({str(Channel.TELEGRAM)}) if telegram() else frozenset())


def family_address() -> str:
    """The address of the family site as families are told it; "" where none is set."""
    return os.environ.get("HOMEWARD_FAMILY_ADDRESS", "")
