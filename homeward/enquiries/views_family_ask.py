"""Asking, one question a page. What is typed is kept on the server, sealed, whatever button is pressed."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from homeward.access.guards import open_to_anyone
from homeward.enquiries import actions_family, family, pictures
from homeward.enquiries.forms_family import PAGES, RELATIONS
from homeward.enquiries.models import Document, Draft
from homeward.lib.refusals import Refusal

STEPS = (*PAGES, "send")
_HEADINGS = {
    "name": (_("What is his name?"), _("Write it as you know it, in any letters. One part is enough to begin.")),
    "born": (_("When was he born?"), _("The year alone is enough. If you are not sure, say so: that helps us too.")),
    "birthplace": (_("Where was he born?"), _("Names of places changed; write the one you use.")),
    "service": (_("Where did he serve?"), _("Anything you heard is of use. If you would rather not say it, leave it empty.")),
    "news": (_("What was the last news of him?"), _("A call, a letter, a word from a comrade, a picture somebody saw.")),
    "marks": (_("What else would tell him from others?"), _("Two men may have one name. A tattoo or a call sign tells them apart.")),
    "papers": (
        _("Do you have a photo of him, or a paper?"),
        _("You may add up to eight, now or later. Only the people who check them see them."),
    ),
    "you": (_("Who are you to him?"), _("We tell more to close family, once it is shown who they are. Your name may stay empty.")),
    "reach": (
        _("May we write to you?"),
        _("If we may, a message says only that there is something to read. Never his name, never any news."),
    ),
    "send": (_("Is everything right?"), _("You can change each line. What you do not know may stay empty.")),
}  # fmt: skip


def _draft(request: HttpRequest) -> Draft | None:
    return actions_family.draft_called(request.session.get("draft", ""))


def _draft_to_write(request: HttpRequest) -> Draft:
    draft = _draft(request)
    if draft is None:
        draft = actions_family.open_draft()
        request.session["draft"] = draft.reference
    return draft


@open_to_anyone
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """To the first question; to the end where the enquiry was sent already and its words were not written down yet."""
    draft = _draft(request)
    if draft is not None and actions_family.shown_once(draft):
        return redirect("enquiries_family:words")
    return redirect("enquiries_family:ask", 1)


@open_to_anyone
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, number: int) -> HttpResponse:
    """One question. Every button keeps what is typed first."""
    if not 1 <= number <= len(STEPS):
        raise Http404
    name = STEPS[number - 1]
    draft = _draft(request)
    if draft is not None and draft.enquiry_id is not None:
        return redirect("enquiries_family:start")
    if request.method == "POST":
        return _answered(request, number, name, _draft_to_write(request))
    told: dict[str, str] = draft.told if draft else {}
    form = (
        PAGES[name](told if any(key in told for key in PAGES[name].base_fields) else None) if name != "send" else None
    )
    return _page(request, number, name, draft, form)


def _answered(request: HttpRequest, number: int, name: str, draft: Draft) -> HttpResponse:
    form: Any = None
    if name != "send":
        form = PAGES[name](request.POST, request.FILES)
        typed = {key: request.POST.get(key, "") for key in form.fields if key != "file"}
        actions_family.write_down(draft, typed)
    if (language := request.POST.get("language")) in dict(settings.FAMILY_LANGUAGES):
        response = redirect("enquiries_family:ask", number)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, str(language), samesite="Strict", httponly=True, secure=settings.SESSION_COOKIE_SECURE
        )  # fmt: skip
        return response
    if "back" in request.POST:
        return redirect("enquiries_family:ask", number - 1) if number > 1 else redirect("home")
    if form is not None and not form.is_valid():
        return _page(request, number, name, draft, form)
    try:
        if name == "papers" and request.FILES.get("file"):
            _keep_paper(draft, form)
            return redirect("enquiries_family:ask", number)
        if name == "send":
            actions_family.file_draft(draft, language=get_language() or "uk")
            return redirect("enquiries_family:words")
    except Refusal as refusal:
        return _page(request, number, name, draft, form, refused=str(refusal), status=400)
    if request.POST.get("to") == "send":
        return redirect("enquiries_family:ask", len(STEPS))
    return redirect("enquiries_family:ask", number + 1)


def _keep_paper(draft: Draft, form: Any) -> None:
    pages = pictures.drawn_anew(form.cleaned_data["file"].read())
    actions_family.add_document(pages, kind=Document.Kind(form.cleaned_data["kind"] or "photo"), draft=draft)


def _page(
    request: HttpRequest, number: int, name: str, draft: Draft | None, form: Any, *, refused: str = "", status: int = 200
) -> HttpResponse:  # fmt: skip
    heading, hint = _HEADINGS[name]
    told: dict[str, str] = draft.told if draft else {}
    context = {
        "name": name, "number": number, "count": len(STEPS), "heading": heading, "hint": hint, "form": form,
        "refused": refused, "documents": draft.documents.order_by("pk") if draft and name in ("papers", "send") else (),
        "lines": _summary(told) if name == "send" else (), "enough": actions_family.is_enough(told),
        # Changed from the last page: back there with the next press.
        "to": "send" if request.GET.get("to") == "send" or request.POST.get("to") == "send" else "",
        "speaks": True,
    }  # fmt: skip
    return render(request, "enquiries/family/ask.html", context, status=status)


def _summary(told: dict[str, str]) -> list[tuple[int, Any, list[str]]]:
    """Number of the page, its question, what was told there."""
    lines = []
    for number, (name, page) in enumerate(PAGES.items(), 1):
        texts = [
            told.get(key, "").strip()
            for key in page.base_fields
            if key not in ("kind", "file", "unsure", "from_hour", "to_hour")
        ]
        if name == "born":
            texts = [".".join(text for text in texts if text)]
        if name == "you":
            texts[0] = str(dict(RELATIONS).get(texts[0], ""))
        if name == "reach":
            chosen = dict(PAGES["reach"].base_fields["reach"].choices)  # type: ignore[attr-defined]
            way = told.get("reach", "none")
            where = {"sms": "telephone", "telephone": "telephone", "email": "email"}.get(way, "")
            texts = [str(chosen.get(way, "")), told.get(where, "")]
        if name != "papers":
            lines.append((number, _HEADINGS[name][0], [text for text in texts if text]))
    return lines


@open_to_anyone
@require_POST
def take_away(request: HttpRequest) -> HttpResponse:
    """A photo or paper of the draft is taken back."""
    draft = _draft(request)
    document = draft.documents.filter(reference=request.POST.get("document", "")).first() if draft else None
    if document is not None:
        actions_family.take_away_document(document)
    return redirect("enquiries_family:ask", STEPS.index("papers") + 1)


@open_to_anyone
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest) -> HttpResponse:
    """The number and the passphrase, to be written down. The press that says so lets her in, and they are never shown again."""
    draft = _draft(request)
    phrase = actions_family.shown_once(draft) if draft else None
    if draft is None or draft.enquiry is None or phrase is None:
        return redirect("enquiries_family:come_back")
    if request.method == "POST":
        enquiry = draft.enquiry
        actions_family.throw_away(draft)
        request.session.pop("draft", None)
        family.let_in(request, enquiry)
        return redirect("enquiries_family:state")
    context = {"reference": draft.enquiry.reference, "words": phrase, "theirs": False}
    return render(request, "enquiries/family/words.html", context)
