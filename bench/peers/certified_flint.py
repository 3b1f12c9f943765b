"""Full rank proven in ball arithmetic by FLINT (Arb): a determinant whose ball does not hold zero."""

import time

import peer

try:
    import flint
except ImportError as missing:
    peer.absent(missing)

from certified import tangent_matrix


def run(x, parameters, width, digits):
    """Square matrices only. More digits until the ball is small enough, as we do it."""
    started = time.perf_counter()
    proven = False
    while not proven and digits < 2000:
        flint.ctx.dps = digits
        matrix = flint.arb_mat(tangent_matrix(x, parameters, width, flint.arb, lambda z: z.tanh()))
        proven = not matrix.det().contains(0)
        digits *= 2
    return {"seconds": time.perf_counter() - started, "rank": matrix.nrows() if proven else 0}


peer.serve({"python-flint": f"{flint.__version__} (FLINT {flint.__FLINT_VERSION__})"}, run=run)
