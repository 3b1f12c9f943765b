"""Gradient flow by SciPy's stiff integrators with the exact Hessian, to a loss or a time limit of the clock."""

import time

import peer

try:
    import scipy
    from scipy.integrate import BDF, LSODA, Radau
except ImportError as missing:
    peer.absent(missing)

import numpy as np

from flow import Network

METHODS = {"LSODA": LSODA, "BDF": BDF, "Radau": Radau}


def run(method, x, y, start, width, rtol, atol, loss, times, seconds):
    network = Network(x, y, width)
    started = time.perf_counter()
    solver = METHODS[method](network.slope, 0, start, np.inf, rtol=rtol, atol=atol, jac=network.jacobian)
    states = []
    steps, now = 0, np.inf
    while solver.status == "running" and time.perf_counter() - started < seconds:
        solver.step()
        steps += 1
        while len(states) < len(times) and solver.t >= times[len(states)]:
            states.append(solver.dense_output()(times[len(states)]))
        now = network.loss(solver.y)
        if now < loss:
            break
    elapsed = time.perf_counter() - started
    return {
        "seconds": elapsed,
        "finished": bool(now < loss),
        "loss": now,
        "time": solver.t,
        "gradients": network.gradients,
        "hessians": network.hessians,
        "steps": steps,
        "states": np.array(states).reshape(len(states), len(start)),
    }


peer.serve({"SciPy": scipy.__version__}, run=run)
