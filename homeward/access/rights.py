"""The single rights that roles are made of."""

from enum import StrEnum


class Right(StrEnum):
    """One thing a member of staff may do or see; a role is a set of these (SECURITY.md §3.2)."""

    REGISTER_READ = "register.read"
    REGISTER_WRITE = "register.write"
    REGISTER_IMPORT = "register.import"
    ENQUIRIES_FILE = "enquiries.file"
    ENQUIRIES_READ = "enquiries.read"
    ENQUIRIES_CONTACTS = "enquiries.contacts"
    ENQUIRIES_JOIN = "enquiries.join"
    ENQUIRIES_IMPORT = "enquiries.import"
    TRACING_READ = "tracing.read"
    TRACING_JUDGE = "tracing.judge"
    TRACING_CONFIRM = "tracing.confirm"
    DISCLOSURE_READ = "disclosure.read"
    DISCLOSURE_PROPOSE = "disclosure.propose"
    DISCLOSURE_APPROVE = "disclosure.approve"
    DISCLOSURE_CALL = "disclosure.call"
    RETURNS_READ = "returns.read"
    RETURNS_PROPOSE = "returns.propose"
    RETURNS_APPROVE = "returns.approve"
    RETURNS_WISH = "returns.wish"
    HANDOVER_READ = "handover.read"
    HANDOVER_RECEIVE = "handover.receive"
    HANDOVER_RECORD = "handover.record"
    HANDOVER_ESCORT = "handover.escort"
    AUDIT_READ = "audit.read"
    WORK_MANAGE = "work.manage"
    STAFF_MANAGE = "staff.manage"
