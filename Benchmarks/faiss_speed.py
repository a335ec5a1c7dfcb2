"""Speed of Weir's vector search, residual coding and k-means beside FAISS's: in turns, on one machine, in one run.

    swift build -c release --package-path Benchmarks
    OPENBLAS_NUM_THREADS=1 WEIR_DATA=DIRECTORY python3 Benchmarks/faiss_speed.py [--only flat,residual,kmeans] [--rounds 15]

WEIR_DATA holds frames/mel64-train.npy and frames/mel64-test.npy. Needs numpy and faiss-cpu. Each round measures one after
the other; printed are the medians of each side and the median of the rounds' ratios (above 1: Weir is faster). FAISS
runs with its fair settings: BLAS from 20 vectors on, tables in its residual quantizer's beam search.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

import faiss
import numpy as np

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), ".build", "release", "codebook-speed")


class Weir:
    def __init__(self):
        self.process = subprocess.Popen([PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, *words):
        self.process.stdin.write(" ".join(str(word) for word in words) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit("codebook-speed stopped")
        return [float(number) for number in line.split()]


def timed(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def batches(frames, batch, count):
    return [np.ascontiguousarray(frames[first:first + batch]) for first in range(0, count, batch)]


def compare(label, ours, theirs, rounds, unit="ns/frame"):
    ours(), theirs()
    pairs = [(ours(), theirs()) for _ in range(rounds)]
    mine = statistics.median(pair[0] for pair in pairs)
    other = statistics.median(pair[1] for pair in pairs)
    ratio = statistics.median(pair[1] / pair[0] for pair in pairs)
    print(f"{label:38} weir {mine:11.5g} {unit}   faiss {other:11.5g} {unit}   ratio {ratio:6.2f}", flush=True)
    return mine


def store(directory, name, array):
    path = os.path.join(directory, name)
    np.ascontiguousarray(array, np.float32).tofile(path)
    return path


def flat(weir, directory, train, test, rounds):
    dimension, size = train.shape[1], 1024
    kmeans = faiss.Kmeans(dimension, size, niter=10, seed=1)
    kmeans.train(train)
    index = faiss.IndexFlatL2(dimension)
    index.add(kmeans.centroids)
    codewords, frames = store(directory, "flat", kmeans.centroids), store(directory, "frames", test)
    for batch in (1, 16, 64, 4096):
        count = max(256, batch)
        parts = batches(test, batch, count)
        shares = []

        def ours():
            before = weir.ask("peak")[0]
            nanoseconds = weir.ask("flat", codewords, size, frames, dimension, batch, count)[0]
            peak = max(before, weir.ask("peak")[0])
            shares.append(2 * size * dimension / nanoseconds / peak if peak else 0)
            return nanoseconds

        compare(f"flat K={size} d={dimension} batch {batch}", ours,
                lambda: timed(lambda: [index.search(part, 1) for part in parts]) / count * 1e9, rounds)
        print(f"{'':38} {100 * statistics.median(shares):.0f} % of the core's peak", flush=True)


def residual(weir, directory, train, test, rounds):
    dimension, stages, size, beam = train.shape[1], 8, 256, 5
    quantizer = faiss.ResidualQuantizer(dimension, stages, 8)
    quantizer.max_beam_size = 1
    quantizer.train_type = faiss.ResidualQuantizer.Train_default
    quantizer.train(train[:: max(1, len(train) // 20000)])
    quantizer.max_beam_size = beam
    quantizer.use_beam_LUT = 1
    quantizer.compute_codebook_tables()
    codewords = store(directory, "residual", faiss.vector_to_array(quantizer.codebooks))
    frames = store(directory, "frames", test)
    for batch in (1, 64, 4096):
        count = max(128, batch)
        parts = batches(test, batch, count)
        errors = []

        def ours():
            nanoseconds, error = weir.ask(
                "residual", codewords, stages, size, frames, dimension, beam, batch, count)
            errors.append(error)
            return nanoseconds

        compare(f"residual 8x8 beam {beam} d={dimension} batch {batch}", ours,
                lambda: timed(lambda: [quantizer.compute_codes(part) for part in parts]) / count * 1e9, rounds)
        theirs = sum(
            float(((part.astype(np.float64) - quantizer.decode(quantizer.compute_codes(part))) ** 2).sum())
            for part in parts) / count
        print(f"{'':38} squared error a frame: weir {errors[0]:.6g}, faiss {theirs:.6g}", flush=True)


def kmeans(weir, directory, rounds):
    dimension, count, size, iterations = 64, 100_000, 1024, 25
    frames = np.random.default_rng(1).standard_normal((count, dimension)).astype(np.float32)
    path = store(directory, "kmeans", frames)
    for threads in (1, 2):
        faiss.omp_set_num_threads(threads)
        errors = {}

        def ours():
            seconds, errors["weir"], errors["iterations"] = weir.ask(
                "kmeans", path, dimension, size, iterations, threads)
            return seconds

        def theirs():
            peer = faiss.Kmeans(dimension, size, niter=iterations, nredo=1, seed=1,
                                max_points_per_centroid=10**9, min_points_per_centroid=1)
            seconds = timed(lambda: peer.train(frames))
            index = faiss.IndexFlatL2(dimension)
            index.add(peer.centroids)
            errors["faiss"] = float(index.search(frames, 1)[0].mean())
            return seconds

        compare(f"k-means {count}x{dimension} K={size} {threads} threads", ours, theirs, max(1, rounds // 5), "s")
        print(f"{'':38} squared error a frame: weir {errors['weir']:.5f} after {errors['iterations']:.0f} iterations, "
              f"faiss {errors['faiss']:.5f}", flush=True)
    faiss.omp_set_num_threads(1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="flat,residual,kmeans")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    data = os.environ.get("WEIR_DATA")
    if not data:
        sys.exit("faiss_speed.py: set WEIR_DATA to the directory that holds frames/")
    faiss.omp_set_num_threads(1)
    faiss.cvar.distance_compute_blas_threshold = 20  # Its default leaves mid-size batches without BLAS.
    train = np.ascontiguousarray(np.load(os.path.join(data, "frames", "mel64-train.npy")), np.float32)
    test = np.ascontiguousarray(np.load(os.path.join(data, "frames", "mel64-test.npy")), np.float32)
    mean, scale = train.mean(0), (train - train.mean(0)).std()
    train, test = (train - mean) / scale, np.ascontiguousarray((test - mean) / scale)
    weir = Weir()
    with tempfile.TemporaryDirectory() as directory:
        wanted = options.only.split(",")
        if "flat" in wanted:
            flat(weir, directory, train, test, options.rounds)
        if "residual" in wanted:
            residual(weir, directory, train, test, options.rounds)
        if "kmeans" in wanted:
            kmeans(weir, directory, options.rounds)


if __name__ == "__main__":
    main()
