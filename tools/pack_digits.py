"""Packs the digits into coursekit/data/digits.npz, always the same bytes.

    python tools/pack_digits.py path/to/digits.csv.gz

The source is the test part of the UCI data set as scikit-learn ships it
(sklearn/datasets/data/digits.csv.gz): 64 pixels from 0 to 16 and the digit, a line each.
"""

import argparse
from pathlib import Path

import numpy as np

TARGET = Path(__file__).parents[1] / "coursekit" / "data" / "digits.npz"


def pack(source: str, target: Path = TARGET) -> None:
    table = np.loadtxt(source, delimiter=",").astype(np.uint8)
    np.savez_compressed(target, pixels=table[:, :64], labels=table[:, 64])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source")
    pack(parser.parse_args().source)
