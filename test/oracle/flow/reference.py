"""Reference solutions for the gradient flow and the stiff integrator, by SciPy at tight tolerances.

Prints JSON; `python3 reference.py > reference.json` records it. Two methods of different kind must agree on every number to
1e-9 (relative to 1 plus its size), otherwise the script fails.
"""
import json
import sys

import numpy as np
from scipy.integrate import solve_ivp


def solve(derivative, start, times, jacobian=None, second="LSODA"):
    options = dict(t_eval=times, rtol=1e-12, atol=1e-14)
    first = solve_ivp(derivative, (0, times[-1]), start, method="Radau", jac=jacobian, **options)
    other = solve_ivp(derivative, (0, times[-1]), start, method=second, **options)
    for result in (first, other):
        if not result.success:
            sys.exit(result.message)
    difference = np.max(np.abs(first.y - other.y) / (1 + np.abs(first.y)))
    if difference > 1e-9:
        sys.exit(f"the two methods differ by {difference}")
    return first.y.T.tolist()


def matrix_flow(rows, columns, inner, entries, target, start, times):
    i, j = np.array(entries).T
    n = len(entries)

    def derivative(_, theta):
        a = theta[: rows * inner].reshape(rows, inner)
        b = theta[rows * inner :].reshape(inner, columns)
        e = np.zeros((rows, columns))
        e[i, j] = (a @ b)[i, j] - target
        return -2 / n * np.concatenate([(e @ b.T).ravel(), (a.T @ e).ravel()])

    return solve(derivative, start, times)


def network_flow(width, x, y, start, times):
    """f(x) = sum_k a_k tanh(w_k x + b_k); parameters a, W by rows, b."""
    n, d = x.shape

    def derivative(_, theta):
        a = theta[:width]
        w = theta[width : width * (1 + d)].reshape(width, d)
        b = theta[width * (1 + d) :]
        h = np.tanh(x @ w.T + b)
        r = h @ a - y
        u = (r[:, None] * (1 - h * h)) * a
        return -2 / n * np.concatenate([h.T @ r, (u.T @ x).ravel(), u.sum(0)])

    return solve(derivative, start, times)


def robertson(times):
    def derivative(_, y):
        a = -0.04 * y[0] + 1e4 * y[1] * y[2]
        c = 3e7 * y[1] * y[1]
        return [a, -a - c, c]

    def jacobian(_, y):
        return [[-0.04, 1e4 * y[2], 1e4 * y[1]], [0.04, -1e4 * y[2] - 6e7 * y[1], -1e4 * y[1]], [0, 6e7 * y[1], 0]]

    return solve(derivative, [1, 0, 0], times, jacobian)


def van_der_pol(mu, times):
    def derivative(_, y):
        return [y[1], mu * (1 - y[0] * y[0]) * y[1] - y[0]]

    def jacobian(_, y):
        return [[0, 1], [-2 * mu * y[0] * y[1] - 1, mu * (1 - y[0] * y[0])]]

    return solve(derivative, [2, 0], times, jacobian)


def main():
    rng = np.random.default_rng(7)
    entries = [[0, 0], [0, 1], [1, 1], [1, 2], [2, 0], [2, 2], [2, 3]]
    matrix = dict(rows=3, columns=4, inner=3, entries=entries, target=np.round(rng.normal(size=7), 3).tolist())
    matrix["start"] = np.round(0.1 * rng.normal(size=21), 4).tolist()
    matrix["times"] = [0.5, 2, 10, 50, 300]
    matrix["states"] = matrix_flow(3, 4, 3, entries, np.array(matrix["target"]), matrix["start"], matrix["times"])

    x = np.round(rng.normal(size=(12, 2)), 3)
    y = np.round(np.tanh(x @ np.array([1.0, -0.5]) + 0.3) - 0.7 * np.tanh(x @ np.array([0.4, 1.2]) - 0.2), 6)
    network = dict(width=4, inputs=x.tolist(), targets=y.tolist(), start=np.round(0.3 * rng.normal(size=16), 4).tolist())
    network["times"] = [1, 5, 25, 200, 2000]
    network["states"] = network_flow(4, x, y, network["start"], network["times"])

    times = [0.4, 40, 4000]
    json.dump(
        dict(
            matrix=matrix,
            network=network,
            robertson=dict(times=times, states=robertson(times)),
            vanDerPol=dict(mu=1000, times=[1, 500, 800], states=van_der_pol(1000, [1, 500, 800])),
        ),
        sys.stdout,
        indent=1,
    )
    print()


main()
