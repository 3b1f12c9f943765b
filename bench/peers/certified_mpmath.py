"""Rank by Gaussian elimination with complete pivoting in mpmath: many digits, but no bound on their errors."""

import time

import peer

try:
    import mpmath
except ImportError as missing:
    peer.absent(missing)

from certified import tangent_matrix


def run(x, parameters, width, digits):
    mpmath.mp.dps = digits
    started = time.perf_counter()
    rows = tangent_matrix(x, parameters, width, mpmath.mpf, mpmath.tanh)
    rank = eliminate(rows)
    return {"seconds": time.perf_counter() - started, "rank": rank}


def eliminate(rows):
    """Pivots down to 10^(−digits/2) of the first."""
    n, columns = len(rows), len(rows[0])
    rank, first = 0, None
    while rank < min(n, columns):
        p, q = max(((i, j) for i in range(rank, n) for j in range(rank, columns)), key=lambda at: abs(rows[at[0]][at[1]]))
        pivot = rows[p][q]
        first = first or abs(pivot)
        if abs(pivot) <= first * mpmath.mpf(10) ** (-mpmath.mp.dps // 2):
            break
        rows[rank], rows[p] = rows[p], rows[rank]
        for row in rows:
            row[rank], row[q] = row[q], row[rank]
        pivots = rows[rank][rank + 1 :]
        for row in rows[rank + 1 :]:
            factor = row[rank] / pivot
            row[rank + 1 :] = [value - factor * other for value, other in zip(row[rank + 1 :], pivots)]
        rank += 1
    return rank


peer.serve({"mpmath": f"{mpmath.__version__} ({mpmath.libmp.BACKEND})"}, run=run)
