"""Writes the .npy files of Golden/ with numpy: make_golden_arrays.py FOLDER."""

import sys

import numpy
from numpy.lib import format

folder = sys.argv[1]
values = (numpy.arange(12) / 2).reshape(4, 3)


def write(name, array, version=(1, 0)):
    with open(f"{folder}/{name}.npy", "wb") as file:
        format.write_array(file, array, version=version)


for kind in ["f2", "f4", "f8"]:
    write(f"{kind}-version1", values.astype(f"<{kind}"))
write("f4-version2", values.astype("<f4"), (2, 0))
write("f4-version3", values.astype("<f4"), (3, 0))
write("f4-tokens", values.astype("<f4").reshape(2, 3, 2))
write("f4-empty", values.astype("<f4")[:0])
write("bad-big-endian", values.astype(">f4"))
write("bad-integers", values.astype("<i4"))
write("bad-objects", values.astype(object))
write("bad-records", numpy.zeros((2, 2), dtype=[("x", "<f4")]))
write("bad-fortran", numpy.asfortranarray(values.astype("<f4")))
write("bad-one-dimension", values.astype("<f4").ravel())
write("bad-no-dimension", numpy.float32(1).reshape(()))
write("bad-no-values", values.astype("<f4")[:, :0])
