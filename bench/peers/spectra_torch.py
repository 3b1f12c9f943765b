"""Gradient and Hessian-vector product by autograd; top eigenvalues as PyHessian finds them, and by curvlinops where it is there."""

import peer

try:
    import torch
except ImportError as missing:
    peer.absent(missing)
try:
    import curvlinops
except ImportError:
    curvlinops = None

import numpy as np

from spectra import serve_spectra, top_by_scipy

torch.set_num_threads(peer.THREADS)
torch.set_default_dtype(torch.float64)


class Student(torch.nn.Module):
    def __init__(self, parameters, m, d):
        super().__init__()
        self.a = torch.nn.Parameter(torch.from_numpy(parameters[:m].copy()))
        self.w = torch.nn.Parameter(torch.from_numpy(parameters[m : m + m * d].reshape(m, d).copy()))
        self.b = torch.nn.Parameter(torch.from_numpy(parameters[m + m * d :].copy()))

    def forward(self, x):
        return torch.tanh(torch.addmm(self.b, x, self.w.t())) @ self.a


class Network:
    def __init__(self, x, y, parameters, width):
        self.x, self.y = torch.from_numpy(x), torch.from_numpy(y)
        self.student = Student(parameters, width, x.shape[1])
        self.parts = list(self.student.parameters())
        # As PyHessian does: the graph of the gradient is made once and differentiated again for every vector.
        loss = (self.student(self.x) - self.y).square().mean()
        self.graph = torch.autograd.grad(loss, self.parts, create_graph=True)

    def split(self, vector):
        vector, parts, at = torch.from_numpy(np.ascontiguousarray(vector)), [], 0
        for part in self.parts:
            parts.append(vector[at : at + part.numel()].view_as(part))
            at += part.numel()
        return parts

    def gradient(self):
        loss = (self.student(self.x) - self.y).square().mean()
        return torch.cat([g.flatten() for g in torch.autograd.grad(loss, self.parts)]).numpy()

    def product_of_parts(self, parts):
        return torch.autograd.grad(self.graph, self.parts, grad_outputs=parts, retain_graph=True)

    def product(self, vector):
        return torch.cat([g.flatten() for g in self.product_of_parts(self.split(vector))]).numpy()


def power_iteration(network, count):
    """PyHessian's way and defaults: one eigenvector after the other, until the value changes by less than 1e-3 of itself or 100 times."""
    generator = torch.Generator().manual_seed(0)
    found, values, products = [], [], 0
    flat = lambda parts: torch.cat([part.flatten() for part in parts])
    for _ in range(count):
        v = torch.randint(0, 2, (sum(p.numel() for p in network.parts),), generator=generator).double() * 2 - 1
        v /= v.norm()
        value = None
        for _ in range(100):
            for other in found:
                v -= (v @ other) * other
            v /= v.norm()
            image = flat(network.product_of_parts(network.split(v.numpy())))
            products += 1
            new = (image @ v).item()
            v = image / image.norm()
            done = value is not None and abs(value - new) / (abs(value) + 1e-6) < 1e-3
            value = new
            if done:
                break
        found.append(v)
        values.append(value)
    return np.array(values), products


def by_curvlinops(network, count):
    """HessianLinearOperator as a SciPy operator, in SciPy's Lanczos."""
    loss = torch.nn.MSELoss(reduction="mean")
    # Its loss takes outputs n × 1.
    model = torch.nn.Sequential(network.student, torch.nn.Unflatten(0, (-1, 1)))
    data = [(network.x, network.y[:, None])]
    operator = curvlinops.HessianLinearOperator(model, loss, network.parts, data, check_deterministic=False)
    adapted = operator.to_scipy(dtype=np.float64)
    return top_by_scipy(adapted.matvec, adapted.shape[0], count, 1e-10)


solvers = {"power": power_iteration}
versions = {"PyTorch": torch.__version__}
if curvlinops is not None:
    from importlib.metadata import version

    solvers["curvlinops"] = by_curvlinops
    versions["curvlinops"] = version("curvlinops-for-pytorch")

serve_spectra(versions, Network, solvers)
