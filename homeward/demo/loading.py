"""Loads the scenario as the demo's staff would: through the import, the rooms' own actions and the worker's matching.

Every step looks first at what is there, so a loading that was killed goes on where it stood and a second one finds
nothing to do. The truth file is not read.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.db.models import Max

from homeward.access.actions import make_account
from homeward.access.models import Staff
from homeward.decisions.models import Proposal, RefusalReason
from homeward.demo import checkpoint, hotline, on_the_road, way_home
from homeward.demo.sign_ins import PASSWORD, SIGN_INS
from homeward.disclosure import actions as disclosure
from homeward.disclosure import queries as answers
from homeward.disclosure.kinds import Kind
from homeward.disclosure.models import Answer, CallOutcome, EvidenceKind, Level, ScamWave
from homeward.enquiries import actions as enquiries
from homeward.enquiries.models import Enquiry, SoughtPerson
from homeward.intake import actions as intake
from homeward.intake import queries as lists
from homeward.intake.models import Batch, Source
from homeward.intake.rows import filled_rows
from homeward.lib import paths
from homeward.lib.changes.models import Change
from homeward.matching import client
from homeward.partners import actions as partners
from homeward.partners.models import Agreement
from homeward.tracing import actions as tracing
from homeward.tracing.following import match_changes
from homeward.tracing.models import PotentialMatch, Progress
from homeward.work import NotNow

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class DemoList:
    """One file of the demo, who brings it in as whose list, and the columns that person had to name by hand."""

    file: str
    target: str
    source: str
    brought_by: str
    named_by_hand: tuple[tuple[str, str], ...] = ()


_NORTH = (("Табірний №", "own_id"), ("Особистий №", "service_number"))
LISTS = (
    DemoList("camp-north.xlsx", "register", "Camp North", "registrar", _NORTH),
    DemoList("camp-river.csv", "register", "Camp River", "registrar", (("Лагерный номер", "own_id"),)),
    DemoList("camp-hill.xls", "register", "Camp Orchard Hill", "registrar", (("Prisoner No", "own_id"),)),
    DemoList("hospital.csv", "register", "Hospital at the Old Mill", "registrar", (("Номер картки", "own_id"),)),
    DemoList("enquiries-east.csv", "enquiries", "Families' Committee East", "partner", (("Розшук", "case"),)),
    DemoList("enquiries-west.ods", "enquiries", "Helpline West", "partner", (("File", "case"),)),
)  # fmt: skip

# A step: what it is called while it runs, and the work, which says how much is done of how much.
Told = Callable[[int, int], None]
Step = tuple[str, Callable[[Told], None]]


class MatcherNeeded(Exception):
    """Nothing is matched, for no matcher answers."""


def steps() -> Iterator[Step]:
    """Everything, in order."""
    yield "Staff of the demo", make_staff
    for each in LISTS:
        yield f"List {each.file}", lambda told, each=each: bring_in(each, told)  # type: ignore[misc]
    yield "Enquiries about the same man", join_cases
    yield "Matching both sides", match_everything
    yield "Some days of work", work_some_days
    yield "Some on their way home", way_home.some_in_each_state
    yield "Families on the road", on_the_road.some_journeys
    yield "Kinship, papers, partners, scams", show_what_leaves
    yield "Some passes", checkpoint.some_passes
    yield "Some calls", hotline.some_calls


def is_training_folder() -> bool:
    """Whether the data folder is marked for training, and so may hold invented people."""
    return _mark().exists()


def mark_training_folder() -> None:
    """The data folder is for training from now on, for its whole life."""
    _mark().touch()


def is_loaded() -> bool:
    """Whether an earlier loading came to its end; what people changed since is left as it is."""
    return _mark().exists() and _mark().read_text().strip() == "loaded"


def mark_loaded() -> None:
    """From now on a start leaves the scenario alone."""
    _mark().write_text("loaded\n")


def _mark() -> Path:
    return paths.home() / "training"


# --- the steps -----------------------------------------------------------------------------------------------------


def make_staff(told: Told) -> None:
    """One account for each role."""
    for done, each in enumerate(SIGN_INS, 1):
        if not Staff.objects.filter(username=each.username).exists():
            make_account(each.username, name=each.name, roles=each.roles, password=PASSWORD, by=None)
        told(done, len(SIGN_INS))


def bring_in(each: DemoList, told: Told) -> None:
    """The file through the same import that people use; a batch that was cut off goes on."""
    by = Staff.objects.get(username=each.brought_by)
    content = (HERE / "lists" / each.file).read_bytes()
    source = intake.source_called(each.source, target=each.target, by=by)
    digest = hashlib.sha256(content).hexdigest()
    if Batch.objects.filter(source=source, sha256=digest, state=Batch.State.DONE).exists():
        return
    batch = intake.unfinished(digest, source)
    if batch is None:
        batch = intake.receive([content], each.file, target=each.target, by=by, source=source)
    if batch.state == Batch.State.LOOKED_AT:
        batch = intake.confirm_columns(batch, _columns(batch, each), source=source, by=by)
    if batch.state != Batch.State.RUNNING:
        batch = intake.start(batch, by=by, in_background=False)
    intake.run(batch, progress=lambda current: told(current.rows_done, current.rows_total))


def _columns(batch: Batch, each: DemoList) -> list[str]:
    """The guessed columns with those the person names herself, as on the page of columns."""
    columns = list(batch.columns)
    header = [cell.strip() for cell in lists.header_of(batch)]
    for title, field in each.named_by_hand:
        columns = ["" if code == field else code for code in columns]
        columns[header.index(title)] = field
    return columns


def join_cases(told: Told) -> None:
    """Both partners call a man by the number of his case: each one's enquiries came in as one man, a tracer joins the two."""
    by = Staff.objects.get(username="tracer")
    cases: dict[str, list[int]] = defaultdict(list)
    partners = [each.source for each in LISTS if each.target == "enquiries"]
    filed = Enquiry.objects.filter(partner__name__in=partners, partner_number__isnull=False)
    for number, sought in filed.order_by("partner_number").values_list("partner_number", "sought_id"):
        case = cases[str(number).split("/")[0]]
        if sought not in case:
            case.append(sought)
    men = SoughtPerson.objects.in_bulk([sought for case in cases.values() for sought in case])
    done = 0
    for some in _in_parts(list(cases.values()), 20):
        # One transaction for some cases: each joining alone would wait for the disk.
        with transaction.atomic():
            for first, *others in some:
                for other in others:
                    enquiries.join_sought_persons(men[first], men[other], by=by)
        done += len(some)
        told(done, len(cases))


def _in_parts(cases: list[list[int]], size: int) -> Iterator[list[list[int]]]:
    for start in range(0, len(cases), size):
        yield cases[start : start + size]


def match_everything(told: Told) -> None:
    """Until the change log has been matched to its end: by the worker, or here where no worker runs."""
    # Each side has its own place in the log.
    last = 2 * (Change.objects.aggregate(last=Max("number"))["last"] or 0)
    at, moved_at, alone = -1, time.monotonic(), False
    while at < last:
        now = sum(Progress.objects.values_list("number", "sought_number").first() or ())
        if now != at:
            at, moved_at = now, time.monotonic()
            told(min(at, last), last)
            continue
        waited = time.monotonic() - moved_at
        # The first start of a matcher compiles its kernels: half a minute, more on a busy machine.
        if waited > 240 and not _matcher_answers():
            raise MatcherNeeded
        # A worker takes a step in far less than this; two taking the same one would do no harm.
        if (alone or waited > 3) and _matched_a_step():
            alone = True
            continue
        time.sleep(0.1)


def _matched_a_step() -> bool:
    try:
        return match_changes()
    except NotNow:
        return False


def _matcher_answers() -> bool:
    try:
        return client.status().loaded
    except client.MatcherAway:
        return False


# --- some days of work ---------------------------------------------------------------------------------------------

QUESTIONS_TO_FAMILIES = (
    "Чи має він шрам над лівою бровою? Чи носив він каблучку?",
    "Есть ли у него татуировка, и какая?",
    "Якого він зросту? Чи носить він окуляри?",
)
QUESTIONS_TO_REGISTRARS = (
    "Does the card show his patronymic? The list gives only an initial.",
    "Is the day of birth on the card really as in the list?",
    "Which unit did he name on arrival?",
)


def work_some_days(told: Told) -> None:
    """A few judgements of each kind, so that every worklist shows something; most pairs are left open."""
    script: dict[str, list[list[str]]] = json.loads((HERE / "days.json").read_text(encoding="utf-8"))
    pairs = Pairs()
    staff = {each.username: Staff.objects.get(username=each.username) for each in SIGN_INS}
    todo: list[tuple[str, int, PotentialMatch]] = [
        (kind, place, match)
        for kind in ("not_the_same", "confirmed", "said_same", "ask_family", "ask_registrar")
        for place, (case, source, number) in enumerate(script[kind])
        if (match := pairs.match(case, source, number)) is not None
    ]
    told_of = [(kind, case) for kind in ("answered", "proposed", "refused") for case, *_row in script[kind]]
    whole = len(todo) + len(told_of)
    for done, (kind, place, match) in enumerate(todo, 1):
        # Whatever was said of a pair, also what was taken back, stays: this is only for pairs nobody has touched.
        if kind == "confirmed" and match.same_said_by_id is not None and match.same_confirmed_by_id is None:
            tracing.confirm_same(match, version=match.version, by=staff["verifier"])
        elif not match.judgements.exists():
            _judge(kind, place, match, staff)
        told(done, whole)
    for done, (kind, case) in enumerate(told_of, len(todo) + 1):
        enquiry = pairs.enquiry(case)
        if enquiry is not None:
            _answer(kind, enquiry, staff)
        told(done, whole)


def _judge(kind: str, place: int, match: PotentialMatch, staff: dict[str, Staff]) -> None:
    if kind == "not_the_same":
        tracing.say_not_the_same(
            match, version=match.version, note="Another birthplace, another father.", by=staff["tracer"]
        )
    elif kind == "ask_family":
        question = QUESTIONS_TO_FAMILIES[place % len(QUESTIONS_TO_FAMILIES)]
        tracing.say_unsure(match, version=match.version, ask_family=question, by=staff["tracer"])
    elif kind == "ask_registrar":
        question = QUESTIONS_TO_REGISTRARS[place % len(QUESTIONS_TO_REGISTRARS)]
        tracing.say_unsure(match, version=match.version, ask_registrar=question, by=staff["tracer"])
    else:
        match = tracing.say_same(match, version=match.version, by=staff["tracer"])
        if kind == "confirmed":
            tracing.confirm_same(match, version=match.version, by=staff["verifier"])


def _answer(kind: str, enquiry: Enquiry, staff: dict[str, Staff]) -> None:
    possible = answers.proposable(enquiry)
    if possible is None:
        return
    proposal = Proposal.objects.filter(kind=answers.PROPOSAL_KIND, subject=enquiry.reference).order_by("-pk").first()
    if proposal is None:
        _establish_kinship(enquiry, staff)
        proposal = disclosure.propose_answer(enquiry, kind=possible.kinds[0], by=staff["caseworker"])
    if proposal.approved_at or proposal.refused_at or proposal.voided_at or kind == "proposed":
        return
    if kind == "refused":
        note = "His mother asked not to be told before her daughter is with her. Ask when that is."
        disclosure.refuse_answer(proposal, reason=RefusalReason.NOT_NOW, note=note, by=staff["approver"])
        return
    answer = disclosure.approve_answer(proposal, payload_hash=proposal.payload_hash, by=staff["approver"])
    if answer.kind == Kind.CALL:
        disclosure.note_call(answer, outcome=CallOutcome.NOT_REACHED, by=staff["caseworker"])


def _establish_kinship(enquiry: Enquiry, staff: dict[str, Staff]) -> None:
    """Two kin verifiers check a document, so that the family may be told."""
    if answers.kinship_level(enquiry) >= Level.VERIFIED:
        return
    proposal = Proposal.objects.filter(kind=answers.LEVEL_KINDS[2], subject=enquiry.reference).order_by("-pk").first()
    if proposal is None:
        what = "Birth certificate and both passports; the names and the dates agree."
        disclosure.add_evidence(enquiry, kind=EvidenceKind.DOCUMENTS, what=what, by=staff["kin"])
        proposal = disclosure.propose_level(enquiry, level=Level.VERIFIED, by=staff["kin"])
    disclosure.approve_level(proposal, payload_hash=proposal.payload_hash, by=staff["kinsecond"])


SCAMS = (
    "Добрий день, пані Маріє! Ваш син у полоні. Щоб його внесли до списку на обмін, перекажіть 15000 грн на картку сьогодні.",
    "Добрий день, пані Ольго! Ваш син у полоні. Щоб його внесли до списку на обмін, перекажіть 22500 грн на картку сьогодні.",
    "Добрий день, пані Ганно! Ваш син у полоні. Щоб його внесли до списку на обмін, перекажіть 9 000 грн на картку сьогодні.",
    "Hello, I am a doctor of the hospital where your brother is treated. Send 300 dollars for his medicine by tonight.",
)
WARNING = {
    "uk": "Родинам пишуть, що за гроші сина внесуть до списку на обмін. Це шахрайство. Не платіть і не відповідайте, повідомте нам.",
    "ru": "Семьям пишут, что за деньги сына внесут в список на обмен. Это мошенничество. Не платите и не отвечайте, сообщите нам.",
    "en": "Families are told that a son is put on an exchange list for money. It is fraud. Do not pay or answer; tell us.",
    "fr": "On écrit aux familles qu’un fils sera mis sur une liste d’échange contre de l’argent. C’est une escroquerie. Ne payez "
    "pas, ne répondez pas, dites-le-nous.",
}


def show_what_leaves(told: Told) -> None:
    """A paper, a level that waits, a partner's agreement, and a wave of scam texts with its warning."""
    staff = {each.username: Staff.objects.get(username=each.username) for each in SIGN_INS}
    cleo, abel, kin = staff["caseworker"], staff["approver"], staff["kin"]
    if not ScamWave.objects.exists():
        reports = [disclosure.report_scam(text, language="uk") for text in SCAMS]
        wave = reports[0].wave
        warning = disclosure.propose_warning(wave, texts=WARNING, by=cleo)
        disclosure.approve_warning(warning, payload_hash=warning.payload_hash, by=abel)
    told(1, 4)
    if not Agreement.objects.exists():
        partners.agree(
            LISTS[-1].source, desk="1", a_minute=120, a_day=2000, is_open=True, receives_records=True,
            by=staff["administrator"],
        )  # fmt: skip
    told(2, 4)
    kept = [Kind.IN_CAPTIVITY, Kind.IN_HOSPITAL]
    answered = Answer.objects.filter(kind__in=kept, withdrawn_at__isnull=True).select_related("enquiry__sought").first()
    if answered is not None and not Proposal.objects.filter(kind=answers.paper_kind("captivity")).exists():
        paper = disclosure.propose_captivity_paper(answered.enquiry, by=cleo)
        disclosure.approve_paper(paper, payload_hash=paper.payload_hash, by=abel)
    told(3, 4)
    waiting = answers.kinship_waiting(kin).first()
    if waiting is not None and not answers.kinship_proposals().exists() and not _proposed_once():
        what = "Birth certificate, shown at the desk; her passport bears the maiden name on it."
        disclosure.add_evidence(waiting, kind=EvidenceKind.DOCUMENTS, what=what, by=kin)
        disclosure.propose_level(waiting, level=Level.VERIFIED, by=kin)
    told(4, 4)


def _proposed_once() -> bool:
    """Whether somebody other than the scenario has proposed levels since, or the scenario has left one to expire."""
    return Proposal.objects.filter(kind=answers.LEVEL_KINDS[2], approved_at__isnull=True).exists()


class Pairs:
    """Finds a pair by the numbers that the partners and the camps gave."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str], str] = {}
        for each in LISTS:
            if each.target == "register":
                self._read(each)

    def _read(self, each: DemoList) -> None:
        """Which entry each numbered row of this list became: read again from the kept list, as the import reads it."""
        source = Source.objects.get(target=each.target, name=each.source)
        batch = Batch.objects.filter(source=source, state=Batch.State.DONE).order_by("pk").first()
        if batch is None:
            return
        reader = lists.reader_for(batch)
        rows = filled_rows(lists.opened(batch).rows(batch.sheet or ""), batch.header_row)
        read = [row for row, reason in map(reader.read, rows) if not reason]
        known = lists.known_rows(source, read)
        stem = each.file.partition(".")[0]
        for row in read:
            if row.key in known:
                self._entries.setdefault((stem, row.text("own_id")), known[row.key].reference)

    def enquiry(self, case: str) -> Enquiry | None:
        """The first contact of a case."""
        found = Enquiry.objects.filter(partner_number__startswith=f"{case}/", withdrawn_at__isnull=True)
        return found.select_related("sought").order_by("partner_number").first()

    def entry(self, source: str, number: str) -> str | None:
        """The reference of the entry which that row of that list became."""
        return self._entries.get((source, number))

    def match(self, case: str, source: str, number: str) -> PotentialMatch | None:
        """The potential match of the case's man with that row; None where the matcher did not propose it."""
        enquiry = self.enquiry(case)
        entry = self.entry(source, number)
        if enquiry is None or entry is None:
            return None
        return PotentialMatch.objects.filter(sought=enquiry.sought_id, entry__reference=entry).first()
