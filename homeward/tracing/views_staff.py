"""Pages of the tracers."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from homeward.access import reading
from homeward.access.guards import SignedInRequest, requires
from homeward.access.models import Staff
from homeward.access.rights import Right
from homeward.audit.queries import history_of
from homeward.lib.refusals import Refusal
from homeward.tracing import actions, queries, words
from homeward.tracing.deeds import Deed
from homeward.tracing.forms import AnswerForm, JudgementForm, UnsureForm
from homeward.tracing.models import EntryQuestion, MatchState, PotentialMatch
from homeward.tracing.now import candidates_for
from homeward.tracing.reading import MatchLine, laid_out, lines_for, persons_recorded


@dataclass(frozen=True, slots=True)
class Tab:
    """One view of the worklist."""

    code: str
    label: str | Promise
    matches: Callable[[Staff], QuerySet[PotentialMatch]]
    nothing: str | Promise


TABS = (
    Tab(
        "judge",
        gettext_lazy("To judge"),
        queries.waiting_for_judgement,
        gettext_lazy("Nothing waits to be judged. New pairs appear here by themselves, within seconds of either side."),
    ),
    Tab(
        "second",
        gettext_lazy("For a second person"),
        queries.waiting_for_second_person,
        gettext_lazy("No pair waits for a second person."),
    ),
    Tab(
        "answers",
        gettext_lazy("Waiting for an answer"),
        queries.waiting_for_answers,
        gettext_lazy("No question is open."),
    ),
    Tab("settled", gettext_lazy("Settled"), queries.settled, gettext_lazy("Nothing has been settled yet.")),
)


@requires(Right.TRACING_READ)
@require_safe
def worklist(request: SignedInRequest) -> HttpResponse:
    """Pairs that wait, the strongest first."""
    tab = next((each for each in TABS if each.code == request.GET.get("show")), TABS[0])
    try:
        start = max(0, int(request.GET.get("from", "0")))
    except ValueError:
        start = 0
    page = list(tab.matches(request.user)[start : start + queries.PAGE + 1])
    pager = {
        "newer": f"?show={tab.code}&from={max(0, start - queries.PAGE)}" if start else "",
        "older": f"?show={tab.code}&from={start + queries.PAGE}" if len(page) > queries.PAGE else "",
    }
    lines: list[MatchLine] = lines_for(page[: queries.PAGE])
    return render(request, "tracing/staff/worklist.html", {"tabs": TABS, "tab": tab, "lines": lines, "pager": pager})


def _match(request: SignedInRequest, reference: str) -> PotentialMatch:
    return get_object_or_404(queries.matches_visible_to(request.user), reference=reference)


@requires(Right.TRACING_READ)
@require_safe
def compare(request: SignedInRequest, reference: str) -> HttpResponse:
    """Both sides of a pair, field by field, with the evidence."""
    return _comparison_page(request, reference)


def _comparison_page(request: SignedInRequest, reference: str, unsure_form: UnsureForm | None = None) -> HttpResponse:
    found = queries.with_judgements(request.user, reference)
    if found is None:
        raise Http404
    match, judgements = found
    reading.read(Deed.COMPARED, about=match.reference, by=request.user)
    around = queries.neighbours(match)
    recorded = persons_recorded([match, *around.siblings])
    waits_for_second = match.state == MatchState.POTENTIAL and match.same_said_by_id is not None
    context = {
        "match": match,
        "pair": laid_out(match, recorded.get(match.entry_id, ())),
        "strength": words.strength(match.probability),
        "percent": words.percent(match.probability),
        "siblings": lines_for(around.siblings, recorded),
        "also_sought": around.also_sought,
        "judgements": judgements,
        "questions": queries.questions_on(match, judgements),
        "history": history_of(match.reference) if request.GET.get("show") == "history" else None,
        "form": JudgementForm(initial={"version": match.version}),
        "unsure_form": unsure_form or UnsureForm(initial={"version": match.version}),
        "may_judge": request.user.may(Right.TRACING_JUDGE) and match.state == MatchState.POTENTIAL,
        "may_confirm": waits_for_second
        and request.user.may(Right.TRACING_CONFIRM)
        and match.same_said_by_id != request.user.pk,
        "waits_for_second": waits_for_second,
        "said_by_me": match.same_said_by_id == request.user.pk,
        "may_undo": request.user.may(Right.TRACING_JUDGE) and any(each.undone_at is None for each in judgements),
    }
    return render(request, "tracing/staff/compare.html", context)


def _judge(
    request: SignedInRequest, reference: str, action: Callable[..., PotentialMatch], done: str | Promise
) -> HttpResponse:
    match = _match(request, reference)
    form = JudgementForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The page was not complete. Look at the pair again."))
        return redirect(match)
    try:
        action(match, version=form.cleaned_data["version"], note=form.cleaned_data["note"], by=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect(match)
    messages.success(request, str(done))
    return _to_the_next(request, match)


def _to_the_next(request: SignedInRequest, match: PotentialMatch) -> HttpResponse:
    following = queries.waiting_for_judgement(request.user).exclude(sought=match.sought_id).first()
    return redirect(following) if following else redirect("tracing:worklist")


@requires(Right.TRACING_JUDGE)
@require_POST
def same(request: SignedInRequest, reference: str) -> HttpResponse:
    """The first or the second yes, as the pair stands."""
    if _match(request, reference).same_said_by_id is None:
        return _judge(request, reference, actions.say_same, _("Noted. A second person confirms it now."))
    if not request.user.may(Right.TRACING_CONFIRM):
        raise PermissionDenied
    return _judge(request, reference, actions.confirm_same, _("Confirmed. His other candidates are settled."))


@requires(Right.TRACING_JUDGE)
@require_POST
def not_the_same(request: SignedInRequest, reference: str) -> HttpResponse:
    """Two different people."""
    return _judge(request, reference, actions.say_not_the_same, _("Noted. This pair will not be proposed again."))


@requires(Right.TRACING_JUDGE)
@require_POST
def unsure(request: SignedInRequest, reference: str) -> HttpResponse:
    """A question that would decide it."""
    match = _match(request, reference)
    form = UnsureForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.say_unsure(
                match,
                version=said["version"],
                ask_family=said["ask_family"],
                ask_registrar=said["ask_registrar"],
                note=said["note"],
                by=request.user,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Asked. The pair comes back here with the answer."))
            return _to_the_next(request, match)
    return _comparison_page(request, reference, form)


@requires(Right.TRACING_JUDGE)
@require_POST
def undo(request: SignedInRequest, reference: str) -> HttpResponse:
    """Take the standing judgement back."""
    match = _match(request, reference)
    form = JudgementForm(request.POST)
    try:
        actions.undo(match, version=form.cleaned_data["version"] if form.is_valid() else -1, by=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Taken back. The pair waits to be judged again."))
    return redirect(match)


@requires(Right.REGISTER_WRITE)
@require_safe
def questions(request: SignedInRequest) -> HttpResponse:
    """What tracers asked about entries."""
    return render(request, "tracing/staff/questions.html", {"questions": queries.open_entry_questions()[:100]})


@requires(Right.REGISTER_WRITE)
def answer(request: SignedInRequest, reference: str) -> HttpResponse:
    """The registrar answers one question."""
    question = get_object_or_404(EntryQuestion.objects.select_related("match__entry"), reference=reference)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_entry_question(question, answer=form.cleaned_data["answer"], by=request.user)
        except Refusal as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("Answered. The pair is back on the tracers' list."))
        return redirect("tracing:questions")
    return render(request, "tracing/staff/answer.html", {"question": question, "form": form})


@requires(Right.TRACING_READ)
@require_POST
def candidates_now(request: HttpRequest) -> HttpResponse:
    """Register candidates for what is being typed, for staff who may see both sides."""
    assert isinstance(request.user, Staff)
    return render(request, "tracing/staff/_candidates_now.html", candidates_for(request.POST, by=request.user))
