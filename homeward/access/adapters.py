"""How the sign-in library behaves in this house: no sign-up, seeds sealed, no e-mail."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from homeward.lib import sealed


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by the administrator, never by whoever finds the page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Staff get no mail: the house tells outside channels nothing."""


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Seeds of one-time codes lie sealed in the database."""

    def encrypt(self, text: str) -> str:
        """Sealed under the staff key class."""
        return sealed.seal(text.encode(), key_class="staff", purpose="mfa", about="authenticator").hex()

    def decrypt(self, encrypted_text: str) -> str:
        """The seed again."""
        value = bytes.fromhex(encrypted_text)
        return sealed.unseal(value, key_class="staff", purpose="mfa", about="authenticator").decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys are bound to the address the staff site is opened under."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": "Homeward"}
