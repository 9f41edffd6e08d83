"""The command line: `namesake compare | pairs | search | reconcile | evaluate | learn`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table as Grid

import namesake
from namesake import tables
from namesake.batch import GIB, build_index, reconcile
from namesake.diagram import reliability_diagram
from namesake.evaluate import ABSENT, Asked, Figures, ask, asked_from, judge, missed
from namesake.index import Index, StaleIndex
from namesake.person import Comparison, Person
from namesake.score import compare
from namesake.tables import FIELDS, Table, TableFault, TableWriter
from namesake.weights import UnreadableWeights, Weights

_ABOUT = """\
Tells a person from his namesakes, across scripts, spellings and lists.

  namesake compare "Щербач Остап 1990" "SCHERBACH O., 28.05.1990"
  namesake reconcile register.csv enquiries.xlsx --out answers.csv
  namesake search register.csv
  namesake evaluate register.parquet enquiries.csv.gz
"""

_LISTS = """\
Lists are CSV (any delimiter; UTF-8 or Windows-1251; .gz too), Parquet or XLSX.
Columns are found by their headings in Ukrainian, Russian, English, French, Polish and
German; --map says otherwise. Fields: id, {fields}.
""".format(fields=", ".join(FIELDS))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 if it was done, 2 if it was refused (the reason is on standard error), 130 if it was stopped."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except (TableFault, StaleIndex, UnreadableWeights) as fault:
        print(f"namesake: {fault}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nnamesake: stopped", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "namesake", description=_ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"namesake {namesake.__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, run: Any, help: str, about: str = "") -> argparse.ArgumentParser:
        one = commands.add_parser(
            name, help=help, description=f"{help}.\n\n{about}", formatter_class=argparse.RawDescriptionHelpFormatter
        )
        one.set_defaults(run=run)
        return one

    one = command(
        "compare",
        _compare,
        "Compare two descriptions and show what speaks for and against, in bits",
        "A description is a name in any order, or fields:\n"
        '"surname=Щербач; given=Остап; born=28.05.1990; birthplace=Lwów".\n'
        "A date at the end of a bare name is taken as the date of birth.",
    )
    one.add_argument("left", metavar="A")
    one.add_argument("right", metavar="B")
    one.add_argument("--index", type=Path, help="a saved index or a list whose name frequencies are used")
    _common(one, weights=True, lists=True)

    one = command(
        "pairs",
        _pairs,
        "Score a file of name pairs",
        "Reads columns a and b; writes the same rows in the same order with a column score (bits: above zero speaks for one person).",
    )
    one.add_argument("file", type=Path, metavar="FILE")
    one.add_argument("--out", type=Path, required=True, help=".csv, .parquet or .xlsx")
    one.add_argument("--encoding", default="", help="of a CSV file, if it is guessed wrongly")

    one = command("search", _search, "Ask for one person after another", f"INDEX is a saved index or a list.\n{_LISTS}")
    one.add_argument("index", type=Path, metavar="INDEX")
    one.add_argument("--top", type=int, default=10, help="how many candidates to show (10)")
    one.add_argument("--save", type=Path, help="save the index here, so that the next start is fast")
    _common(one, weights=True, lists=True)

    one = command(
        "reconcile",
        _reconcile,
        "Find for every enquiry the likeliest persons of a register",
        f"Writes enquiry_id,rank,person_id,bits,probability,reasons.\n\n{_LISTS}",
    )
    _two_lists(one)
    one.add_argument("--out", type=Path, required=True, help=".csv, .parquet or .xlsx")
    one.add_argument("--top", type=int, default=10, help="candidates per enquiry (10)")
    one.add_argument("--processes", type=int, help="how many processes (one per core)")
    one.add_argument(
        "--memory", type=_bytes, default=4 * GIB, help="bound of the memory of all processes, e.g. 4G or 800M (4G)"
    )
    one.add_argument(
        "--resume", action="store_true", help="go on with a run that was broken off; without it a run starts afresh"
    )
    one.add_argument("--engine", choices=("local", "spark"), default="local")
    one.add_argument("--spark-master", default="", help="e.g. spark://host:7077 (SPARK_MASTER, else a local one)")
    one.add_argument("--quiet", action="store_true", help="no progress")
    _common(one, weights=True, lists=True)

    one = command(
        "evaluate",
        _evaluate,
        "Measure how well the enquiries' right persons are found",
        "ENQUIRIES has a column true_id (-1 or empty: not in the register), and may have mode and\n"
        f"noise to slice by.\n\n{_LISTS}",
    )
    _two_lists(one)
    one.add_argument("--first", type=int, help="only the first so many enquiries")
    one.add_argument("--skip", type=int, default=0, help="leave out the first so many enquiries")
    one.add_argument("--json", type=Path, help="write the figures here too")
    one.add_argument("--diagram", type=Path, help="draw the reliability diagram here (SVG)")
    one.add_argument(
        "--missed",
        type=Path,
        help="write here the enquiries whose person is not in the first ten (holds names)",
    )
    _common(one, weights=True, lists=True)

    one = command(
        "learn",
        _learn,
        "Learn the weights from enquiries, with or without their right persons",
        "Writes a readable file for --weights. Where the enquiries have a column true_id (as for evaluate) the weights are\n"
        "learnt from it; where they have none, by expectation and maximisation (EM), which also estimates how many of\n"
        f"the persons asked about are in the register.\n\n{_LISTS}",
    )
    _two_lists(one)
    one.add_argument("--out", type=Path, required=True, help="the weights file to write (.json)")
    one.add_argument("--first", type=int, help="only the first so many enquiries")
    one.add_argument("--skip", type=int, default=0, help="leave out the first so many enquiries")
    one.add_argument("--unlabelled", action="store_true", help="learn without true_id, also where there is one")
    _common(one, weights=True, lists=True)
    return parser


def _two_lists(one: argparse.ArgumentParser) -> None:
    one.add_argument("register", type=Path, metavar="REGISTER")
    one.add_argument("enquiries", type=Path, metavar="ENQUIRIES")


def _common(one: argparse.ArgumentParser, *, weights: bool, lists: bool) -> None:
    if lists:
        one.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="FIELD=COLUMN",
            help="which column fills a field; FIELD= leaves it unread; register:FIELD=COLUMN for one list only",
        )
        one.add_argument("--encoding", default="", help="of CSV files, if it is guessed wrongly")
    if weights:
        one.add_argument("--weights", type=Path, help="a weights file made by learn")


def _bytes(text: str) -> int:
    factor = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}.get(text[-1:].upper(), 0)
    try:
        return int(float(text[:-1]) * factor) if factor else int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 4G or 800M") from None


def _said(options: argparse.Namespace, side: str) -> dict[str, str]:
    said: dict[str, str] = {}
    for entry in options.map:
        name, equals, heading = entry.partition("=")
        if not equals:
            raise TableFault(f"--map {entry}: say FIELD=COLUMN.")
        for_side, colon, bare = name.partition(":")
        if not colon:
            said.setdefault(name.strip(), heading.strip())
        elif for_side == side:
            said[bare.strip()] = heading.strip()
        elif for_side not in {"register", "enquiries"}:
            raise TableFault(f"--map {entry}: the list is register or enquiries.")
    return said


def _open(options: argparse.Namespace, side: str, *needed: str) -> Table:
    path: Path = getattr(options, side)
    table = tables.open_table(path, _said(options, side), options.encoding)
    tables.require(table, *needed)
    return table


def _weights(options: argparse.Namespace) -> Weights:
    if options.weights is None:
        return Weights.load()
    if not options.weights.is_file():
        raise TableFault(f"There is no file {options.weights}.")
    return Weights.load(options.weights)


@contextmanager
def _progress(shown: bool = True) -> Iterator[Any]:
    """A bar with the rate and the time left, on standard error; gives a `batch.Progress`."""
    columns = (
        TextColumn("{task.description:10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), disable=not shown) as bar:
        tasks: dict[str, TaskID] = {}
        began: dict[str, tuple[float, int]] = {}

        def progress(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total, completed=done, rate="")
                began[what] = (time.monotonic(), done)
            since, first = began[what]
            passed = time.monotonic() - since
            bar.update(tasks[what], completed=done, rate=f"{(done - first) / passed:,.0f}/s" if passed > 0.2 else "")

        yield progress


def _description(text: str) -> Person:
    """A description typed in one line: fields "name=value; ...", or a bare name with perhaps a date at its end."""
    if "=" in text:
        said: dict[str, str] = {}
        for part in text.split(";"):
            name, equals, value = part.partition("=")
            if not part.strip():
                continue
            if not equals or name.strip() not in FIELDS:
                raise TableFault(f"Fields are written name=value; name=value, with the names: {', '.join(FIELDS)}.")
            said[name.strip()] = value.strip()
        aliases = tuple(alias.strip() for alias in said.pop("aliases", "").split(",") if alias.strip())
        return Person(**said, aliases=aliases)  # type: ignore[arg-type]
    words = text.replace(",", " ").split()
    born = ""
    if len(words) > 1 and any(c.isdigit() for c in words[-1]) and sum(c.isdigit() for c in words[-1]) >= 2:
        born = words.pop()
    return Person(full=" ".join(words), born=born)


def _index_of(path: Path, options: argparse.Namespace) -> tuple[Index, Table | None]:
    """A saved index, or the index of a list just read."""
    if not path.is_file():
        raise TableFault(f"There is no file {path}.")
    with path.open("rb") as file:
        saved = file.read(14) == b"namesake index"
    if saved:
        return Index.load(path, weights=_weights(options)), None
    table = tables.open_table(path, _said(options, "register"), options.encoding)
    tables.require(table)
    with _progress() as progress:
        index, _ = build_index(table, table.count(), _weights(options), progress)
    return index, table


def _compare(options: argparse.Namespace) -> int:
    left, right = _description(options.left), _description(options.right)
    index = (
        _index_of(options.index, options)[0] if options.index else Index(_weights(options)) if options.weights else None
    )
    _print_comparison(compare(left, right, index), Console())
    return 0


def _print_comparison(comparison: Comparison, console: Console) -> None:
    grid = Grid("trait", "A", "B", "reason", "bits")
    grid.columns[-1].justify = "right"
    for one in comparison.evidence:
        values = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in one.reason.values.items())
        reason = one.reason.code.value.removeprefix(f"{one.trait}_").replace("_", " ")
        grid.add_row(one.trait, one.left, one.right, f"{reason} ({values})" if values else reason, f"{one.bits:+.1f}")
    grid.add_section()
    grid.add_row("", "", "", f"together; probability {comparison.probability:.4f}", f"{comparison.bits:+.1f}")
    console.print(grid)


def _pairs(options: argparse.Namespace) -> int:
    from namesake.names import score_pairs

    # The pairs file is no list of people: its columns keep their own names.
    table = tables.open_table(options.file, {}, options.encoding)
    for name in ("a", "b"):
        if name not in table.headings:
            raise TableFault(f"{options.file}: no column {name!r}. Its columns are: {', '.join(table.headings)}.")
    headings = [heading for heading in table.headings if heading != "score"]
    schema = pa.schema([*((heading, pa.string()) for heading in headings), ("score", pa.float64())])
    began, count = time.perf_counter(), 0
    with TableWriter(options.out, schema) as writer:
        for block in table.rows(headings, 100_000):
            left, right = (block.column(name).to_pylist() for name in ("a", "b"))
            scores = np.asarray(score_pairs(left, right), np.float64)
            writer.write(pa.RecordBatch.from_arrays([*block.columns, pa.array(scores)], schema=schema))
            count += block.num_rows
    seconds = time.perf_counter() - began
    print(f"{count:,} pairs in {seconds:.1f} s ({count / max(seconds, 1e-9):,.0f}/s) -> {options.out}", file=sys.stderr)
    return 0


def _search(options: argparse.Namespace) -> int:
    index, table = _index_of(options.index, options)
    if options.save:
        index.save(options.save)
    recorded = [person for block in table.blocks(100_000) for person in tables.people(block)] if table else []
    ids = [one for block in table.blocks(100_000) for one in block.column("id").to_pylist()] if table else []
    console = Console()
    asking = sys.stdin.isatty()
    if asking:
        console.print(
            f"{len(index):,} persons. A name, or name=value; name=value. An empty line ends.", highlight=False
        )
    while True:
        try:
            line = (input("> ") if asking else sys.stdin.readline().rstrip("\n")).strip()
        except EOFError:
            return 0
        if not line:
            return 0
        try:
            sought = _description(line)
        except TableFault as fault:
            console.print(str(fault))
            continue
        began = time.perf_counter()
        found = index.search(sought, limit=options.top)
        milliseconds = (time.perf_counter() - began) * 1000
        grid = Grid("rank", "id", "bits", "probability", "recorded as" if recorded else "")
        for rank, one in enumerate(found, 1):
            said = ""
            if recorded:
                person = recorded[one.key]
                said = " · ".join(str(getattr(person, name)) for name in FIELDS[:-1] if getattr(person, name))
            grid.add_row(
                str(rank), ids[one.key] if ids else str(one.key), f"{one.bits:.1f}", f"{one.probability:.4f}", said
            )
        console.print(grid)
        console.print(f"{milliseconds:.2f} ms", highlight=False)


def _reconcile(options: argparse.Namespace) -> int:
    register, enquiries = _open(options, "register"), _open(options, "enquiries")
    if not options.quiet:
        for side, table in (("register", register), ("enquiries", enquiries)):
            read = ", ".join(f"{name}={heading}" for name, heading in table.columns.items())
            print(f"{side}: {read}", file=sys.stderr)
    with _progress(not options.quiet) as progress:
        summary = reconcile(
            register,
            enquiries,
            options.out,
            top=options.top,
            processes=options.processes,
            memory=options.memory,
            resume=options.resume,
            weights=_weights(options),
            engine=options.engine,
            spark_master=options.spark_master,
            progress=progress,
        )
    answered = summary.enquiries - summary.answered_before
    print(
        f"{summary.enquiries:,} enquiries against {summary.people:,} persons in {summary.seconds:.1f} s: "
        f"index {summary.index_seconds:.1f} s ({summary.index_bytes / (1 << 20):.0f} MB), "
        f"{answered:,} answered in {summary.answer_seconds:.1f} s "
        f"({answered / max(summary.answer_seconds, 1e-9):,.0f}/s) -> {options.out}",
        file=sys.stderr,
    )
    return 0


def _labelled(
    options: argparse.Namespace, *needed: str
) -> tuple[Table, Index, dict[str, int], list[Asked], list[Person], float]:
    register, enquiries = _open(options, "register", "id"), _open(options, "enquiries", *needed)
    with _progress() as progress:
        began = time.perf_counter()
        index, ids = build_index(register, register.count(), _weights(options), progress)
        built = time.perf_counter() - began
    keys = {one: key for key, one in enumerate(ids.to_pylist())}
    asked: list[Asked] = []
    sought: list[Person] = []
    for block in enquiries.blocks(100_000):
        persons = tables.people(block)
        sought += persons
        names = [name for name in ("true_id", "mode", "noise") if name in block.schema.names]
        if "true_id" in names:
            asked += asked_from(block.select(names).to_pylist(), persons, keys)
    last = None if options.first is None else options.skip + options.first
    return register, index, keys, asked[options.skip : last], sought[options.skip : last], built


def _evaluate(options: argparse.Namespace) -> int:
    register, index, _, asked, _, built = _labelled(options, "true_id")
    namesake.warm()
    for one in asked[:50]:
        index.search(one.sought)
    with _progress() as progress:
        done = 0

        def step() -> None:
            nonlocal done
            done += 1
            if done % 100 == 0 or done == len(asked):
                progress("searching", done, len(asked))

        answers = ask(index, asked, step)
    figures = judge(answers, asked)
    console = Console(width=120) if not sys.stdout.isatty() else Console()
    console.print(
        f"{len(index):,} persons, index {index.nbytes / 1e6:.0f} MB, built in {built:.1f} s; "
        f"{figures.enquiries:,} enquiries, {figures.answerable:,} of them with a person in the register.",
        highlight=False,
    )
    for grid in figures_as_grids(figures):
        console.print(grid)
    if options.json:
        said = {**asdict(figures), "people": len(index), "index_bytes": index.nbytes, "build_seconds": built}
        options.json.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if options.diagram:
        title = f"Reliability of the first candidate ({figures.enquiries:,} enquiries, {len(index):,} persons)"
        options.diagram.write_text(reliability_diagram(figures.bins, title), encoding="utf-8")
    if options.missed:
        _write_missed(options.missed, register, asked, answers, list(missed(answers, asked)))
    return 0


def figures_as_grids(figures: Figures) -> list[Grid]:
    """The figures as tables: the measures, the reliability, the slices."""
    measures = Grid("measure", "value", title="All enquiries")
    measures.columns[1].justify = "right"
    for k, share in figures.recall.items():
        measures.add_row(f"recall@{k}", f"{share:.4f}")
    measures.add_row("MRR", f"{figures.mrr:.4f}")
    for one in figures.confirmed:
        measures.add_row(f"right person confirmed at {one.false_rate:.1%} false confirmation", f"{one.right:.4f}")
        measures.add_row(f"wrong person confirmed at {one.false_rate:.1%} (limit {one.limit:.4f})", f"{one.wrong:.4f}")
    measures.add_row(f"best F1 (P {figures.best_precision:.3f}, R {figures.best_recall:.3f})", f"{figures.best_f1:.4f}")
    for precision, share in figures.recall_at_precision.items():
        measures.add_row(f"recall at precision {precision}", f"{share:.4f}")
    measures.add_row("calibration error, first candidate (15 bins)", f"{figures.ece:.4f}")
    measures.add_row("calibration error, all candidates", f"{figures.ece_all:.4f}")
    measures.add_row(
        "latency p50 / p99 / mean (ms)", f"{figures.p50_ms:.3f} / {figures.p99_ms:.3f} / {figures.mean_ms:.3f}"
    )
    table = Grid("given", "candidates", "mean given", "right", title="Reliability of the first candidate")
    for bin in figures.bins:
        if bin.count:
            table.add_row(
                f"{bin.low:.3f}-{bin.high:.3f}", str(bin.count), f"{bin.mean_probability:.4f}", f"{bin.share_right:.4f}"
            )
    slices = Grid("slice", "n", "recall@1", "recall@10", "recall@32", title="By slice")
    for column in slices.columns[1:]:
        column.justify = "right"
    for name, (count, *shares) in figures.slices.items():
        slices.add_row(name, str(count), *(f"{share:.4f}" for share in shares))
    return [measures, table, slices]


def _write_missed(path: Path, register: Table, asked: Sequence[Asked], answers: Any, rows: Sequence[int]) -> None:
    """The enquiries whose person was not found, beside the person, to be read by people."""
    wanted = {asked[row].true_key for row in rows}
    recorded: dict[int, Person] = {}
    start = 0
    for block in register.blocks(100_000):
        inside = [key for key in wanted if start <= key < start + block.num_rows]
        if inside:
            persons = tables.people(block.take(pa.array([key - start for key in inside])))
            recorded.update(zip(inside, persons, strict=True))
        start += block.num_rows
    columns = [
        "row",
        "rank",
        "mode",
        "noise",
        *(f"{side}_{name}" for name in FIELDS[:-1] for side in ("asked", "recorded")),
    ]
    schema = pa.schema([(name, pa.string()) for name in columns])
    ranks = answers.rank
    lines = []
    for row in rows:
        one = asked[row]
        right = recorded[one.true_key]
        pairs = [str(getattr(side, name)) for name in FIELDS[:-1] for side in (one.sought, right)]
        lines.append([str(row), str(int(ranks[row])), one.mode, "+".join(one.noises), *pairs])
    with TableWriter(path, schema) as writer:
        arrays = [pa.array([line[i] for line in lines], pa.string()) for i in range(len(columns))]
        writer.write(pa.RecordBatch.from_arrays(arrays, schema=schema))


def _learn(options: argparse.Namespace) -> int:
    from namesake.learn import learn, learn_unlabelled

    labelled = "true_id" in _open(options, "enquiries").columns and not options.unlabelled
    _, index, _, asked, sought, _ = _labelled(options, *(("true_id",) if labelled else ()))
    last = options.skip + len(sought) - 1
    origin = f"{options.enquiries.name}, enquiries {options.skip} to {last}, against {options.register.name}"
    if labelled:
        answers = [None if one.true_key == ABSENT else one.true_key for one in asked]
        weights = learn(index, [one.sought for one in asked], answers, origin=origin)
    else:
        weights = learn_unlabelled(index, sought, origin=f"{origin}, without their answers (EM)")
    weights.save(options.out)
    print(f"learnt from {len(sought):,} enquiries -> {options.out}", file=sys.stderr)
    return 0
