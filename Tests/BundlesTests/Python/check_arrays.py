"""Checks that numpy reads the values 0/3, 1/3, ... 23/3 from both files: check_arrays.py 2D.npy 3D.npy."""

import sys

import numpy

expected = (numpy.arange(24) / 3).astype(numpy.float32)
for path, shape in zip(sys.argv[1:], [(4, 6), (4, 3, 2)], strict=True):
    array = numpy.load(path, allow_pickle=False)
    assert array.dtype == numpy.float32 and array.flags.c_contiguous
    assert array.shape == shape and (array.ravel() == expected).all()
