"""The same in PyTorch: by hand, by autograd, by torch.func, compiled; one network and 32 at once."""

import peer

try:
    import torch
except ImportError as missing:
    peer.absent(missing)

from step import Form, serve_forms

torch.set_num_threads(peer.THREADS)
torch.set_default_dtype(torch.float64)

# Steps in one call of a compiled function: its own overhead is a matter of microseconds.
BLOCK = 10


class TorchForm(Form):
    def __init__(self, problem):
        super().__init__(problem)
        self.x, self.xt, self.y = (torch.from_numpy(v) for v in (problem.x, problem.xt, problem.y))

    def start(self, starts):
        self.a, self.v = (torch.from_numpy(part) for part in self.problem.split(starts))

    def reset(self):
        self.start(self.problem.starts if self.trials > 1 else self.problem.starts[0])

    def parameters(self):
        joined = self.problem.join(self.a.detach().numpy(), self.v.detach().numpy())
        return joined if self.trials > 1 else joined[None]


class Batch(TorchForm):
    def __init__(self, problem):
        super().__init__(problem)
        self.trials = len(problem.starts)


class HandSingle(TorchForm):
    name = "PyTorch, by hand"

    def reset(self):
        super().reset()
        p = self.problem
        self.h, self.u = torch.empty(p.width, p.count), torch.empty(p.width, p.count)
        self.r, self.gv = torch.empty(p.count), torch.empty(p.width, p.dimension + 1)

    def advance(self, steps):
        p, a, v, h, u, r, gv = self.problem, self.a, self.v, self.h, self.u, self.r, self.gv
        x, xt, y, scale, rate = self.x, self.xt, self.y, 2 / p.count, p.rate
        ac = a[:, None]
        with torch.no_grad():
            for _ in range(steps):
                torch.mm(v, xt, out=h)
                h.tanh_()
                torch.mv(h.t(), a, out=r)
                r.sub_(y).mul_(scale)
                torch.mul(h, h, out=u)
                torch.addcmul(r, u, r, value=-1, out=u)
                torch.mm(u, x, out=gv)
                v.addcmul_(gv, ac, value=-rate)
                a.addmv_(h, r, alpha=-rate)


class HandBatched(Batch):
    name = "PyTorch, by hand, 32 at once"

    def reset(self):
        super().reset()
        p, t = self.problem, self.trials
        self.h, self.u = torch.empty(t * p.width, p.count), torch.empty(t, p.width, p.count)
        self.r, self.gv = torch.empty(t, 1, p.count), torch.empty(t * p.width, p.dimension + 1)

    def advance(self, steps):
        p, a, v, h, u, r, gv = self.problem, self.a, self.v, self.h, self.u, self.r, self.gv
        t, m, n, d = self.trials, p.width, p.count, p.dimension
        x, xt, y, scale, rate = self.x, self.xt, self.y, 2 / p.count, p.rate
        flat, row, column, hs = v.view(t * m, d + 1), a.view(t, 1, m), a.view(t, m, 1), h.view(t, m, n)
        rc, us, gs = r.view(t, n, 1), u.view(t * m, n), gv.view(t, m, d + 1)
        with torch.no_grad():
            for _ in range(steps):
                torch.mm(flat, xt, out=h)
                h.tanh_()
                torch.bmm(row, hs, out=r)
                r.sub_(y).mul_(scale)
                torch.mul(hs, hs, out=u)
                torch.addcmul(r, u, r, value=-1, out=u)
                torch.mm(us, x, out=gv)
                v.addcmul_(gs, column, value=-rate)
                column.baddbmm_(hs, rc, alpha=-rate)


class AutogradSingle(TorchForm):
    name = "PyTorch, autograd"

    def advance(self, steps):
        rate, xt, y = self.problem.rate, self.xt, self.y
        a, v = self.a.requires_grad_(), self.v.requires_grad_()
        for _ in range(steps):
            loss = (a @ torch.tanh(v @ xt) - y).square().mean()
            ga, gv = torch.autograd.grad(loss, (a, v))
            with torch.no_grad():
                a.sub_(ga, alpha=rate)
                v.sub_(gv, alpha=rate)


class AutogradBatched(Batch):
    name = "PyTorch, autograd, 32 at once"

    def advance(self, steps):
        rate, xt, y, n = self.problem.rate, self.xt, self.y, self.problem.count
        a, v = self.a.requires_grad_(), self.v.requires_grad_()
        for _ in range(steps):
            outputs = (a[:, None, :] @ torch.tanh(v @ xt))[:, 0]
            ga, gv = torch.autograd.grad((outputs - y).square().sum() / n, (a, v))
            with torch.no_grad():
                a.sub_(ga, alpha=rate)
                v.sub_(gv, alpha=rate)


class VmapGrad(Batch):
    name = "PyTorch, vmap(grad), 32 at once"

    def __init__(self, problem):
        super().__init__(problem)
        try:
            from torch.func import grad, vmap
        except ImportError:
            from functorch import grad, vmap
        xt, y = self.xt, self.y
        self.gradient = vmap(grad(lambda a, v: (a @ torch.tanh(v @ xt) - y).square().mean(), argnums=(0, 1)))

    def advance(self, steps):
        a, v, rate = self.a, self.v, self.problem.rate
        for _ in range(steps):
            ga, gv = self.gradient(a, v)
            a.sub_(ga, alpha=rate)
            v.sub_(gv, alpha=rate)


class Compiled(TorchForm):
    """torch.compile of whole blocks of steps; `step` is one of them."""

    def __init__(self, problem):
        super().__init__(problem)
        self.one = torch.compile(self.step, dynamic=False)
        self.block = torch.compile(self.steps, dynamic=False)

    def steps(self, a, v):
        for _ in range(BLOCK):
            a, v = self.step(a, v)
        return a, v

    def advance(self, steps):
        a, v = self.a, self.v
        with torch.no_grad():
            for _ in range(steps // BLOCK):
                a, v = self.block(a, v)
            for _ in range(steps % BLOCK):
                a, v = self.one(a, v)
        self.a, self.v = a, v


class CompiledSingle(Compiled):
    name = "PyTorch, by hand, compiled"

    def step(self, a, v):
        h = torch.tanh(v @ self.xt)
        r = (a @ h - self.y) * (2 / self.problem.count)
        gv = ((r - h * h * r) @ self.x) * a[:, None]
        return a - self.problem.rate * (h @ r), v - self.problem.rate * gv


class CompiledBatched(Compiled, Batch):
    name = "PyTorch, by hand, compiled, 32 at once"

    def step(self, a, v):
        h = torch.tanh(v @ self.xt)
        r = ((a[:, :, None] * h).sum(1) - self.y) * (2 / self.problem.count)
        e = r[:, None, :]
        gv = ((e - h * h * e) @ self.x) * a[:, :, None]
        return a - self.problem.rate * (h * e).sum(2), v - self.problem.rate * gv


FORMS = [HandSingle, HandBatched, AutogradSingle, AutogradBatched, VmapGrad]
if hasattr(torch, "compile"):
    FORMS += [CompiledSingle, CompiledBatched]

serve_forms({"PyTorch": torch.__version__}, FORMS)
