"""Singular values and symmetric eigenvalues by SciPy: LAPACK's fastest drivers, no checks, no copies that can be done without."""

import peer

try:
    import scipy
    from scipy.linalg import eigh, eigvalsh, svd, svdvals
except ImportError as missing:
    peer.absent(missing)

import numpy as np

state = {}


def prepare(general, symmetric):
    # In LAPACK's own order, so that nothing is transposed on the way.
    state["general"], state["symmetric"] = np.asfortranarray(general), np.asfortranarray(symmetric)


WORK = {
    "singularValues": lambda: svdvals(state["general"], check_finite=False),
    "svd": lambda: svd(state["general"], full_matrices=False, check_finite=False),
    "eigenvalues": lambda: eigvalsh(state["symmetric"], check_finite=False),
    "eigen": lambda: eigh(state["symmetric"], check_finite=False, driver="evd"),
}


def run(what):
    result = []
    elapsed = peer.seconds(lambda: result.append(WORK[what]()))
    answer = {"seconds": elapsed, **described(what, result[0])}
    return answer


def described(what, result):
    """Values, and the largest residual relative to the largest value where there are vectors."""
    if what in ("singularValues", "eigenvalues"):
        return {"values": result, "residual": None}
    if what == "svd":
        u, s, vt = result
        residual = np.linalg.norm(state["general"] @ vt.T - u * s, axis=0).max() / s[0]
        return {"values": s, "residual": residual}
    w, v = result
    residual = np.linalg.norm(state["symmetric"] @ v - v * w, axis=0).max() / np.abs(w).max()
    return {"values": w, "residual": residual}


def blas():
    try:
        found = scipy.show_config(mode="dicts")["Build Dependencies"]["blas"]
        return f" ({found['name']} {found['version']})"
    except Exception:
        return ""


peer.serve({"SciPy": scipy.__version__ + blas()}, prepare=prepare, run=run)
