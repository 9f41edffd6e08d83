"""The roles, as data: code, name, what each may do. The guard test walks every page as every role over this table."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from homeward.access.rights import Right


@dataclass(frozen=True, slots=True)
class Role:
    """A role of the bureau and its rights."""

    code: str
    label: str | Promise
    rights: frozenset[Right]


def _role(code: str, label: str | Promise, *rights: Right) -> Role:
    return Role(code, label, frozenset(rights))


ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        _role(
            "operator",
            _("Hotline operator"),
            Right.CALLS_ANSWER,
            Right.ENQUIRIES_FILE,
            Right.MESSAGES_CALL,
            Right.JOURNEYS_CHECK_IN,
        ),
        _role("hotline_supervisor", _("Hotline supervisor"), Right.CALLS_SUPERVISE, Right.CALLS_LISTEN),
        _role("psychologist", _("Psychologist"), Right.CALLS_CARE),
        _role(
            "trained_caller",
            _("Trained caller"),
            Right.ENQUIRIES_READ,
            Right.ENQUIRIES_CONTACTS,
            Right.DISCLOSURE_CALL,
        ),
        _role("partner_clerk", _("Partner clerk"), Right.ENQUIRIES_FILE, Right.ENQUIRIES_IMPORT),
        _role("registrar", _("Registrar"), Right.REGISTER_READ, Right.REGISTER_WRITE, Right.REGISTER_IMPORT),
        _role(
            "tracer",
            _("Tracer"),
            Right.REGISTER_READ,
            Right.ENQUIRIES_READ,
            Right.ENQUIRIES_JOIN,
            Right.TRACING_READ,
            Right.TRACING_JUDGE,
        ),
        _role(
            "verifier",
            _("Verifier"),
            Right.REGISTER_READ,
            Right.ENQUIRIES_READ,
            Right.ENQUIRIES_JOIN,
            Right.TRACING_READ,
            Right.TRACING_JUDGE,
            Right.TRACING_CONFIRM,
        ),
        _role(
            "kin_verifier",
            _("Kin verifier"),
            Right.ENQUIRIES_READ,
            Right.ENQUIRIES_CONTACTS,
            Right.ENQUIRIES_DOCUMENTS,
            Right.KINSHIP_READ,
            Right.KINSHIP_VERIFY,
        ),
        _role(
            "case_worker",
            _("Case worker"),
            Right.REGISTER_READ,
            Right.ENQUIRIES_FILE,
            Right.ENQUIRIES_READ,
            Right.ENQUIRIES_CONTACTS,
            Right.ENQUIRIES_DOCUMENTS,
            Right.ENQUIRIES_JOIN,
            Right.TRACING_READ,
            Right.KINSHIP_READ,
            Right.KINSHIP_STATEMENT,
            Right.SCAMS_READ,
            Right.DISCLOSURE_READ,
            Right.DISCLOSURE_PROPOSE,
            Right.DISCLOSURE_CALL,
        ),
        _role(
            "approver",
            _("Approver"),
            Right.REGISTER_READ,
            Right.ENQUIRIES_READ,
            Right.TRACING_READ,
            Right.DISCLOSURE_READ,
            Right.DISCLOSURE_APPROVE,
            Right.SCAMS_READ,
            Right.MESSAGES_READ,
            Right.MESSAGES_APPROVE,
        ),
        _role(
            "return_officer",
            _("Return officer"),
            Right.REGISTER_READ,
            Right.RETURNS_READ,
            Right.RETURNS_PROPOSE,
            Right.RETURNS_WISH,
            Right.CHECKPOINT_READ,
            Right.CHECKPOINT_PROPOSE,
        ),
        _role(
            "release_approver",
            _("Release approver"),
            Right.REGISTER_READ,
            Right.RETURNS_READ,
            Right.RETURNS_APPROVE,
            Right.CHECKPOINT_READ,
            Right.CHECKPOINT_APPROVE,
        ),
        _role("checkpoint_officer", _("Checkpoint officer"), Right.CHECKPOINT_KIT),
        _role(
            "handover_officer",
            _("Handover officer"),
            Right.RETURNS_READ,
            Right.RETURNS_WISH,
            Right.HANDOVER_READ,
            Right.HANDOVER_RECEIVE,
            Right.HANDOVER_RECORD,
        ),
        _role("escort", _("Escort"), Right.HANDOVER_READ, Right.HANDOVER_ESCORT),
        _role(
            "messenger",
            _("Communication officer"),
            Right.MESSAGES_READ,
            Right.MESSAGES_PROPOSE,
            Right.MESSAGES_CALL,
        ),
        _role(
            "journey_coordinator",
            _("Journey coordinator"),
            Right.JOURNEYS_READ,
            Right.JOURNEYS_COORDINATE,
            Right.JOURNEYS_CHECK_IN,
            Right.NETWORK_KEEP,
        ),
        _role("auditor", _("Auditor"), Right.AUDIT_READ),
        _role("administrator", _("Administrator"), Right.STAFF_MANAGE, Right.WORK_MANAGE, Right.PARTNERS_MANAGE),
    )
}

# One person never holds both of a pair: who brings in the data or the proposal is not who lets it out, and who grants
# roles sees no case (SECURITY.md §3.2).
CONFLICTS: tuple[tuple[str, str], ...] = (
    ("verifier", "approver"),
    ("registrar", "approver"),
    ("case_worker", "approver"),
    ("kin_verifier", "approver"),
    ("messenger", "approver"),
    ("trained_caller", "approver"),
    ("kin_verifier", "registrar"),
    ("return_officer", "release_approver"),
    ("verifier", "release_approver"),
    ("registrar", "release_approver"),
    ("handover_officer", "release_approver"),
    ("checkpoint_officer", "release_approver"),
    *(("administrator", code) for code in ROLES if code not in ("administrator", "auditor")),
)


def rights_of(codes: list[str]) -> frozenset[Right]:
    """All rights the roles give together; an unknown code gives none."""
    return frozenset().union(*(ROLES[code].rights for code in codes if code in ROLES))


def conflict_in(codes: list[str]) -> tuple[str, str] | None:
    """A pair of roles in the list that no one person may hold together, or None."""
    return next((pair for pair in CONFLICTS if set(pair) <= set(codes)), None)
