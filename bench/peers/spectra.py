"""What the peers of the spectra table share: the same Hessian, its products, and SciPy's Lanczos on them."""

import numpy as np

import peer

try:
    import scipy
    from scipy.sparse.linalg import LinearOperator, eigsh
except ImportError as missing:
    peer.absent(missing)


def top_by_scipy(product, size, count, tolerance):
    """The largest eigenvalues, descending, by the implicitly restarted Lanczos method of ARPACK, and the number of products."""
    products = 0

    def counted(vector):
        nonlocal products
        products += 1
        return product(np.ascontiguousarray(vector).ravel())

    operator = LinearOperator((size, size), matvec=counted, dtype=np.float64)
    start = np.random.default_rng(0).normal(size=size)
    values = eigsh(operator, k=count, which="LA", tol=tolerance, v0=start, return_eigenvectors=True)[0]
    return values[::-1].copy(), products


def serve_spectra(versions, make, solvers=None):
    """`make(x, y, parameters, width)` has gradient() and product(vector), both of NumPy arrays; `solvers`: name -> f(made, count, tolerance)."""
    state = {}
    solvers = solvers or {}

    def prepare(**fields):
        state["made"] = make(**fields)
        state["size"] = len(fields["parameters"])

    def product(vector):
        return state["made"].product(vector)

    def gradient():
        return state["made"].gradient()

    def measure(what, vector, count):
        """Seconds for one."""
        made = state["made"]
        work = made.gradient if what == "gradient" else lambda: made.product(vector)
        work()

        def several():
            for _ in range(count):
                work()

        return peer.seconds(several) / count

    def top(solver, count, tolerance):
        made, found = state["made"], []
        if solver == "scipy":
            elapsed = peer.seconds(lambda: found.append(top_by_scipy(made.product, state["size"], count, tolerance)))
        else:
            elapsed = peer.seconds(lambda: found.append(solvers[solver](made, count)))
        values, products = found[0]
        return {"seconds": elapsed, "values": np.asarray(values), "products": products}

    peer.serve({**versions, "SciPy": scipy.__version__}, prepare=prepare, product=product, gradient=gradient, measure=measure, top=top)
