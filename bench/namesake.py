"""The matching library beside its peers, in one table for pairs, one for retrieval and one for batches.

    ./dev bench namesake                               # small samples of the slow peers, about a quarter of an hour
    ./dev bench namesake --parts pairs
    ./dev bench namesake --parts retrieval --enquiries 500 --people 1000000

The peers are run as an ordinary user would: names romanised with anyascii, one configuration each. Their retrieval sees
the name alone; namesake is shown both so and with all fields. Data: ../shared/bench/names (or HOMEWARD_SHARED).
"""

# The peers are installed only where this bench runs.
# mypy: disable-error-code="import-not-found,import-untyped"

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parent.parent
NAMES = Path(os.environ.get("HOMEWARD_SHARED") or ROOT.parent / "shared") / "bench" / "names"
PARTS = ("pairs", "retrieval", "batch")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this bench."""
    parser.add_argument("--parts", default=",".join(PARTS), help=f"some of {','.join(PARTS)}")
    parser.add_argument("--enquiries", type=int, default=200, help="enquiries each peer answers (200)")
    parser.add_argument("--people", type=int, default=1_000_000, help="the first so many of the register (all)")
    parser.add_argument("--batch", type=Path, help="enquiries of the batch (those of the development half)")
    parser.add_argument(
        "--register", type=Path, help="another register for retrieval, e.g. of ten million (bench.resample)"
    )
    parser.add_argument("--peers", default="", help="only these peers, by the beginning of their names")


def main(options: argparse.Namespace) -> int:
    """Measure and print the tables."""
    if not NAMES.is_dir():
        print(f"The data of the benchmark are not in {NAMES}; set HOMEWARD_SHARED.", file=sys.stderr)
        return 2
    wanted = tuple(options.peers.split(",")) if options.peers else ("",)
    if "pairs" in options.parts:
        bench_pairs(wanted)
    if "retrieval" in options.parts:
        bench_retrieval(options.register or NAMES / "register.parquet", options.people, options.enquiries, wanted)
    if "batch" in options.parts:
        bench_batch(options.batch or NAMES / "enquiries.csv.gz", options.people, wanted)
    return 0


def processor_seconds() -> float:
    """Spent by this process and those it has waited for. On a busy machine it says more than the wall clock."""
    return sum(os.times()[:4])


def romanised(names: Sequence[str]) -> list[str]:
    """Latin, lower case: what the peers are given."""
    from anyascii import anyascii

    return [anyascii(name).lower() for name in names]


# Pairs


def bench_pairs(wanted: tuple[str, ...]) -> None:
    """AUC, best F1 and recall at 1 % false positives on the labelled pairs."""
    table = pa.csv.read_csv(NAMES / "pairs.csv.gz")
    left, right = table["a"].to_pylist(), table["b"].to_pylist()
    label = np.array(table["label"].to_pylist()) == 1
    source, region = np.array(table["source"].to_pylist()), np.array(table["region"].to_pylist())
    single, cases = source == "wd_token", source == "nk_cases"
    full = ~single & ~cases
    slices = {"full": full, "ex-Soviet": full & (region == "exsov"), "single": single, "nk": cases}
    print(
        "\n| pairs: method | "
        + " | ".join(f"{name} AUC/F1/R@1%" for name in slices)
        + " | pairs/s | processor µs a pair |"
    )
    print("|---" * (len(slices) + 3) + "|")
    methods: dict[str, Callable[[list[str], list[str]], Any]] = {
        "namesake": pairs_namesake,
        "rapidfuzz token_sort": pairs_rapidfuzz,
        "nomenklatura logic-v2": pairs_nomenklatura,
    }
    for name, method in methods.items():
        if not name.startswith(wanted):
            continue
        method(left[-20:], right[-20:])  # imports, tables and compiled loops are warm
        began, spent = time.perf_counter(), processor_seconds()
        scores = np.asarray(method(left, right), np.float64)
        rate = len(left) / (time.perf_counter() - began)
        spent = (processor_seconds() - spent) / len(left) * 1e6
        cells = [
            "{:.3f}/{:.3f}/{:.3f}".format(*pair_figures(scores[inside], label[inside])) for inside in slices.values()
        ]
        print(f"| {name} | " + " | ".join(cells) + f" | {rate:,.0f} | {spent:.1f} |", flush=True)


def pair_figures(scores: Any, label: Any) -> tuple[float, float, float]:
    """AUC (ties count half), best F1, recall at no more than 1 % false positives."""
    values, place = np.unique(scores, return_inverse=True)
    good = np.bincount(place[label], minlength=len(values)).astype(float)
    bad = np.bincount(place[~label], minlength=len(values)).astype(float)
    below = np.cumsum(bad) - bad
    auc = float((good * (below + bad / 2)).sum() / (good.sum() * bad.sum()))
    hits, false = good[::-1].cumsum(), bad[::-1].cumsum()
    f1 = 2 * hits / (hits + false + good.sum())
    recall = hits[false <= 0.01 * bad.sum()] / good.sum()
    return auc, float(f1.max()), float(recall.max(initial=0.0))


def pairs_namesake(left: list[str], right: list[str]) -> Any:
    """Ours."""
    from namesake.names import score_pairs

    return score_pairs(left, right)


def pairs_rapidfuzz(left: list[str], right: list[str]) -> Any:
    """Sorted words, edit ratio."""
    from rapidfuzz import fuzz

    return [fuzz.token_sort_ratio(a, b) for a, b in zip(romanised(left), romanised(right), strict=True)]


def pairs_nomenklatura(left: list[str], right: list[str]) -> Any:
    """Two entities of type Person with nothing but a name."""
    from followthemoney import model
    from nomenklatura.matching import get_algorithm
    from nomenklatura.matching.types import ScoringConfig

    algorithm: Any = get_algorithm("logic-v2")
    config = ScoringConfig.defaults()

    def person(key: str, name: str) -> Any:
        from followthemoney import EntityProxy

        entity = EntityProxy(model.get("Person"), {"id": key, "properties": {}})
        entity.add("name", name)
        return entity

    # Each entity its own key: what the library has worked out about a name, it remembers by the entity's key.
    return [
        algorithm.compare(person(f"{a}|{number}", a), person(f"{b}|{number}", b), config).score
        for number, (a, b) in enumerate(zip(left, right, strict=True))
    ]


# Retrieval


def bench_retrieval(path: Path, people: int, count: int, wanted: tuple[str, ...]) -> None:
    """Recall and time per enquiry against a register; every system answers the same enquiries."""
    register = pq.read_table(path).slice(0, people)
    asked = pa.csv.read_csv(
        NAMES / "enquiries.csv.gz",
        convert_options=pa.csv.ConvertOptions(column_types={"dob": pa.string(), "unit": pa.string()}),
    ).to_pylist()
    # Peers are asked about people who are there: they have no notion of "not in this register".
    rows = [row for row in asked if 0 <= row["true_id"] < people][:count]
    recorded = romanised(
        [" ".join(filter(None, p)) for p in zip(*(register[c].to_pylist() for c in ("surname", "given", "patronymic")))]
    )
    sought = romanised([row["full"] for row in rows])
    truth = [row["true_id"] for row in rows]
    print(
        f"\n| retrieval, {register.num_rows:,} people, {len(rows)} enquiries | R@1 | R@10 | p50 ms | p99 ms "
        "| build s | processor s, all |"
    )
    print("|---|---|---|---|---|---|---|")
    systems: dict[str, Callable[[], Any]] = {
        "namesake, all fields": lambda: search_namesake(register, rows, ("surname", "given", "patronymic", *REST)),
        "namesake, name only": lambda: search_namesake(register, rows, ("surname", "given", "patronymic")),
        "tantivy fuzzy": lambda: search_tantivy(recorded, sought),
        "sparse_dot_topn": lambda: search_sparse(recorded, sought),
        "PostgreSQL pg_trgm": lambda: search_postgres(recorded, sought),
        "rapidfuzz brute force": lambda: search_rapidfuzz(recorded, sought[:50]),
    }
    for name, run in systems.items():
        if not name.startswith(wanted):
            continue
        spent = processor_seconds()
        outcome = run()
        spent = processor_seconds() - spent
        if isinstance(outcome, str):
            print(f"| {name} | {outcome} | | | | | |", flush=True)
            continue
        build, answers, seconds = outcome
        ranks = np.array(
            [found.index(true) + 1 if true in found else 0 for found, true in zip(answers, truth, strict=False)]
        )
        at = [float(((ranks > 0) & (ranks <= k)).mean()) for k in (1, 10)]
        p50, p99 = np.percentile(np.array(seconds) * 1000, [50, 99])
        print(
            f"| {name} (n={len(ranks)}) | {at[0]:.3f} | {at[1]:.3f} | {p50:.2f} | {p99:.2f} | {build:.1f} | {spent:.1f} |",
            flush=True,
        )


REST = ("dob", "birthplace", "unit")


def timed(questions: Sequence[Any], answer: Callable[[Any], list[int]]) -> tuple[list[list[int]], list[float]]:
    """Every answer, and how long each took."""
    answers, seconds = [], []
    for question in questions:
        began = time.perf_counter()
        answers.append(answer(question))
        seconds.append(time.perf_counter() - began)
    return answers, seconds


def search_namesake(register: Any, rows: list[dict[str, Any]], columns: Sequence[str]) -> Any:
    """Ours, one call per enquiry."""
    from namesake import Index, Person

    person_of: Callable[[dict[str, Any]], Person] = lambda fields: Person(**fields)  # noqa: E731
    named = {column: "born" if column == "dob" else column for column in columns}
    began = time.perf_counter()
    index = Index()
    for start in range(0, register.num_rows, 100_000):
        block = register.slice(start, 100_000)
        fields = {named[column]: block[column].to_pylist() for column in columns}
        index.add_columns(np.arange(start, start + block.num_rows), fields)
    index.settle()
    build = time.perf_counter() - began
    persons = [person_of({named[column]: row[column] or "" for column in columns}) for row in rows]
    for person in persons[:20]:
        index.search(person)
    return build, *timed(persons, lambda person: [one.key for one in index.search(person, limit=10)])


def search_tantivy(recorded: list[str], sought: list[str]) -> Any:
    """Each word within one or two edits by its length."""
    import tantivy

    began = time.perf_counter()
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("name", tokenizer_name="default")
    builder.add_integer_field("key", stored=True, indexed=False)
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer(200_000_000, 1)
    for key, name in enumerate(recorded):
        writer.add_document(tantivy.Document(name=name, key=key))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    build = time.perf_counter() - began

    def answer(name: str) -> list[int]:
        words = [
            (
                tantivy.Occur.Should,
                tantivy.Query.fuzzy_term_query(schema, "name", word, distance=1 if len(word) < 6 else 2),
            )
            for word in name.replace(".", " ").split()
        ]
        found = searcher.search(tantivy.Query.boolean_query(words), 10).hits
        return [searcher.doc(address)["key"][0] for _, address in found]

    return build, *timed(sought, answer)


def search_sparse(recorded: list[str], sought: list[str]) -> Any:
    """Cosine of tf-idf over pairs and triples of letters; a batch, so the time is the mean."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sparse_dot_topn import sp_matmul_topn

    began = time.perf_counter()
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 3), dtype=np.float32)
    right = vectors.fit_transform(recorded).T.tocsr()
    build = time.perf_counter() - began
    began = time.perf_counter()
    found = sp_matmul_topn(vectors.transform(sought), right, top_n=10, sort=True).tocsr()
    seconds = (time.perf_counter() - began) / max(len(sought), 1)
    answers = [found.indices[found.indptr[i] : found.indptr[i + 1]].tolist() for i in range(len(sought))]
    return build, answers, [seconds] * len(sought)


def search_rapidfuzz(recorded: list[str], sought: list[str]) -> Any:
    """Every name of the register against every enquiry."""
    from rapidfuzz import fuzz, process

    return 0.0, *timed(
        sought,
        lambda name: [key for _, _, key in process.extract(name, recorded, scorer=fuzz.token_sort_ratio, limit=10)],
    )


def search_postgres(recorded: list[str], sought: list[str]) -> Any:
    """pg_trgm with a GIN index and the usual threshold of 0.3; through psql, so that no driver is needed."""
    with postgres() as psql:
        if psql is None:
            return "no PostgreSQL with pg_trgm: pgserver carries none, and Debian's is not installed"
        began = time.perf_counter()
        rows = "\n".join(f"{key}\t{name}" for key, name in enumerate(recorded))
        psql(f"create extension pg_trgm; create table p (key int, name text);\ncopy p from stdin;\n{rows}\n\\.\n")
        psql("create index on p using gin (name gin_trgm_ops); analyze p;")
        build = time.perf_counter() - began

        def answer(name: str) -> list[int]:
            quoted = name.replace("'", "''")
            found = psql(
                f"select key from p where name % '{quoted}' order by similarity(name, '{quoted}') desc, key limit 10;"
            )
            return [int(line) for line in found.split()]

        return build, *timed(sought, answer)


@contextmanager
def postgres() -> Iterator[Callable[[str], str] | None]:
    """A passing PostgreSQL that has pg_trgm: pgserver's if it carries it, else Debian's."""
    import pgserver

    own = Path(pgserver.__file__).parent / "pginstall"
    debian = sorted(Path("/usr/lib/postgresql").glob("*"))
    places = [(own / "bin", own / "share" / "postgresql" / "extension")]
    places += [(one / "bin", Path("/usr/share/postgresql") / one.name / "extension") for one in debian]
    binaries = next((bin for bin, extensions in places if (extensions / "pg_trgm.control").exists()), None)
    if binaries is None or shutil.which("psql") is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="pg-bench-") as folder:
        as_other = ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []
        os.chmod(folder, 0o777)
        data = f"{folder}/data"

        def run(*command: str) -> None:
            subprocess.run([*as_other, *command], check=True, stdout=subprocess.DEVNULL, cwd=folder)

        run(str(binaries / "initdb"), "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        run(str(binaries / "pg_ctl"), "-D", data, "-w", "-l", f"{folder}/log", "-o", f"-k {folder} -h ''", "start")
        try:

            def psql(text: str) -> str:
                command = ["psql", "-qAt", "-v", "ON_ERROR_STOP=1", "-h", folder, "-U", "bench", "postgres"]
                return subprocess.run(command, input=text, check=True, capture_output=True, text=True).stdout

            yield psql
        finally:
            run(str(binaries / "pg_ctl"), "-D", data, "-m", "immediate", "stop")


# Batch


def bench_batch(enquiries: Path, people: int, wanted: tuple[str, ...]) -> None:
    """All enquiries of a list against the register: wall time and best F1 of the first answer."""
    asked = pa.csv.read_csv(enquiries).num_rows
    print(f"\n| batch, {asked:,} x {people:,} | wall s | processor s | best F1 | P | R |\n|---|---|---|---|---|---|")
    for name, run in {"namesake": batch_namesake, "Splink 5": batch_splink}.items():
        if name.startswith(wanted):
            spent = processor_seconds()
            seconds, first = run(enquiries, people)
            spent = processor_seconds() - spent
            f1, precision, recall = best_f1(enquiries, first, people)
            print(f"| {name} | {seconds:.1f} | {spent:.1f} | {f1:.4f} | {precision:.3f} | {recall:.3f} |", flush=True)


def best_f1(enquiries: Path, first: dict[str, tuple[str, float]], people: int) -> tuple[float, float, float]:
    """Over all limits on the probability of each enquiry's first answer."""
    truth = pa.csv.read_csv(enquiries).select(["qid", "true_id"]).to_pylist()
    answerable = sum(0 <= row["true_id"] < people for row in truth)
    right_of = {str(row["qid"]): str(row["true_id"]) for row in truth}
    ordered = sorted(first.items(), key=lambda one: -one[1][1])
    hits = np.cumsum([right_of[enquiry] == person for enquiry, (person, _) in ordered])
    f1 = 2 * hits / (np.arange(1, len(hits) + 1) + answerable)
    best = int(f1.argmax())
    return float(f1[best]), float(hits[best] / (best + 1)), float(hits[best] / answerable)


def batch_namesake(enquiries: Path, people: int) -> tuple[float, dict[str, tuple[str, float]]]:
    """Ours, as the command does it."""
    from namesake.batch import reconcile
    from namesake.tables import open_table

    with tempfile.TemporaryDirectory(prefix="namesake-bench-") as folder:
        register, out = Path(folder) / "register.parquet", Path(folder) / "out.parquet"
        pq.write_table(pq.read_table(NAMES / "register.parquet").slice(0, people), register)
        began = time.perf_counter()
        reconcile(open_table(register), open_table(enquiries), out, top=10)
        seconds = time.perf_counter() - began
        first = pq.read_table(
            out, columns=["enquiry_id", "person_id", "probability", "rank"], filters=[("rank", "=", 1)]
        )
        answers = first.to_pylist()
    return seconds, {row["enquiry_id"]: (row["person_id"], row["probability"]) for row in answers}


def batch_splink(enquiries: Path, people: int) -> tuple[float, dict[str, tuple[str, float]]]:
    """Splink on DuckDB over romanised columns, trained without labels."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    columns = ["surname", "given", "patronymic", "dob", "birthplace", "unit"]

    def prepared(table: Any, key: str) -> Any:
        plain = {"unique_id": table[key].cast(pa.string())}
        for column in columns:
            values = romanised([value or "" for value in table[column].cast(pa.string()).to_pylist()])
            plain[column] = pa.array([value or None for value in values], pa.string())
        return pa.table(plain)

    began = time.perf_counter()
    kinds = pa.csv.ConvertOptions(column_types={"dob": pa.string(), "unit": pa.string()})
    asked = prepared(pa.csv.read_csv(enquiries, convert_options=kinds), "qid")
    recorded = prepared(pq.read_table(NAMES / "register.parquet").slice(0, people), "id")
    rules = [
        block_on("surname", "given"),
        block_on("substr(surname, 1, 4)", "dob"),
        block_on("given", "dob"),
        block_on("substr(surname, 1, 5)", "substr(given, 1, 3)"),
    ]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("surname", [0.92, 0.85]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("given", [0.92, 0.85]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("patronymic", [0.92, 0.85]),
            cl.LevenshteinAtThresholds("dob", [1, 2]),
            cl.JaroWinklerAtThresholds("birthplace", [0.9]),
            cl.LevenshteinAtThresholds("unit", [1]),
        ],
        blocking_rules_to_generate_predictions=rules,
    )
    database = DuckDBAPI()
    frames = [database.register(asked, "asked"), database.register(recorded, "recorded")]
    linker = Linker(frames, settings)
    linker.training.estimate_probability_two_random_records_match([block_on("surname", "given", "dob")], recall=0.3)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("surname", "given"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("dob"))
    pairs = linker.inference.predict(threshold_match_weight=-12).as_record_dict()
    seconds = time.perf_counter() - began
    first: dict[str, tuple[str, float]] = {}
    for pair in pairs:
        enquiry, person = str(pair["unique_id_l"]), str(pair["unique_id_r"])
        if enquiry not in first or pair["match_probability"] > first[enquiry][1]:
            first[enquiry] = (person, pair["match_probability"])
    return seconds, first
