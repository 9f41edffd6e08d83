"""The family's pages: coming back, what stands, answering, adding, taking back, leaving quickly."""

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from homeward.access.guards import open_to_anyone
from homeward.enquiries import actions_family, family, passphrases, pictures, queries
from homeward.enquiries.family import FamilyRequest, requires_family
from homeward.enquiries.forms_family import PAGES, AnswerForm, ComeBackForm, EraseForm, PapersPage, RelativeForm
from homeward.enquiries.her_page import sections_for
from homeward.enquiries.models import Document, Relation
from homeward.lib.refusals import Refusal

# What the browser is told to forget; honoured over HTTPS and on the machine itself.
CLEAR = '"cache", "cookies", "storage"'


@open_to_anyone
@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest) -> HttpResponse:
    """Reference and passphrase, and she is in. What she typed stays on the page until it is right."""
    form = ComeBackForm(request.POST or None)
    status, wait = 200, 0
    if request.method == "POST" and form.is_valid():
        try:
            enquiry = passphrases.check_passphrase(form.cleaned_data["number"], form.cleaned_data["secret"])
        except passphrases.NotReadable as unreadable:
            form.add_error("secret", str(unreadable))
        except passphrases.TryAgain as busy:
            form.add_error(None, str(busy))
            status, wait = busy.status, busy.after
        else:
            if enquiry is not None:
                family.let_in(request, enquiry)
                return redirect("enquiries_family:state")
            form.add_error(
                None, _("The number and the passphrase do not belong together. Look at both again, letter by letter.")
            )
    response = render(request, "enquiries/family/come_back.html", {"form": form}, status=status)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


@requires_family
@require_safe
def state(request: FamilyRequest) -> HttpResponse:
    """What stands, as each room says it. At kinship level 0 and 1 it is the same whatever the register holds."""
    context = {"enquiry": request.enquiry, "sections": sections_for(request)}
    return render(request, "enquiries/family/state.html", context)


@requires_family
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: FamilyRequest, reference: str) -> HttpResponse:
    """The bureau's question, and her answer."""
    question = get_object_or_404(queries.questions_for(request.enquiry), reference=reference)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions_family.answer(request.enquiry, question, text=form.cleaned_data["text"])
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("enquiries_family:state")
    return render(request, "enquiries/family/answer.html", {"form": form, "question": question})


# What may be added or corrected later: the same questions as in the beginning, but for who she is and how she is reached.
TELLING = ("name", "born", "birthplace", "service", "news", "marks")


@requires_family
@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: FamilyRequest) -> HttpResponse:
    """She adds to what she told, or corrects it: everything she told stands on the page."""
    enquiry = request.enquiry
    if enquiry.withdrawn_at is not None:
        return redirect("enquiries_family:state")
    told = {**enquiry.facts, **queries.day_in_parts(enquiry.facts.get("born", ""))}
    forms = [PAGES[name](request.POST if request.method == "POST" else told) for name in TELLING]
    refused = ""
    if request.method == "POST" and all(form.is_valid() for form in forms):
        typed = {key: request.POST.get(key, "") for form in forms for key in form.fields}
        said = {**dict.fromkeys((key for key in typed if key in queries.TOLD), ""), **actions_family.facts_of(typed)}
        # A day she told in words of her own stays, unless she writes another.
        if not any(typed.get(part) for part in ("day", "month", "year")) and not queries.day_in_parts(
            told.get("born", "")
        ):
            said.pop("born", None)
        version = request.POST.get("version", "")
        try:
            actions_family.correct(enquiry, said, version=int(version) if version.isdecimal() else -1)
        except Refusal as refusal:
            refused = str(refusal)
        else:
            return redirect("enquiries_family:state")
    context = {
        "forms": forms,
        "enquiry": enquiry,
        "refused": refused,
        "version": request.POST.get("version", enquiry.version),
    }
    return render(request, "enquiries/family/tell.html", context)


@requires_family
@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: FamilyRequest) -> HttpResponse:
    """She adds a photo or a paper. What is there is named, not shown: her telephone may be in another's hands."""
    enquiry = request.enquiry
    if enquiry.withdrawn_at is not None:
        return redirect("enquiries_family:state")
    form = PapersPage(request.POST or None, request.FILES or None)
    refused = ""
    if request.method == "POST" and form.is_valid() and form.cleaned_data["file"]:
        try:
            pages = pictures.drawn_anew(form.cleaned_data["file"].read())
            kind = Document.Kind(form.cleaned_data["kind"] or "photo")
            actions_family.add_document(pages, kind=kind, enquiry=enquiry)
        except Refusal as refusal:
            refused = str(refusal)
        else:
            return redirect("enquiries_family:papers")
    context = {"form": form, "documents": enquiry.documents.order_by("pk"), "refused": refused}
    return render(request, "enquiries/family/papers.html", context)


@requires_family
@require_http_methods(["GET", "HEAD", "POST"])
def relative(request: FamilyRequest) -> HttpResponse:
    """Another relative asks about the same man, with a number and words of her own."""
    if request.enquiry.withdrawn_at is not None:
        return redirect("enquiries_family:state")
    form = RelativeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            added, phrase = actions_family.add_relative(
                request.enquiry, relation=Relation(said["relation"]), name=said["name"], token=said["token"],
                language=get_language() or "uk",
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            context = {"reference": added.reference, "words": phrase, "theirs": True}
            return render(request, "enquiries/family/words.html", context)
    return render(request, "enquiries/family/relative.html", {"form": form})


@requires_family
@require_http_methods(["GET", "HEAD", "POST"])
def new_words(request: FamilyRequest) -> HttpResponse:
    """Other six words; the old ones open nothing from then on."""
    if request.method == "POST":
        with transaction.atomic():
            phrase = passphrases.give_passphrase(request.enquiry, language=get_language() or "uk")
        family.let_in(request, request.enquiry)
        context = {"reference": request.enquiry.reference, "words": phrase, "theirs": False, "inside": True}
        return render(request, "enquiries/family/words.html", context)
    return render(request, "enquiries/family/new_words.html")


@requires_family
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: FamilyRequest) -> HttpResponse:
    """She takes her question back and has what she told destroyed: a page that says what it means, and the passphrase once more."""
    form = EraseForm(request.POST or None)
    status, wait = 200, 0
    if request.method == "POST" and form.is_valid():
        try:
            right = (
                passphrases.check_passphrase(request.enquiry.reference, form.cleaned_data["secret"]) == request.enquiry
            )
        except passphrases.NotReadable as unreadable:
            form.add_error("secret", str(unreadable))
        except passphrases.TryAgain as busy:
            form.add_error(None, str(busy))
            status, wait = busy.status, busy.after
        else:
            if right:
                actions_family.erase_enquiry(request.enquiry)
                family.let_out(request)
                response = render(request, "enquiries/family/erased.html", {"reference": request.enquiry.reference})
                response.headers["Clear-Site-Data"] = CLEAR
                return response
            form.add_error("secret", _("These are not the words of this enquiry. Nothing was erased."))
    response = render(request, "enquiries/family/erase.html", {"form": form, "enquiry": request.enquiry}, status=status)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


@csrf_exempt  # whoever sends her away from outside does her no harm; a lost cookie must not keep her here
@open_to_anyone
@require_http_methods(["POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Out at once: the session is destroyed, the browser told to forget, and a page that says nothing comes up."""
    family.let_out(request)
    response = HttpResponseRedirect(reverse("enquiries_family:nothing"))
    for cookie in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME):
        response.delete_cookie(cookie, samesite="Strict")
    response.headers["Clear-Site-Data"] = CLEAR
    return response


@open_to_anyone
@require_safe
def nothing(request: HttpRequest) -> HttpResponse:
    """A page that says nothing about anything."""
    response = render(request, "enquiries/family/nothing.html")
    response.headers["Clear-Site-Data"] = CLEAR
    return response
