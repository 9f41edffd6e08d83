"""The demo's staff: one person for each role. Their password is no secret, for all they can see is invented."""

from typing import NamedTuple


class SignIn(NamedTuple):
    """Somebody of the demo's staff."""

    username: str
    name: str
    roles: tuple[str, ...]
    does: str


PASSWORD = "training-house"  # noqa: S105  printed at every start; training data only, see docs/decisions/0006

SIGN_INS = (
    SignIn("registrar", "Rosa Lind", ("registrar",), "brings in lists, keeps the register"),
    SignIn("operator", "Otto Brandt", ("operator",), "files enquiries while the family is on the line"),
    SignIn("supervisor", "Sanna Rook", ("hotline_supervisor",), "leads the hotline, hears spoken messages"),
    SignIn("psychologist", "Petra Lund", ("psychologist",), "calls those who are in distress"),
    SignIn("partner", "Pia Castel", ("partner_clerk",), "brings in the referrals of partner organisations"),
    SignIn("tracer", "Tomas Varga", ("tracer",), "judges pairs"),
    SignIn("verifier", "Vera Holm", ("verifier",), "is the second person who confirms"),
    SignIn("kin", "Kira Salo", ("kin_verifier",), "establishes who the enquirer is to him"),
    SignIn("kinsecond", "Lars Aune", ("kin_verifier",), "is the second kin verifier"),
    SignIn("caseworker", "Cleo Marsh", ("case_worker",), "proposes answers, calls families"),
    SignIn("approver", "Abel Nyman", ("approver",), "decides what a family is told"),
    SignIn("messenger", "Mira Falk", ("messenger",), "writes one neutral text to many families"),
    SignIn("returns", "Rhea Lange", ("return_officer",), "writes release lists, asks the men, invites families"),
    SignIn("release", "Rune Dahl", ("release_approver",), "decides release lists"),
    SignIn(
        "checkpoint", "Nils Moravec", ("checkpoint_officer",), "makes the day's list, checks passes without a network"
    ),
    SignIn("handover", "Hana Berg", ("handover_officer",), "receives families, plans convoys, hands over"),
    SignIn("handover2", "Ivo Lund", ("handover_officer",), "is the second officer of a handover"),
    SignIn("escort", "Edda Moen", ("escort",), "rides with the convoy"),
    SignIn("coordinator", "Jana Reiter", ("journey_coordinator",), "plans journeys, sees who is where"),
    SignIn("auditor", "Una Reed", ("auditor",), "reads the audit log"),
    SignIn("administrator", "Adam Stone", ("administrator",), "keeps accounts and background work"),
)


def lines() -> list[str]:
    """The table that is printed when the house starts."""
    rows = [f"  {each.username:<14} {each.name:<13} {each.does}" for each in SIGN_INS]
    return [
        "",
        f"Training: everything is invented. Sign in on the staff site; the password of all is {PASSWORD}",
        *rows,
        "",
    ]
