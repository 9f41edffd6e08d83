"""Settings of both sites and of every process. Each variable read from the environment is in docs/settings.md.

A missing or wrong setting stops the start with one line that says which and why.
"""

import os
import secrets
import sys
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from homeward.lib import keys, paths

ROOT = paths.ROOT
HOME = paths.home()
SITE = os.environ.get("HOMEWARD_SITE", "staff")
if SITE not in ("staff", "family"):
    raise ImproperlyConfigured(f"HOMEWARD_SITE is {SITE!r}; it must be staff or family")

# In training the scenario is loaded: pages say so, and a second factor is not asked for.
TRAINING = (HOME / "training").exists()
# Where the source of what runs here is offered (AGPL-3.0, section 13); the sites themselves serve it unless said.
SOURCE = os.environ.get("HOMEWARD_SOURCE", "")
if SOURCE and not SOURCE.startswith(("https://", "http://")):
    raise ImproperlyConfigured(f"HOMEWARD_SOURCE is {SOURCE!r}; it must be an address that begins with https://")
PRODUCTION = os.environ.get("HOMEWARD_PRODUCTION", "") == "1"
TESTING = "pytest" in sys.modules
DEBUG = False
if PRODUCTION and TRAINING:
    raise ImproperlyConfigured("HOMEWARD_PRODUCTION is 1 but the data folder holds the training scenario")

if not PRODUCTION and keys.zone() == "command":
    keys.make_keyring()
if PRODUCTION and keys.zone() == "family" and os.access(keys.folder() / "register.key", os.R_OK):
    raise ImproperlyConfigured("the family site can read register.key: take that right from its system user")
_signing = Path(os.environ.get("HOMEWARD_SIGNER_KEYS") or keys.folder() / "signing.json")
if PRODUCTION and keys.zone() in ("family", "staff", "worker", "matcher") and os.access(_signing, os.R_OK):
    raise ImproperlyConfigured(
        f"the {keys.zone()} process can read the signing key: give it to the signer's system user only"
    )
# A process that serves no pages has no sessions to sign.
SECRET_KEY = keys.key("session", "django").hex() if keys.may_hold("session") else secrets.token_hex(32)

_hosts = os.environ.get("HOMEWARD_HOSTS", "")
ALLOWED_HOSTS = [host for host in _hosts.split(",") if host] or ["127.0.0.1", "localhost", "[::1]"]
if TESTING:
    ALLOWED_HOSTS.append("testserver")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in _hosts.split(",") if host]

ROOMS = [
    "homeward.lib.changes",
    "homeward.audit",
    "homeward.work",
    "homeward.access",
    "homeward.decisions",
    "homeward.signer",
    "homeward.channels",
    "homeward.contact",
    "homeward.matching",
    "homeward.intake",
    "homeward.register",
    "homeward.enquiries",
    "homeward.tracing",
    "homeward.disclosure",
    "homeward.partners",
    "homeward.returns",
    "homeward.correspondence",
    "homeward.journeys",
    "homeward.checkpoint",
    "homeward.handover",
    "homeward.calls",
    "homeward.hotline",
    "homeward.worklists",
    "homeward.oversight",
    "homeward.demo",
]
ROOMS = [room for room in ROOMS if (ROOT / room.replace(".", "/") / "apps.py").exists()]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    *ROOMS,
    "homeward.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "homeward.access.middleware.HeadersMiddleware",
    "homeward.access.middleware.NoNullMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "homeward.access.middleware.StillHereMiddleware",
    "homeward.access.middleware.StaffLanguageMiddleware",
    "homeward.access.middleware.SecondFactorMiddleware",
    "homeward.access.middleware.GuardMiddleware",
    "homeward.access.middleware.RefusalMiddleware",
]

ROOT_URLCONF = f"homeward.config.urls_{SITE}"
WSGI_APPLICATION = "homeward.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "homeward" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "homeward.config.context.house",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
TEST_RUNNER = "django.test.runner.DiscoverRunner"

_url = os.environ.get("DATABASE_URL") or f"sqlite:///{HOME / 'homeward.sqlite3'}"
DATABASES = {"default": dj_database_url.parse(_url, conn_max_age=600)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE is what cures "database is locked"; FULL is what survives a power cut.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"
            # Not trusted_schema=OFF: it forbids the JSON_VALID() checks of JSON columns on this SQLite.
            "PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY;"
            # Many threads wait on the family site, each with a connection of its own.
            f"PRAGMA journal_size_limit=67108864; PRAGMA cache_size={-8192 if SITE == 'family' else -65536};"
            # A migration that rebuilds a table must not fail over triggers of others that name it.
            "PRAGMA legacy_alter_table=ON;"
        ),
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.Staff"
AUTHENTICATION_BACKENDS = [
    "homeward.access.backends.StaffBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "homeward.access.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
# Limits per address and name; a name is slowed, never locked out.
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/300s/key"}
MFA_ADAPTER = "homeward.access.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Homeward"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"

# Two sites, two cookies: a session of one is nothing to the other.
_PREFIX = "__Host-" if PRODUCTION else ""
SESSION_COOKIE_NAME = f"{_PREFIX}homeward_{SITE}"
CSRF_COOKIE_NAME = f"{_PREFIX}homeward_{SITE}_csrf"
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
# Gone with the browser: nothing of the house stays on a telephone for a year.
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "homeward.config.views.forged_or_stale"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
# Families: as long as a draft is kept; whoever came back is let out earlier by the guard (enquiries/family.py).
SESSION_COOKIE_AGE = 2 * 3600 if SITE == "family" else 8 * 3600 if TRAINING else 15 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 63072000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
# Not no-referrer: with it browsers send forms with "Origin: null", which the check against forged forms refuses.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # the one-time-code square of the sign-in library
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LANGUAGE_CODE = "en"
# Staff work in two languages; families read in four. Commands know all, since they write to families.
_STAFF_LANGUAGES = [("en", "English"), ("uk", "Українська")]
FAMILY_LANGUAGES = [("uk", "Українська"), ("ru", "Русский"), ("en", "English"), ("fr", "Français")]
LANGUAGES = _STAFF_LANGUAGES if SITE == "staff" and keys.zone() == "staff" else FAMILY_LANGUAGES
LOCALE_PATHS = [ROOT / "homeward" / "locale"]
LANGUAGE_COOKIE_NAME = f"homeward_{SITE}_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("HOMEWARD_TIME_ZONE", "Europe/Kyiv")

# How the bureau calls itself towards families, how they reach it, and whose desk takes what they ask themselves.
BUREAU_NAME = os.environ.get("HOMEWARD_BUREAU_NAME", "")
BUREAU_TELEPHONE = os.environ.get("HOMEWARD_BUREAU_TELEPHONE", "")
FAMILY_DESK = os.environ.get("HOMEWARD_FAMILY_DESK", "1")

STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "homeward" / "static"]
STATIC_ROOT = Path(os.environ.get("HOMEWARD_STATIC") or HOME / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING
WHITENOISE_AUTOREFRESH = TESTING

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_TEMP_DIR = None
if SITE == "family":
    FILE_UPLOAD_HANDLERS = ["homeward.enquiries.uploads.InMemory"]
FILE_UPLOAD_PERMISSIONS = 0o600

# Records one person may open (SECURITY.md row 3).
READING_HOUR = int(os.environ.get("HOMEWARD_READING_HOUR", "60"))
READING_DAY = int(os.environ.get("HOMEWARD_READING_DAY", "250"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "homeward": {"level": "INFO"},
        # Its records carry the whole request with the person's input; ours (access.middleware) carry a number.
        "django.request": {"level": "CRITICAL"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
