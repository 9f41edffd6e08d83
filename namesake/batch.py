"""Reconciliation: every enquiry of a list against every person of a register, on all cores.

The register is indexed once and saved into the folder of the run (`OUT.work`, readable by its owner alone).
Each process maps that file and answers blocks of enquiries; each answered block is a file, put in place whole.
At the end the blocks are joined in order into OUT, which appears whole too. So whatever moment the run is
killed at, `resume` goes on with the blocks that lack, and the result has the same bytes as that of an unbroken
run: an answer depends on its enquiry and the register alone.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc

from namesake.index import Index
from namesake.person import REASON_CODES, TRAITS
from namesake.tables import FIELDS, Table, TableFault, TableWriter, csv_bytes, people, require, writable_kind
from namesake.weights import Weights

SCHEMA = pa.schema(
    [
        ("enquiry_id", pa.string()),
        ("rank", pa.int64()),
        ("person_id", pa.string()),
        ("bits", pa.float64()),
        ("probability", pa.float64()),
        ("reasons", pa.string()),
    ]
)
GIB = 1 << 30
_ROWS_INDEXED_AT_ONCE = 100_000
_BYTES_PER_PERSON = 120  # index, identifiers and the copy made while it settles; 31 to 60 once it lies on disk
_BYTES_PER_PROCESS = 350 << 20  # interpreter, compiled kernels, arrow, dictionaries of names
_BYTES_PER_ENQUIRY = 24 << 10  # an enquiry as read, as bytes for the kernel, and its answers with reasons
_MOST_IN_A_BLOCK, _FEWEST_IN_A_BLOCK = 5_000, 200

Progress = Callable[[str, int, int], object]
"""Called with what is being done, how many rows are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a reconciliation did."""

    people: int
    enquiries: int
    answered_before: int  # enquiries an earlier, broken run had answered
    index_seconds: float
    answer_seconds: float
    seconds: float
    index_bytes: int


def reconcile(
    register: Table,
    enquiries: Table,
    out: str | Path,
    *,
    top: int = 10,
    processes: int | None = None,
    memory: int = 4 * GIB,
    resume: bool = False,
    weights: Weights | None = None,
    engine: str = "local",
    spark_master: str = "",
    progress: Progress = lambda what, done, total: None,
) -> Summary:
    """Find for every enquiry the `top` likeliest persons of the register; write them to `out` in the enquiries' order.

    `out` is CSV, Parquet or XLSX by its extension, with the columns of `SCHEMA`. `memory` (bytes, all processes
    together) bounds the size of the blocks; a register that does not fit is refused before anything is read.
    `engine` is "local" or "spark".
    """
    began = time.monotonic()
    out = Path(out)
    require(register)
    require(enquiries)
    writable_kind(out)
    if top < 1:
        raise TableFault("--top has to be at least 1.")
    processes = processes or os.cpu_count() or 1
    people_count, total = register.count(), enquiries.count()
    size = block_size(people_count, processes, memory)
    run = Run(out, top)
    run.open(
        {
            "register": _fingerprint(register),
            "enquiries": _fingerprint(enquiries),
            "top": top,
            "rows in a block": size,
            "kind": writable_kind(out),
        },
        weights or Weights.load(),
        resume=resume,
    )
    index_bytes = run.make_index(register, people_count, progress)
    indexed = time.monotonic()
    blocks = -(-total // size)
    done = run.answered(blocks)
    before = sum(min(size, total - number * size) for number in done)
    count = before
    progress("answering", count, total)
    lacking = ((number, block) for number, block in enumerate(enquiries.blocks(size)) if number not in done)
    if engine == "spark":
        from namesake.spark import answer_on_spark

        answered = answer_on_spark(run, lacking, spark_master, processes)
    elif processes == 1:
        answered = _answer_here(run, lacking)
    else:
        answered = _answer_in_processes(run, lacking, processes)
    for rows in answered:
        count += rows
        progress("answering", count, total)
    answered_at = time.monotonic()
    run.join(blocks, total, progress)
    return Summary(
        people=people_count,
        enquiries=total,
        answered_before=before,
        index_seconds=indexed - began,
        answer_seconds=answered_at - indexed,
        seconds=time.monotonic() - began,
        index_bytes=index_bytes,
    )


def block_size(people_count: int, processes: int, memory: int) -> int:
    """How many enquiries a process answers at once within the memory; refuses a register that does not fit."""
    fixed = people_count * _BYTES_PER_PERSON + processes * _BYTES_PER_PROCESS
    least = fixed + processes * _FEWEST_IN_A_BLOCK * _BYTES_PER_ENQUIRY
    if memory < least:
        raise TableFault(
            f"{people_count:,} persons with {processes} processes need about {least / GIB:.1f} G of memory; "
            f"allowed are {memory / GIB:.1f} G (--memory, --processes)."
        )
    # Twice over: each process has a block at hand while the next one waits.
    return int(min(_MOST_IN_A_BLOCK, (memory - fixed) // (2 * processes * _BYTES_PER_ENQUIRY)))


def answer_block(index: Index, ids: pa.Array, block: pa.RecordBatch, top: int) -> pa.RecordBatch:
    """The answers to a block of enquiries, as rows of `SCHEMA`."""
    columns = {name: block.column(name) for name in FIELDS if name in block.schema.names and name != "aliases"}
    found = index.search_columns(columns, limit=top)
    keys, bits, probability = found.keys.copy(), found.bits.copy(), found.probability.copy()
    codes, trait_bits = found.trait_codes.copy(), found.trait_bits.copy()
    if "aliases" in block.schema.names:
        _answer_aliases(index, block, top, keys, bits, probability, codes, trait_bits)
    listed = keys >= 0
    rows, places = np.nonzero(listed)
    return pa.RecordBatch.from_arrays(
        [
            block.column("id").take(pa.array(rows)),
            pa.array(places + 1, pa.int64()),
            ids.take(pa.array(keys[listed])).cast(pa.string()),
            pa.array(np.round(bits[listed].astype(np.float64), 3)),
            pa.array(np.round(probability[listed].astype(np.float64), 9)),
            _reasons(codes[listed], trait_bits[listed]),
        ],
        schema=SCHEMA,
    )


def _answer_aliases(
    index: Index, block: pa.RecordBatch, top: int, keys: Any, bits: Any, probability: Any, codes: Any, trait_bits: Any
) -> None:
    """Ask enquiries with other spellings one by one; reasons are given where the first spelling found the same."""
    aliases = block.column("aliases").to_pylist()
    asked = people(block)
    for row in (row for row, alias in enumerate(aliases) if alias):
        old = {
            int(key): (codes[row, place].copy(), trait_bits[row, place].copy()) for place, key in enumerate(keys[row])
        }
        keys[row], bits[row], probability[row] = -1, 0.0, 0.0
        codes[row], trait_bits[row] = 255, np.nan
        for place, candidate in enumerate(index.search(asked[row], limit=top)):
            keys[row, place], bits[row, place], probability[row, place] = (
                candidate.key,
                candidate.bits,
                candidate.probability,
            )
            if candidate.key in old:
                codes[row, place], trait_bits[row, place] = old[candidate.key]


_TENTHS = 400  # no trait is worth more than 40 bits either way


@lru_cache(maxsize=1)
def _words() -> pa.Array:
    """Every reason with every weight to a tenth of a bit: code * (2 * _TENTHS + 1) + tenths + _TENTHS; then None."""
    words = [f"{code.value} {tenths / 10:+.1f}" for code in REASON_CODES for tenths in range(-_TENTHS, _TENTHS + 1)]
    return pa.array([*words, None], pa.string())


def _reasons(codes: Any, bits: Any) -> pa.Array:
    """Reason and bits of each trait that is not silent: "surname_same +12.4; born_same_year +4.1"."""
    words = _words()
    parts = []
    for trait in range(len(TRAITS)):
        silent = codes[:, trait] == 255
        if silent.all():
            continue
        tenths = np.clip(np.rint(np.nan_to_num(bits[:, trait]) * 10), -_TENTHS, _TENTHS).astype(np.int64)
        place = codes[:, trait].astype(np.int64) * (2 * _TENTHS + 1) + tenths + _TENTHS
        place[silent] = len(words) - 1
        parts.append(words.take(pa.array(place)))
    if not parts:
        return pa.array([""] * len(codes), pa.string())
    return pc.binary_join_element_wise(*parts, "; ", null_handling="skip")


class Run:
    """The folder of a run: what it is about, the saved index, and a file for each answered block."""

    def __init__(self, out: Path, top: int) -> None:
        self.out = out
        self.top = top
        self.folder = out.with_name(out.name + ".work")
        self.index_path = self.folder / "register.index"
        self.ids_path = self.folder / "register.ids"
        self.weights_path = self.folder / "weights.json"
        self._csv = writable_kind(out) == "csv"

    @property
    def files(self) -> tuple[Path, Path, Path]:
        """What an `Answerer` reads."""
        return self.index_path, self.ids_path, self.weights_path

    def open(self, about: Mapping[str, object], weights: Weights, *, resume: bool) -> None:
        """Start afresh, or go on with an earlier run if it was about the very same."""
        manifest = self.folder / "run.json"
        scales = b"".join(np.asarray(array).tobytes() for array in weights.scales())
        engine = {"library": _library_digest(), "weights": hashlib.sha256(scales).hexdigest()[:16]}
        said = json.dumps({**about, **engine}, indent=1, sort_keys=True)
        if resume and manifest.exists():
            if manifest.read_text() != said:
                raise TableFault(
                    f"{self.folder} holds a run with other lists or options; it cannot be resumed. "
                    "Run without --resume to start afresh."
                )
            return
        if self.folder.exists():
            shutil.rmtree(self.folder)
        self.folder.mkdir(mode=0o700, parents=True)
        weights.save(self.weights_path)
        _put(manifest, said.encode())

    def make_index(self, register: Table, people_count: int, progress: Progress) -> int:
        """Index the register and save it, unless an earlier run did; how many bytes the index has."""
        if self.index_path.exists() and self.ids_path.exists():
            return self.index_path.stat().st_size
        index, ids = build_index(register, people_count, Weights.load(self.weights_path), progress)
        sink = pa.BufferOutputStream()
        table = pa.table({"id": ids})
        with pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
        _put(self.ids_path, sink.getvalue())
        half = self.index_path.with_suffix(".half")
        index.save(half)
        half.replace(self.index_path)
        return self.index_path.stat().st_size

    def part(self, number: int) -> Path:
        """Where the answers of a block lie."""
        return self.folder / f"part-{number:07d}"

    def answered(self, blocks: int) -> set[int]:
        """Which blocks were answered before."""
        return {number for number in range(blocks) if self.part(number).exists()}

    def keep(self, number: int, answers: pa.RecordBatch) -> None:
        """Put the answers of a block in place, whole: as the lines of a CSV, where that is wanted, else as Arrow's."""
        _put(self.part(number), csv_bytes(answers) if self._csv else as_bytes(answers))

    def join(self, blocks: int, total: int, progress: Progress) -> None:
        """Write OUT from the blocks in order, put it in place whole, and clear the folder away."""
        half = self.out.with_name(f".half-{self.out.name}")
        with TableWriter(half, SCHEMA) as writer:
            for number in range(blocks):
                if self._csv:
                    writer.write_lines(self.part(number))
                else:
                    with pa.memory_map(str(self.part(number))) as source:
                        for batch in pa.ipc.open_stream(source):
                            writer.write(batch)
                progress("writing", min(total, (number + 1) * -(-total // max(blocks, 1))), total)
        half.replace(self.out)
        shutil.rmtree(self.folder)


def build_index(
    register: Table,
    people_count: int,
    weights: Weights | None = None,
    progress: Progress = lambda what, done, total: None,
) -> tuple[Index, pa.Array]:
    """Index a list of people: key n is its row n (from 0). With the identifiers, row by row."""
    index = Index(weights)
    ids: list[pa.Array] = []
    done = 0
    progress("indexing", 0, people_count)
    for block in register.blocks(_ROWS_INDEXED_AT_ONCE):
        if "aliases" in block.schema.names:
            index.add_many(zip(range(done, done + block.num_rows), people(block), strict=True))
        else:
            columns = {name: block.column(name) for name in block.schema.names if name in FIELDS}
            index.add_columns(np.arange(done, done + block.num_rows, dtype=np.int64), columns)
        ids.append(block.column("id"))
        done += block.num_rows
        progress("indexing", done, people_count)
    index.settle()
    return index, pa.concat_arrays(ids) if ids else pa.array([], pa.string())


def as_bytes(batch: pa.RecordBatch) -> bytes:
    """A block of rows in Arrow's stream form."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return bytes(sink.getvalue())


def from_bytes(data: bytes) -> pa.RecordBatch:
    """A block of rows from Arrow's stream form."""
    with pa.ipc.open_stream(data) as reader:
        return reader.read_next_batch()


class Answerer:
    """What a process holds to answer blocks: the mapped index and the identifiers."""

    def __init__(self, files: Sequence[str | Path], top: int) -> None:
        index_path, ids_path, weights_path = files
        self.index = Index.load(index_path, weights=Weights.load(weights_path))
        with pa.memory_map(str(ids_path)) as source:
            self.ids = pa.ipc.open_file(source).read_all().column("id").combine_chunks()
        self.top = top

    def answer(self, block: pa.RecordBatch) -> pa.RecordBatch:
        """The answers to a block."""
        return answer_block(self.index, self.ids, block, self.top)


def _answer_here(run: Run, lacking: Iterable[tuple[int, pa.RecordBatch]]) -> Iterator[int]:
    answerer = Answerer(run.files, run.top)
    for number, block in lacking:
        run.keep(number, answerer.answer(block))
        yield block.num_rows


_answerer: list[Answerer] = []
_run: list[Run] = []


def _start_process(out: str, top: int) -> None:
    run = Run(Path(out), top)
    _run.append(run)
    _answerer.append(Answerer(run.files, top))


def _answer_and_keep(number: int, data: bytes) -> int:
    block = from_bytes(data)
    _run[0].keep(number, _answerer[0].answer(block))
    return int(block.num_rows)


def _answer_in_processes(run: Run, lacking: Iterable[tuple[int, pa.RecordBatch]], processes: int) -> Iterator[int]:
    # Not forked: a copy of a process with threads in Arrow and Numba may hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, _start_process, (str(run.out), run.top)) as pool:
        waiting: set[Future[int]] = set()
        for number, block in lacking:
            waiting.add(pool.submit(_answer_and_keep, number, as_bytes(block)))
            # Two blocks for each process at the most, so that a long list does not pile up in memory.
            while len(waiting) >= 2 * processes:
                ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in ready:
                    yield future.result()
        for future in waiting:
            yield future.result()


def _put(path: Path, data: Any) -> None:
    half = path.with_name(path.name + ".half")
    with half.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def _fingerprint(table: Table) -> str:
    with table.path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    return f"{content} {table.encoding} {sorted(table.columns.items())}"


def _library_digest() -> str:
    """A digest of the library itself: answers of another version must not be mixed in."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*")):
        if path.suffix in {".py", ".json"} and "tests" not in path.parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
