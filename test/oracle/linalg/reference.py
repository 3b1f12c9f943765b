"""Reference numbers of SciPy for src/engine/linalg.

    python3 reference.py > reference.json

The matrices are given by formulas that are exact in float64, or one correctly rounded division, so that the test in
TypeScript builds the same bits.
"""
import json
import sys

import numpy as np
import scipy.linalg


def mixed(m, n):
    """Small dyadic numbers without visible structure."""
    i, j = np.meshgrid(np.arange(m), np.arange(n), indexing='ij')
    return ((i * i * 7 + j * 13 + i * j * 5) % 31 - 15) / 16.0


def hilbert(n):
    i, j = np.meshgrid(np.arange(n), np.arange(n), indexing='ij')
    return 1.0 / (i + j + 1)


def low_rank(m, n, r):
    """An integer matrix of rank r, exactly."""
    i, k = np.meshgrid(np.arange(m), np.arange(r), indexing='ij')
    left = (i * 3 + k * 5 + i * k) % 7 - 3
    k, j = np.meshgrid(np.arange(r), np.arange(n), indexing='ij')
    right = (j * 5 + k * 2 + j * j * (k + 1)) % 11 - 5
    return (left @ right).astype(float)


def graded(n):
    i, j = np.meshgrid(np.arange(n), np.arange(n), indexing='ij')
    return mixed(n, n) * 2.0 ** (-3 * j)


MATRICES = {
    'mixed 1x1': mixed(2, 2)[1:, 1:],
    'mixed 1x7': mixed(1, 7),
    'mixed 9x1': mixed(9, 1),
    'mixed 16x32': mixed(16, 32),
    'mixed 40x12': mixed(40, 12),
    'mixed 32x32': mixed(32, 32),
    'hilbert 8': hilbert(8),
    'lowRank 20x30 rank 4': low_rank(20, 30, 4),
    'graded 10': graded(10),
    'mixed 300x280': mixed(300, 280),
    'mixed 210x97': mixed(210, 97),
    'lowRank 120x90 rank 11': low_rank(120, 90, 11),
    'graded 40': graded(40),
}


def symmetric(n):
    a = mixed(n, n)
    return a + a.T


SYMMETRIC = {
    'symmetric 1': symmetric(1),
    'symmetric 2': symmetric(2),
    'symmetric 25': symmetric(25),
    'symmetric 60': symmetric(60),
    'symmetric 161': symmetric(161),
    'hilbert 12': hilbert(12),
    'gram of lowRank': low_rank(20, 30, 4).T @ low_rank(20, 30, 4),
}

SYSTEMS = {
    'tall': mixed(20, 6),
    'square': mixed(9, 9),
    'wide': mixed(5, 11),
    'deficient': low_rank(15, 10, 3),
}


def dominant(n):
    return mixed(n, n) + n * np.eye(n)


PIVOTED = ['mixed 9x1', 'mixed 16x32', 'mixed 40x12', 'hilbert 8', 'graded 10', 'mixed 210x97', 'graded 40']
VECTORS = ['mixed 16x32', 'mixed 40x12', 'mixed 32x32', 'hilbert 8', 'lowRank 20x30 rank 4', 'graded 10']
SYMMETRIC_VECTORS = ['symmetric 2', 'symmetric 25', 'hilbert 12', 'gram of lowRank']
PIVOTED_FACTORS = ['mixed 9x1', 'mixed 16x32', 'mixed 40x12', 'graded 10']
SQUARE_FACTORS = ['dominant 5', 'dominant 23', 'dominant 60']
SQUARE = {'dominant 5': dominant(5), 'dominant 23': dominant(23), 'dominant 60': dominant(60), 'dominant 130': dominant(130)}


def flat(a):
    return np.asarray(a).ravel().tolist()


def thin_svd(a):
    u, _, vt = scipy.linalg.svd(a, full_matrices=False)
    return flat(u) + flat(vt.T)


def pivoted_qr(a):
    """Rows of R with a diagonal that is not negative, Q to match, the permutation."""
    q, r, permutation = scipy.linalg.qr(a, mode='economic', pivoting=True)
    signs = np.where(np.diag(r) < 0, -1.0, 1.0)
    return flat(q * signs) + flat(signs[:, None] * r) + permutation.tolist()


def lu_factors(a):
    factors, pivots = scipy.linalg.lu_factor(a)
    return flat(factors) + pivots.tolist()


def main():
    result = {
        'singularValues': {k: scipy.linalg.svdvals(a).tolist() for k, a in MATRICES.items()},
        'eigenvalues': {k: scipy.linalg.eigvalsh(a).tolist() for k, a in SYMMETRIC.items()},
        'leastSquares': {
            k: scipy.linalg.lstsq(a, np.arange(1, len(a) + 1) / 4.0, cond=1e-12)[0].tolist() for k, a in SYSTEMS.items()
        },
        'pivotedQr': {
            k: np.abs(np.diag(scipy.linalg.qr(MATRICES[k], mode='r', pivoting=True)[0])).tolist() for k in PIVOTED
        },
        'lu': {k: np.diag(scipy.linalg.lu_factor(a)[0]).tolist() for k, a in SQUARE.items()},
        # Row-major, one behind the other: U and V; vectors; Q, R and permutation; factors and pivots.
        'singularVectors': {k: thin_svd(MATRICES[k]) for k in VECTORS},
        'eigenvectors': {k: flat(scipy.linalg.eigh(SYMMETRIC[k])[1]) for k in SYMMETRIC_VECTORS},
        'qrFactors': {k: pivoted_qr(MATRICES[k]) for k in PIVOTED_FACTORS},
        'luFactors': {k: lu_factors(SQUARE[k]) for k in SQUARE_FACTORS},
    }
    json.dump(result, sys.stdout, indent=1)
    print()


if __name__ == '__main__':
    main()
