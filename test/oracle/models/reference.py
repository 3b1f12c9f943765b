"""Values, Jacobians and Hessian-vector products of the model families, by NumPy and the complex step.

Reads cases from standard input (JSON), writes results to standard output (JSON). Independent of the project's code: the
Jacobian is the imaginary part of the model at a complex point, the Hessian-vector product a central difference (sixth order)
of complex-step gradients.

    python3 reference.py < cases.json > recorded.json
"""

import json
import sys

import numpy as np

ACTIVATIONS = {
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "exp": np.exp,
    "softplus": lambda z: np.log(1 + np.exp(z)),
    "relu": lambda z: np.where(z.real > 0, z, 0),
    "sin": np.sin,
}


def two_layer(model, x, theta):
    d, m = model["inputs"], model["width"]
    a, w = theta[:m], theta[m : m + m * d].reshape(m, d)
    rest = theta[m + m * d :]
    b = rest[:m] if model["hiddenBias"] else 0
    activation = model["activation"]
    if isinstance(activation, dict):
        sigma = lambda z: np.tanh(z + activation["shift"])
    else:
        sigma = ACTIVATIONS[activation]
    return sigma(x @ w.T + b) @ a + (rest[-1] if model["outputBias"] else 0)


def factorization(model, x, theta):
    rows, columns, inner = model["rows"], model["columns"], model["inner"]
    product = theta[: rows * inner].reshape(rows, inner) @ theta[rows * inner :].reshape(inner, columns)
    return product[x[:, 0].astype(int), x[:, 1].astype(int)]


def formula(model, x, theta):
    """The one formula of the cases: p0*exp(-p1*x0)*sin(p2*x1) + p3^2.5*tanh(p4*x0*x1 + p5) / (1 + p0^2)."""
    p, (u, v) = theta, x.T
    return p[0] * np.exp(-p[1] * u) * np.sin(p[2] * v) + p[3] ** 2.5 * np.tanh(p[4] * u * v + p[5]) / (1 + p[0] ** 2)


FAMILIES = {"twoLayer": two_layer, "matrixFactorization": factorization, "formula": formula}


def jacobian(f, theta):
    step = 1e-30
    columns = []
    for p in range(len(theta)):
        shifted = theta.astype(complex)
        shifted[p] += 1j * step
        columns.append(f(shifted).imag / step)
    return np.array(columns).T


def main():
    results = []
    for case in json.load(sys.stdin):
        model = case["model"]
        x = np.array(case["inputs"], dtype=float)
        theta, direction, weights = (np.array(case[key], dtype=float) for key in ("parameters", "direction", "weights"))
        f = lambda t: FAMILIES[model["kind"]](model, x, t)
        gradient = lambda t: weights @ jacobian(f, t)
        h = 2e-3
        hessian = sum(
            c * (gradient(theta + k * h * direction) - gradient(theta - k * h * direction)) / h
            for k, c in ((1, 3 / 4), (2, -3 / 20), (3, 1 / 60))
        )
        results.append(
            {
                "values": f(theta).real.tolist(),
                "jacobian": jacobian(f, theta).ravel().tolist(),
                "weightedGradient": gradient(theta).tolist(),
                "hessianProduct": hessian.tolist(),
            }
        )
    json.dump(results, sys.stdout)


main()
