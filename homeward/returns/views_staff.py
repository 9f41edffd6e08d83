"""Pages on which releases are decided, he is asked, the family is invited; and those for the dead."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from homeward.access import reading
from homeward.access.guards import SignedInRequest, requires
from homeward.access.models import Staff
from homeward.access.rights import Right
from homeward.audit.queries import history_of
from homeward.decisions.models import Proposal
from homeward.decisions.queries import open_proposals
from homeward.disclosure import actions as disclosure
from homeward.enquiries.models import Enquiry
from homeward.enquiries.queries import enquiries_visible_to
from homeward.lib.refusals import Refusal
from homeward.register.models import Entry
from homeward.register.queries import lines_of
from homeward.returns import actions, effects, papers, queries
from homeward.returns import dead as the_dead
from homeward.returns import notices as to_agency
from homeward.returns.actions import Terms
from homeward.returns.deeds import Deed
from homeward.returns.forms import (
    BeginForm,
    ChooseForm,
    ComerFormSet,
    DeathForm,
    DecideForm,
    FitnessForm,
    GiveForm,
    ListForm,
    ManForm,
    PacketForm,
    RefuseForm,
    SentForm,
    StopForm,
    ThingFormSet,
    WishForm,
)
from homeward.returns.models import (
    ENDED,
    DeathRecordKind,
    Fitness,
    Notice,
    Packet,
    Release,
    Remains,
    Return,
    Says,
    State,
    Way,
)
from homeward.tracing.models import MatchState, PotentialMatch

SHOWN = 200


def _pdf(content: bytes) -> HttpResponse:
    return HttpResponse(content, content_type="application/pdf")


def _one(request: SignedInRequest, reference: str) -> Return:
    return get_object_or_404(queries.returns_visible_to(request.user), reference=reference)


def _try(request: SignedInRequest, act: Callable[[], object], done: str) -> bool:
    """Do it and say so, or say why not."""
    try:
        act()
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return False
    messages.success(request, done)
    return True


# --- lists -----------------------------------------------------------------------------------------------------------


@requires(Right.RETURNS_READ)
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """Where all returns stand; the lists to propose and to decide."""
    state = request.GET.get("state", "")
    returns = queries.returns_visible_to(request.user).order_by("-state_on", "-pk")
    if state in State.values:
        returns = returns.filter(state=state)
    else:
        returns = returns.exclude(state__in=[each.value for each in ENDED])
    context = {
        "counts": queries.counts_by_state(request.user),
        "state": state,
        "lines": queries.return_lines(returns[:SHOWN]),
        "to_propose": queries.lists_to_propose(request.user)[:SHOWN],
        "to_decide": open_proposals(queries.PROPOSAL_KIND)[:SHOWN],
        "papers": open_proposals(queries.PAPER_KIND)[:SHOWN],
        "aging": {each.pk for each in queries.wishes_growing_old(request.user)[:SHOWN]},
        "may_propose": request.user.may(Right.RETURNS_PROPOSE),
        "may_decide": request.user.may(Right.RETURNS_APPROVE),
    }
    return render(request, "returns/staff/list.html", context)


@requires(Right.RETURNS_PROPOSE)
def new_list(request: SignedInRequest) -> HttpResponse:
    """Open a list."""
    form = ListForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        release = actions.open_list(form.cleaned_data["title"], by=request.user)
        return redirect("returns:release", release.reference)
    return render(request, "returns/staff/new_list.html", {"form": form})


@requires(Right.RETURNS_READ)
def release(request: SignedInRequest, reference: str) -> HttpResponse:
    """One list: who stands on it, and, until it is proposed, who else shall."""
    found = get_object_or_404(queries.releases_visible_to(request.user), reference=reference)
    is_open = found.proposal_id is None and request.user.may(Right.RETURNS_PROPOSE)
    form = ManForm(request.POST or None) if is_open else None
    if form is not None and request.method == "POST" and form.is_valid():
        put, refused = _put_on(request, found, form.cleaned_data["enquiries"], form.terms())
        if put:
            messages.success(request, _("Put on the list: %(n)s.") % {"n": put})
        for reference_of, why in refused[:20]:
            messages.warning(request, f"{reference_of}: {why}")
        return redirect("returns:release", found.reference)
    lines = queries.return_lines(found.returns.select_related("entry", "enquiry").order_by("pk")[:600])
    context = {"release": found, "lines": lines, "form": form, "proposal": found.proposal}
    return render(request, "returns/staff/release.html", context)


def _put_on(
    request: SignedInRequest, found: Release, references: list[str], terms: Terms
) -> tuple[int, list[tuple[str, str]]]:
    enquiries = {
        each.reference: each
        for each in enquiries_visible_to(request.user).filter(reference__in=references).select_related("sought")
    }
    entries = {
        match.sought_id: match.entry
        for match in PotentialMatch.objects.filter(
            sought__in=[each.sought_id for each in enquiries.values()], state=MatchState.CONFIRMED
        ).select_related("entry")
    }
    put, refused = 0, []
    for reference in references:
        enquiry = enquiries.get(reference)
        entry = entries.get(enquiry.sought_id) if enquiry else None
        if enquiry is None or entry is None:
            refused.append((reference, _("two people have not confirmed who he is")))
            continue
        try:
            actions.put_on_list(found, entry=entry, enquiry=enquiry, terms=terms, by=request.user)
            put += 1
        except Refusal as refusal:
            refused.append((reference, str(refusal)))
    return put, refused


@requires(Right.RETURNS_PROPOSE)
@require_POST
def take_off(request: SignedInRequest, reference: str, one: str) -> HttpResponse:
    """Not on this list after all."""
    found = get_object_or_404(queries.releases_visible_to(request.user), reference=reference)
    standing = get_object_or_404(found.returns, reference=one)
    _try(request, lambda: actions.take_off_list(standing, by=request.user), _("Taken off the list."))
    return redirect("returns:release", found.reference)


@requires(Right.RETURNS_PROPOSE)
@require_POST
def propose(request: SignedInRequest, reference: str) -> HttpResponse:
    """The whole list, as it stands."""
    found = get_object_or_404(queries.releases_visible_to(request.user), reference=reference)
    _try(
        request,
        lambda: actions.propose_list(found, by=request.user),
        _("Proposed. Someone else decides within 24 hours."),
    )
    return redirect("returns:release", found.reference)


def _proposal(request: SignedInRequest, reference: str) -> Proposal:
    proposal = get_object_or_404(open_proposals(queries.PROPOSAL_KIND), reference=reference)
    get_object_or_404(queries.releases_visible_to(request.user), reference=proposal.subject)
    return proposal


@requires(Right.RETURNS_APPROVE)
def decide(request: SignedInRequest, reference: str) -> HttpResponse:
    """The approver reads exactly whom, to whom, on what ground, and says yes or no."""
    return _decide_page(request, _proposal(request, reference), RefuseForm())


def _decide_page(request: SignedInRequest, proposal: Proposal, refuse_form: RefuseForm) -> HttpResponse:
    form = DecideForm(request.POST if request.method == "POST" and "payload_hash" in request.POST else None)
    if form.is_bound and form.is_valid():
        seen = form.cleaned_data["payload_hash"]
        _try(
            request,
            lambda: actions.approve_list(proposal, payload_hash=seen, by=request.user),
            _("Approved. Now each of them is asked, alone, whether he wishes to go."),
        )
        return redirect("returns:list")
    reading.read(Deed.LOOKED, about=proposal.subject, by=request.user)
    rows = proposal.payload["returns"]
    entries = {each.reference: each for each in Entry.objects.filter(reference__in=[row["entry"] for row in rows])}
    names = {line.entry.reference: line for line in lines_of(list(entries.values()))}
    enquiries = {
        each.reference: each for each in Enquiry.objects.filter(reference__in=[row["enquiry"] for row in rows])
    }
    context = {
        "proposal": proposal,
        "rows": [
            {
                **row,
                "line": names.get(row["entry"]),
                "relation": enquiries[row["enquiry"]].get_relation_display() if row["enquiry"] in enquiries else "",
                "kinship": queries.kinship_of(enquiries[row["enquiry"]]) if row["enquiry"] in enquiries else 0,
                "basis_words": dict(Return._meta.get_field("basis").flatchoices).get(row["basis"], ""),
                "fitness_words": dict(Return._meta.get_field("fitness").flatchoices).get(row["fitness"], ""),
            }
            for row in rows
        ],
        "form": DecideForm(initial={"payload_hash": proposal.payload_hash}),
        "refuse_form": refuse_form,
        "mine": proposal.proposed_by_id == request.user.pk,
        "history": history_of(proposal.subject),
    }
    return render(request, "returns/staff/decide.html", context)


@requires(Right.RETURNS_APPROVE)
@require_POST
def refuse(request: SignedInRequest, reference: str) -> HttpResponse:
    """No, and why."""
    proposal = _proposal(request, reference)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return _decide_page(request, proposal, form)
    said = form.cleaned_data
    _try(
        request,
        lambda: actions.refuse_list(proposal, reason=said["reason"], note=said["note"], by=request.user),
        _("Refused. The return officer sees your reason."),
    )
    return redirect("returns:list")


# --- the paper of an invitation --------------------------------------------------------------------------------------


def _paper(request: SignedInRequest, reference: str) -> Proposal:
    proposal = get_object_or_404(open_proposals(queries.PAPER_KIND), reference=reference)
    get_object_or_404(enquiries_visible_to(request.user), reference=proposal.subject)
    return proposal


@requires(Right.RETURNS_APPROVE)
def decide_paper(request: SignedInRequest, reference: str) -> HttpResponse:
    """The second person reads word for word what the invitation says."""
    proposal = _paper(request, reference)
    form = DecideForm(request.POST if request.method == "POST" and "payload_hash" in request.POST else None)
    if form.is_bound and form.is_valid():
        seen = form.cleaned_data["payload_hash"]
        _try(
            request,
            lambda: actions.approve_invitation_paper(proposal, payload_hash=seen, by=request.user),
            _("Approved. The paper stands on her page."),
        )
        return redirect("returns:list")
    reading.read(Deed.LOOKED, about=proposal.subject, by=request.user)
    context = {
        "proposal": proposal,
        "payload": proposal.payload,
        "form": DecideForm(initial={"payload_hash": proposal.payload_hash}),
        "refuse_form": RefuseForm(),
        "mine": proposal.proposed_by_id == request.user.pk,
    }
    return render(request, "returns/staff/decide_paper.html", context)


@requires(Right.RETURNS_APPROVE)
@require_POST
def refuse_paper(request: SignedInRequest, reference: str) -> HttpResponse:
    """No, and why."""
    proposal = _paper(request, reference)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Say why not."))
        return redirect("returns:decide_paper", proposal.reference)
    said = form.cleaned_data
    _try(
        request,
        lambda: disclosure.refuse_paper(proposal, reason=said["reason"], note=said["note"], by=request.user),
        _("Refused. The return officer sees your reason."),
    )
    return redirect("returns:list")


@requires(Right.RETURNS_PROPOSE)
@require_POST
def propose_paper(request: SignedInRequest, reference: str) -> HttpResponse:
    """Once more, where nobody decided in time."""
    found = _one(request, reference)
    _try(
        request,
        lambda: actions.propose_invitation_paper(found, by=request.user),
        _("Proposed. Someone else decides within 24 hours."),
    )
    return redirect("returns:one", found.reference)


# --- one return ------------------------------------------------------------------------------------------------------


@requires(Right.RETURNS_READ)
@require_safe
def one(request: SignedInRequest, reference: str) -> HttpResponse:
    """Where it stands, what he said, who comes, and what can be done now."""
    return _page(request, _one(request, reference))


def _page(request: SignedInRequest, found: Return, **forms: object) -> HttpResponse:
    reading.read(Deed.LOOKED, about=found.reference, by=request.user)
    state = State(found.state)
    invitation = queries.standing_invitation(found)
    steps = [State.APPROVED, State.WISH_RECORDED, State.INVITED, State.ACCEPTED, State.TRAVELLING, State.RECEIVED,
             State.ESCORTED, State.HANDED_OVER]  # fmt: skip
    context = {
        "of": found,
        "line": queries.return_lines([found])[0],
        "kinship": queries.kinship_of(found.enquiry),
        "wishes": found.wishes.select_related("asked_by").order_by("-pk"),
        "current": queries.current_wish(found),
        "invitation": invitation,
        "paper_waits": open_proposals(queries.PAPER_KIND).filter(subject=found.enquiry.reference).exists(),
        "travellers": queries.travellers_of(found),
        "packets": queries.packets_of(found.entry),
        "steps": [(each.label, each == state) for each in steps],
        "has_ended": state in ENDED,
        "may_ask": request.user.may(Right.RETURNS_WISH) and state not in (State.PROPOSED, *ENDED),
        "may_act": request.user.may(Right.RETURNS_PROPOSE),
        "can_stop": state not in (State.PROPOSED, State.SUSPENDED, *ENDED),
        "can_answer": invitation is not None and state in (State.INVITED, State.ACCEPTED),
        "reason_words": actions.SUSPENSIONS.get(found.reason, ""),
        "wish_form": WishForm(),
        "fitness_form": FitnessForm(initial={"fitness": found.fitness}),
        "stop_form": StopForm(),
        "comers": ComerFormSet(prefix="comer"),
        "history": history_of(found.reference),
        **forms,
    }
    return render(request, "returns/staff/one.html", context)


@requires(Right.RETURNS_WISH)
def wish(request: SignedInRequest, reference: str) -> HttpResponse:
    """What he said."""
    found = _one(request, reference)
    form = WishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.record_wish(
                found, says=Says(said["says"]), said_on=said["said_on"], was_alone=said["was_alone"],
                interpreter=said["interpreter"], with_whom=said["with_whom"], note=said["note"], by=request.user,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Written down."))
            return redirect("returns:one", found.reference)
    return _page(request, found, wish_form=form)


@requires(Right.RETURNS_WISH)
@require_POST
def withdraw(request: SignedInRequest, reference: str) -> HttpResponse:
    """He takes it back."""
    found = _one(request, reference)
    _try(request, lambda: actions.withdraw_wish(found, by=request.user), _("His wish is taken back. Everything stops."))
    return redirect("returns:one", found.reference)


@requires(Right.RETURNS_PROPOSE)
@require_POST
def invite(request: SignedInRequest, reference: str) -> HttpResponse:
    """Invite the family."""
    found = _one(request, reference)
    _try(
        request,
        lambda: actions.invite(found, by=request.user),
        _("Invited. The invitation stands on her page; a neutral message says that there is something to read."),
    )
    return redirect("returns:one", found.reference)


@requires(Right.RETURNS_PROPOSE)
@require_POST
def answer(request: SignedInRequest, reference: str) -> HttpResponse:
    """The family's answer by telephone."""
    found = _one(request, reference)
    invitation = queries.standing_invitation(found)
    if invitation is None:
        messages.warning(request, _("No invitation stands."))
    elif "decline" in request.POST:
        _try(request, lambda: actions.decline_invitation(invitation, by=request.user), _("Noted."))
    else:
        comers = ComerFormSet(request.POST, prefix="comer")
        if not comers.is_valid():
            return _page(request, found, comers=comers)
        named = [comer for form in comers if (comer := form.comer()) is not None]
        _try(request, lambda: actions.accept_invitation(invitation, named, by=request.user), _("Noted: they come."))
    return redirect("returns:one", found.reference)


@requires(Right.RETURNS_PROPOSE)
@require_POST
def fitness(request: SignedInRequest, reference: str) -> HttpResponse:
    """A physician looked again."""
    found = _one(request, reference)
    form = FitnessForm(request.POST)
    if not form.is_valid():
        return _page(request, found, fitness_form=form)
    said = form.cleaned_data
    _try(
        request,
        lambda: actions.note_fitness(
            found, fitness=Fitness(said["fitness"]), on=said["on"], note=said["note"], by=request.user
        ),
        _("Noted."),
    )
    return redirect("returns:one", found.reference)


def _stop(request: SignedInRequest, reference: str, act: Callable[..., Return], done: str) -> HttpResponse:
    found = _one(request, reference)
    form = StopForm(request.POST)
    if not form.is_valid():
        return _page(request, found, stop_form=form)
    said = form.cleaned_data
    _try(request, lambda: act(found, reason=said["reason"], note=said["note"], by=request.user), done)
    return redirect("returns:one", found.reference)


@requires(Right.RETURNS_PROPOSE)
@require_POST
def suspend(request: SignedInRequest, reference: str) -> HttpResponse:
    """Stand still."""
    return _stop(request, reference, actions.suspend, _("Suspended."))


@requires(Right.RETURNS_PROPOSE)
@require_POST
def revoke(request: SignedInRequest, reference: str) -> HttpResponse:
    """The authority took it back."""
    return _stop(request, reference, actions.revoke, _("Revoked."))


@requires(Right.RETURNS_PROPOSE)
@require_POST
def resume(request: SignedInRequest, reference: str) -> HttpResponse:
    """Take it up again."""
    found = _one(request, reference)
    _try(request, lambda: actions.resume(found, by=request.user), _("Taken up again."))
    return redirect("returns:one", found.reference)


# --- effects ---------------------------------------------------------------------------------------------------------


def _entry(request: SignedInRequest, reference: str) -> Entry:
    """A man with a return or a last return that this person may see."""
    returns = queries.returns_visible_to(request.user).filter(entry__reference=reference)
    last = the_dead.remains_visible_to(request.user).filter(entry__reference=reference)
    found = returns.first() or get_object_or_404(last[:1])
    return found.entry


@requires(Right.RETURNS_PROPOSE, Right.HANDOVER_RECORD)
def list_packet(request: SignedInRequest, reference: str) -> HttpResponse:
    """A packet and its complete list."""
    entry = _entry(request, reference)
    form, things = PacketForm(request.POST or None), ThingFormSet(request.POST or None, prefix="thing")
    if request.method == "POST" and form.is_valid() and things.is_valid():
        listed = [thing for line in things if (thing := line.thing()) is not None]
        said = form.cleaned_data
        try:
            effects.list_packet(
                entry, listed, seal_number=said["seal_number"], weight_grams=int((said["weight"] or 0) * 1000),
                by=request.user,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Listed. A second person goes through the list and seals it."))
            return _back_to(request, entry)
    context = {"entry": entry, "form": form, "things": things, "line": lines_of([entry])[0]}
    return render(request, "returns/staff/packet.html", context)


def _back_to(request: SignedInRequest, entry: Entry) -> HttpResponse:
    standing = queries.returns_visible_to(request.user).filter(entry=entry).order_by("-pk").first()
    if standing is not None:
        return redirect("returns:one", standing.reference)
    last = the_dead.remains_visible_to(request.user).filter(entry=entry).first()
    return redirect("returns:remains", last.reference) if last else redirect("returns:list")


@requires(Right.RETURNS_PROPOSE, Right.HANDOVER_RECORD)
@require_POST
def seal_packet(request: SignedInRequest, reference: str) -> HttpResponse:
    """The second person seals."""
    packet = get_object_or_404(Packet.objects.select_related("entry"), reference=reference)
    entry = _entry(request, packet.entry.reference)
    _try(request, lambda: effects.seal_packet(packet, by=request.user), _("Sealed."))
    return _back_to(request, entry)


@requires(Right.RETURNS_READ)
@require_safe
def packet_paper(request: SignedInRequest, reference: str) -> HttpResponse:
    """The list that lies in the packet."""
    packet = get_object_or_404(Packet.objects.select_related("entry"), reference=reference)
    _entry(request, packet.entry.reference)
    return _pdf(papers.packet_list(packet))


# --- notices ---------------------------------------------------------------------------------------------------------


@requires(Right.RETURNS_PROPOSE)
@require_safe
def notices(request: SignedInRequest) -> HttpResponse:
    """What the Agency and the Protecting Power still have to be told, and what they have not acknowledged."""
    context = {
        "waiting": to_agency.waiting_notices()[:SHOWN],
        "sent": Notice.objects.filter(sent_at__isnull=False)
        .select_related("entry", "sent_by")
        .order_by("-sent_at")[:50],
        "form": SentForm(),
    }
    return render(request, "returns/staff/notices.html", context)


@requires(Right.RETURNS_PROPOSE)
@require_POST
def notice_sent(request: SignedInRequest, reference: str) -> HttpResponse:
    """It went out."""
    notice = get_object_or_404(Notice, reference=reference)
    form = SentForm(request.POST)
    if form.is_valid():
        route = form.cleaned_data["route"]
        _try(request, lambda: to_agency.note_sent(notice, route=route, by=request.user), _("Noted as sent."))
    return redirect("returns:notices")


@requires(Right.RETURNS_PROPOSE)
@require_POST
def notice_acknowledged(request: SignedInRequest, reference: str) -> HttpResponse:
    """It arrived."""
    notice = get_object_or_404(Notice, reference=reference)
    _try(request, lambda: to_agency.note_acknowledged(notice, by=request.user), _("Noted."))
    return redirect("returns:notices")


@requires(Right.RETURNS_PROPOSE)
@require_safe
def notice_paper(request: SignedInRequest, reference: str) -> HttpResponse:
    """The notice as a paper."""
    notice = get_object_or_404(Notice.objects.select_related("entry"), reference=reference)
    reading.read(Deed.LOOKED, about=notice.entry.reference, by=request.user)
    return _pdf(papers.notice(notice))


# --- the dead --------------------------------------------------------------------------------------------------------


@requires(Right.RETURNS_PROPOSE)
@require_safe
def dead(request: SignedInRequest) -> HttpResponse:
    """Families of the dead: told by a call, asked what they wish, given what is left of him."""
    standing = list(the_dead.remains_visible_to(request.user).order_by("state", "pk")[:SHOWN])
    names = {line.entry.pk: line.name for line in lines_of([each.entry for each in standing])}
    context = {
        "told": the_dead.told_answers(request.user)[:SHOWN],
        "standing": [(each, names[each.entry_id]) for each in standing],
    }
    return render(request, "returns/staff/dead.html", context)


@requires(Right.RETURNS_PROPOSE)
def begin(request: SignedInRequest, reference: str) -> HttpResponse:
    """Begin the last return of a man whose family has been told."""
    told = get_object_or_404(the_dead.told_answers(request.user), reference=reference)
    form = BeginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = the_dead.begin(told, by=request.user, **form.cleaned_data)
        return redirect("returns:remains", made.reference)
    return render(request, "returns/staff/begin.html", {"told": told, "form": form})


def _remains(request: SignedInRequest, reference: str) -> Remains:
    return get_object_or_404(the_dead.remains_visible_to(request.user), reference=reference)


@requires(Right.RETURNS_PROPOSE)
def remains(request: SignedInRequest, reference: str) -> HttpResponse:
    """One last return: what the family chose, the packets, the grave and everything recorded of it."""
    found = _remains(request, reference)
    form = ChooseForm(
        request.POST or None, initial={"way": found.way, "wanted_on": found.wanted_on, "wishes": found.wishes or ""}
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        _try(
            request,
            lambda: the_dead.choose(
                found, way=Way(said["way"]), on=said["wanted_on"], wishes=said["wishes"], by=request.user
            ),
            _("Written down."),
        )
        return redirect("returns:remains", found.reference)
    return _remains_page(request, found, form=form)


def _remains_page(request: SignedInRequest, found: Remains, **forms: object) -> HttpResponse:
    reading.read(Deed.LOOKED, about=found.reference, by=request.user)
    known = the_dead.known_of_death(found.entry)
    labels = {name: field.label for name, field in DeathForm.base_fields.items()}
    context = {
        "of": found,
        "line": lines_of([found.entry])[0],
        "form": ChooseForm(),
        "give_form": GiveForm(),
        "death_form": DeathForm(),
        "known": [(labels[code], known[code]) for code in the_dead.DEATH_FIELDS if code in known],
        "records": found.entry.death_records.select_related("recorded_by").order_by("-pk"),
        "packets": queries.packets_of(found.entry),
        "history": history_of(found.reference),
        **forms,
    }
    return render(request, "returns/staff/remains.html", context)


@requires(Right.RETURNS_PROPOSE)
@require_POST
def remains_ready(request: SignedInRequest, reference: str) -> HttpResponse:
    """Everything is there."""
    found = _remains(request, reference)
    _try(request, lambda: the_dead.make_ready(found, by=request.user), _("Ready."))
    return redirect("returns:remains", found.reference)


@requires(Right.RETURNS_PROPOSE)
@require_POST
def remains_give(request: SignedInRequest, reference: str) -> HttpResponse:
    """Given to the family."""
    found = _remains(request, reference)
    form = GiveForm(request.POST)
    if not form.is_valid():
        return _remains_page(request, found, give_form=form)
    said = form.cleaned_data
    witness = Staff.objects.filter(username=said["witness"], is_active=True).first()
    if witness is None:
        form.add_error("witness", _("Nobody of this name works here."))
        return _remains_page(request, found, give_form=form)
    _try(
        request,
        lambda: the_dead.give(found, received_by=said["received_by"], witness=witness, by=request.user),
        _("Given. The notice to the Central Agency is queued."),
    )
    return redirect("returns:remains", found.reference)


@requires(Right.RETURNS_PROPOSE)
@require_POST
def record_death(request: SignedInRequest, reference: str) -> HttpResponse:
    """A line more of what is known."""
    found = _remains(request, reference)
    form = DeathForm(request.POST)
    if not form.is_valid():
        return _remains_page(request, found, death_form=form)
    said = dict(form.cleaned_data)
    kind = DeathRecordKind(said.pop("kind"))
    _try(request, lambda: the_dead.record_death(found.entry, said, kind=kind, by=request.user), _("Written down."))
    return redirect("returns:remains", found.reference)


@requires(Right.RETURNS_PROPOSE)
@require_safe
def death_paper(request: SignedInRequest, reference: str) -> HttpResponse:
    """The notification of death (Annex IV D)."""
    return _pdf(papers.death_notification(_remains(request, reference).entry))
