"""A larger register: the given one, and further persons made by drawing each column independently from it.

python -m bench.resample REGISTER.parquet OUT.parquet --people 10000000
"""

import argparse

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

BLOCK = 500_000


def main() -> None:
    """Write the register in blocks; the same seed always draws the same persons."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("register")
    parser.add_argument("out")
    parser.add_argument("--people", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=10)
    options = parser.parse_args()
    register = pq.read_table(options.register)
    draw = np.random.default_rng(options.seed)
    with pq.ParquetWriter(options.out, register.schema, compression="zstd") as writer:
        writer.write_table(register)
        for start in range(register.num_rows, options.people, BLOCK):
            count = min(BLOCK, options.people - start)
            columns = []
            for field in register.schema:
                if field.name == "id":
                    columns.append(pa.array(np.arange(start, start + count), field.type))
                else:
                    columns.append(register[field.name].take(pa.array(draw.integers(0, register.num_rows, count))))
            writer.write_table(pa.table(columns, schema=register.schema))


if __name__ == "__main__":
    main()
