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


def activation_of(model):
    activation = model["activation"]
    return (lambda z: np.tanh(z + activation["shift"])) if isinstance(activation, dict) else ACTIVATIONS[activation]


def two_layer(model, x, theta):
    d, m = model["inputs"], model["width"]
    a, w = theta[:m], theta[m : m + m * d].reshape(m, d)
    rest = theta[m + m * d :]
    b = rest[:m] if model["hiddenBias"] else 0
    sigma = activation_of(model)
    return sigma(x @ w.T + b) @ a + (rest[-1] if model["outputBias"] else 0)


def factorization(model, x, theta):
    if "dimensions" in model:
        product = None
        for rows, columns in reversed(list(zip(model["dimensions"][1:], model["dimensions"]))):
            factor, theta = theta[: rows * columns].reshape(rows, columns), theta[rows * columns :]
            product = factor if product is None else product @ factor
        return product[x[:, 0].astype(int), x[:, 1].astype(int)]
    rows, columns, inner = model["rows"], model["columns"], model["inner"]
    product = theta[: rows * inner].reshape(rows, inner) @ theta[rows * inner :].reshape(inner, columns)
    return product[x[:, 0].astype(int), x[:, 1].astype(int)]


def diagonal(model, x, theta):
    return x @ theta.reshape(model["depth"], model["inputs"]).prod(axis=0)


def deep_network(model, x, theta):
    h = x
    sizes = [model["inputs"], *model["widths"], 1]
    for l, (columns, rows) in enumerate(zip(sizes, sizes[1:])):
        w, theta = theta[: rows * columns].reshape(rows, columns), theta[rows * columns :]
        z = h @ w.T
        if model["bias"]:
            z, theta = z + theta[:rows], theta[rows:]
        h = activation_of(model)(z) if l + 2 < len(sizes) else z
    return h[:, 0]


def convolution(model, x, theta):
    s, m = model["kernel"], model["kernels"]
    flat = isinstance(model["inputs"], int)
    image = x.reshape(len(x), *([1, model["inputs"]] if flat else model["inputs"]))
    height = 1 if flat else s
    windows = np.lib.stride_tricks.sliding_window_view(image, (height, s), axis=(1, 2))
    windows = windows.reshape(len(x), -1, height * s)
    positions = windows.shape[1]
    a, rest = theta[: m * positions].reshape(m, positions), theta[m * positions :]
    neurons = 1 if model["sharing"] else positions
    k, rest = rest[: m * neurons * height * s].reshape(m, neurons, height * s), rest[m * neurons * height * s :]
    z = np.einsum("npt,kpt->nkp", windows, np.broadcast_to(k, (m, positions, height * s)))
    if model["hiddenBias"]:
        z = z + rest.reshape(m, neurons)
    return np.einsum("nkp,kp->n", activation_of(model)(z), a)


def formula(model, x, theta):
    """The one formula of the cases: p0*exp(-p1*x0)*sin(p2*x1) + p3^2.5*tanh(p4*x0*x1 + p5) / (1 + p0^2)."""
    p, (u, v) = theta, x.T
    return p[0] * np.exp(-p[1] * u) * np.sin(p[2] * v) + p[3] ** 2.5 * np.tanh(p[4] * u * v + p[5]) / (1 + p[0] ** 2)


FAMILIES = {
    "twoLayer": two_layer,
    "matrixFactorization": factorization,
    "formula": formula,
    "diagonal": diagonal,
    "deepNetwork": deep_network,
    "convolution": convolution,
}


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
