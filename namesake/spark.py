"""Reconciliation on Apache Spark (extra `spark`): the same index and the same scorer in every executor.

The saved index travels to the executors as a file of the job and is mapped there, once per executor process.
Blocks of enquiries go out, blocks of answers come back; they are the very bytes the local engine would have
made. The executors need `namesake` installed; on a local cluster they borrow the one that is running.
"""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from namesake.batch import Answerer, Run, as_bytes, from_bytes
from namesake.tables import TableFault

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_BLOCKS_PER_CORE_AT_ONCE = 8
_answerers: dict[tuple[str, int], Answerer] = {}


def answer_on_spark(run: Run, lacking: Iterable[tuple[int, pa.RecordBatch]], master: str, cores: int) -> Iterator[int]:
    """Answer the blocks that lack and keep them; yields how many enquiries each held."""
    session = _session(master, cores)
    try:
        context = session.sparkContext
        for path in run.files:
            context.addFile(str(path))
        at_once = _BLOCKS_PER_CORE_AT_ONCE * max(context.defaultParallelism, 1)
        names, top = tuple(path.name for path in run.files), run.top
        pending = iter(lacking)
        # In rounds, so that neither the driver's memory nor a kill costs more than one round.
        while blocks := [(number, as_bytes(block)) for number, block in itertools.islice(pending, at_once)]:
            answers = context.parallelize(blocks, len(blocks)).map(
                lambda block: (block[0], *answer_in_executor(block[1], names, top))
            )
            for number, rows, data in answers.collect():
                run.keep(number, from_bytes(data))
                yield rows
    finally:
        session.stop()


def answer_in_executor(data: bytes, names: tuple[str, ...], top: int) -> tuple[int, bytes]:
    """Answer one block with the index that came with the job."""
    from pyspark import SparkFiles

    paths = [SparkFiles.get(name) for name in names]
    held = (paths[0], top)
    if held not in _answerers:
        _answerers.clear()
        _answerers[held] = Answerer(paths, top)
    block = from_bytes(data)
    return int(block.num_rows), as_bytes(_answerers[held].answer(block))


def _session(master: str, cores: int) -> SparkSession:
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise TableFault("--engine spark needs pyspark: pip install 'namesake[spark]'.") from None
    builder = SparkSession.builder.appName("namesake").config("spark.ui.enabled", "false")
    builder = builder.config("spark.python.worker.reuse", "true")
    if not master:
        master = os.environ.get("SPARK_MASTER") or f"local[{cores}]"
    builder = builder.master(master)
    if master.startswith("local"):
        package = str(Path(__file__).resolve().parent.parent)
        path = os.pathsep.join([package, *filter(None, [os.environ.get("PYTHONPATH")])])
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        builder = builder.config("spark.executorEnv.PYTHONPATH", path).config("spark.driver.host", "127.0.0.1")
        builder = builder.config("spark.driver.bindAddress", "127.0.0.1")
        os.environ["PYTHONPATH"] = path
    session: SparkSession = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session
