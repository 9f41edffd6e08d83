"""Pages of the lists that come in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from homeward.access.guards import SignedInRequest, requires
from homeward.access.rights import Right
from homeward.audit.actions import record
from homeward.intake import actions, queries
from homeward.intake.forms import ColumnsForm, ListForm, SheetForm
from homeward.intake.models import Batch
from homeward.intake.refusals import FILE_REASONS, ROW_REASONS, SourceNeeded
from homeward.intake.target import target_called
from homeward.intake.texts import looks_like_formula
from homeward.intake.values import doubt_sentence
from homeward.lib.refusals import Refusal

PAGE = 50
guarded = requires(Right.REGISTER_IMPORT, Right.ENQUIRIES_IMPORT)


def _batch_for(request: SignedInRequest, reference: str) -> Batch:
    return get_object_or_404(queries.batches_visible_to(request.user), reference=reference)


def _sentence(batch: Batch, code: str) -> str:
    try:
        own = target_called(batch.target).reasons.get(code)
    except KeyError:
        own = None
    return str(own or ROW_REASONS.get(code) or FILE_REASONS.get(code, code))


def _page_of(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isdigit() and len(text) < 7 else 1


def _pager(request: HttpRequest, page: int, *, more: bool) -> dict[str, str]:
    return {
        "newer": f"{request.path}?page={page - 1}" if page > 1 else "",
        "older": f"{request.path}?page={page + 1}" if more else "",
        "words": _("page %(page)s") % {"page": page},
    }


@require_GET
@guarded
def lists(request: SignedInRequest) -> HttpResponse:
    return _lists_page(request, ListForm(targets=queries.targets_of(request.user)))


def _lists_page(request: SignedInRequest, form: ListForm, status: int = 200) -> HttpResponse:
    page = _page_of(request)
    found = list(queries.batches_visible_to(request.user).defer("look", "columns")[(page - 1) * PAGE : page * PAGE + 1])
    context = {
        "form": form,
        "batches": found[:PAGE],
        "pager": _pager(request, page, more=len(found) > PAGE),
    }
    return render(request, "intake/staff/lists.html", context, status=status)


@require_POST
@guarded
def receive(request: SignedInRequest) -> HttpResponse:
    form = ListForm(request.POST, request.FILES, targets=queries.targets_of(request.user))
    if not form.is_valid():
        return _lists_page(request, form, 422)
    uploaded: UploadedFile[bytes] = form.cleaned_data["file"]
    try:
        batch = actions.receive(
            uploaded.chunks(), uploaded.name or "list", target=form.cleaned_data["target"], by=request.user
        )
    except Refusal as refusal:
        form.add_error("file", str(refusal))
        return _lists_page(request, form, 422)
    return redirect("intake:columns", batch.reference)


@require_GET
@guarded
def batch(request: SignedInRequest, reference: str) -> HttpResponse:
    shown = _batch_for(request, reference)
    if shown.state == Batch.State.LOOKED_AT:
        return redirect("intake:columns", reference)
    context: dict[str, Any] = {
        "batch": shown,
        "is_moving": shown.state in (Batch.State.RUNNING, Batch.State.UNDOING),
        "refusal": _sentence(shown, shown.refusal) if shown.refusal else "",
    }
    if request.headers.get("HX-Request"):
        return render(request, "intake/staff/_progress.html", context)
    return render(request, "intake/staff/batch.html", context)


@require_http_methods(["GET", "POST"])
@guarded
def columns(request: SignedInRequest, reference: str) -> HttpResponse:
    shown = _batch_for(request, reference)
    if shown.state != Batch.State.LOOKED_AT:
        return redirect("intake:batch", reference)
    form = ColumnsForm(request.POST or None, batch=shown)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                source = actions.source_called(form.source_name(), target=shown.target, by=request.user)
                silence = form.cleaned_data.get("silence", "")
                actions.confirm_columns(shown, form.columns(), source=source, silence=silence, by=request.user)
                return redirect("intake:dry-run", reference)
            except SourceNeeded as refusal:
                form.add_error("source", str(refusal))
            except Refusal as refusal:
                form.add_error(None, str(refusal))
    preview = [row for row in queries.preview_of(shown) if row.number > shown.header_row][:20]
    context = {
        "batch": shown,
        "form": form,
        "sheet_form": SheetForm(batch=shown),
        "above": [row for row in queries.preview_of(shown) if row.number < shown.header_row and any(row.cells)],
        "preview": [
            (row.number, [row.cells[index] if index < len(row.cells) else "" for index in range(form.width)])
            for row in preview
        ],
        "look": shown.look,
    }
    return render(request, "intake/staff/columns.html", context, status=status)


@require_POST
@guarded
def sheet(request: SignedInRequest, reference: str) -> HttpResponse:
    shown = _batch_for(request, reference)
    form = SheetForm(request.POST, batch=shown)
    if form.is_valid():
        chosen = form.cleaned_data["sheet"] or ""
        # Another sheet has its header elsewhere: it is looked for anew.
        header_row = form.cleaned_data["header_row"] if chosen == (shown.sheet or "") else None
        try:
            actions.take_another_sheet(shown, sheet=chosen, header_row=header_row, by=request.user)
        except Refusal as refusal:
            messages.warning(request, str(refusal))
    return redirect("intake:columns", reference)


@require_GET
@guarded
def dry_run(request: SignedInRequest, reference: str) -> HttpResponse:
    shown = _batch_for(request, reference)
    if shown.state != Batch.State.LOOKED_AT or shown.source is None:
        return redirect("intake:batch", reference)
    looked = queries.dry_run(shown)
    fields = {field.code: field.label for field in target_called(shown.target).fields}
    header = queries.header_of(shown)
    used = [index for index, code in enumerate(shown.columns) if code]
    groups = []
    for name, label in (
        ("rejected", _("Rejected")),
        ("doubtful", _("Taken with a doubt")),
        ("updated", _("Updated")),
        ("new", _("New")),
    ):
        rows = [
            {
                "number": row.number,
                "deed": row.deed,
                "words": [_sentence(shown, row.reason)] * bool(row.reason)
                + [doubt_sentence(d) for d in row.row_doubts],
                "cells": [
                    (
                        row.cells[index] if index < len(row.cells) else "",
                        doubt_sentence(row.doubts[index]) if index in row.doubts else "",
                    )
                    for index in used
                ],
            }
            for row in looked.examples[name]
        ]
        groups.append({"name": name, "label": label, "count": looked.counts[name], "rows": rows})
    context = {
        "batch": shown,
        "looked": looked,
        "silence": target_called(shown.target).silences.get(shown.silence, ""),
        "groups": groups,
        "columns": [
            (fields[shown.columns[index]], header[index].strip() if index < len(header) else "") for index in used
        ],
    }
    return render(request, "intake/staff/dry_run.html", context)


@require_POST
@guarded
def start(request: SignedInRequest, reference: str) -> HttpResponse:
    return _step(request, reference, actions.start)


@require_POST
@guarded
def stop(request: SignedInRequest, reference: str) -> HttpResponse:
    return _step(request, reference, actions.stop)


@require_POST
@guarded
def undo(request: SignedInRequest, reference: str) -> HttpResponse:
    return _step(request, reference, actions.undo)


def _step(request: SignedInRequest, reference: str, action: Any) -> HttpResponse:
    try:
        action(_batch_for(request, reference), by=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return redirect("intake:batch", reference)


@require_GET
@guarded
def doubtful(request: SignedInRequest, reference: str) -> HttpResponse:
    shown = _batch_for(request, reference)
    target = target_called(shown.target)
    fields = {field.code: field.label for field in target.fields}
    page = _page_of(request)
    found = list(shown.doubtful_rows.order_by("number")[(page - 1) * PAGE : page * PAGE + 1])
    record("intake.doubtful_read", by=request.user, about=shown.reference, detail={"page": page})
    rows = [
        {
            "number": row.number,
            "about": row.about,
            "url": target.url_of(row.about),
            "doubts": [(fields.get(field, ""), text, doubt_sentence(code)) for field, code, text in row.doubts],
        }
        for row in found[:PAGE]
    ]
    context = {"batch": shown, "rows": rows, "pager": _pager(request, page, more=len(found) > PAGE)}
    return render(request, "intake/staff/doubtful.html", context)


@require_GET
@guarded
def rejected(request: SignedInRequest, reference: str) -> HttpResponse:
    shown = _batch_for(request, reference)
    if not shown.rejected:
        raise Http404
    record("intake.rejected_read", by=request.user, about=shown.reference, detail={"rows": shown.rejected})
    response = StreamingHttpResponse(_rejected_lines(shown), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rejected-{shown.reference}.csv"'
    return cast(HttpResponse, response)  # the guard knows one kind of answer only; the server both


def harmless(cell: str) -> str:
    """The cell as no spreadsheet runs it: a formula gets an apostrophe, as spreadsheets themselves mark text."""
    risky = cell[:1] in ("\t", "\r") or (cell.lstrip()[:1] in ("=", "+", "-", "@") and not _is_plain_number(cell))
    cell = cell.replace("\0", "")
    return "'" + cell if risky or looks_like_formula(cell) else cell


def _is_plain_number(cell: str) -> bool:
    return cell.strip().lstrip("+-").replace(" ", "").replace(".", "").isdigit() or cell.strip() == "-"


def _rejected_lines(shown: Batch) -> Iterator[str]:
    """The original columns, with the row's number and the reason beside them."""
    header = queries.header_of(shown)
    width = max(len(header), len(shown.columns))
    buffer = io.StringIO()
    writer = csv.writer(buffer)

    def line(cells: list[str]) -> str:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([harmless(cell) for cell in cells])
        return buffer.getvalue()

    names = [header[index] if index < len(header) else "" for index in range(width)]
    yield "\ufeff" + line([*names, _("Row"), _("Reason")])
    for row in queries.rejected_rows(shown).iterator(chunk_size=200):
        cells = [str(cell) for cell in row.cells]
        cells += [""] * (width - len(cells))
        # Cells beyond the table come after the reason, so that the reasons stand in one column.
        yield line([*cells[:width], str(row.number), _sentence(shown, row.reason), *cells[width:]])
