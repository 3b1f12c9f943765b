"""Gradient descent of a two-layer tanh network in NumPy: gradients by hand, every array made once."""

import numpy as np

import peer
from step import Form, serve_forms


class Single(Form):
    name = "NumPy, by hand"

    def reset(self):
        p = self.problem
        self.a, self.v = p.split(p.starts[0])
        m, n = p.width, p.count
        self.h, self.u = np.empty((m, n)), np.empty((m, n))
        self.r, self.ga, self.gv = np.empty(n), np.empty(m), np.empty((m, p.dimension + 1))

    def advance(self, steps):
        p, a, v, h, u, r, ga, gv = self.problem, self.a, self.v, self.h, self.u, self.r, self.ga, self.gv
        x, xt, y, scale, rate = p.x, p.xt, p.y, 2 / p.count, p.rate
        for _ in range(steps):
            np.dot(v, xt, out=h)
            np.tanh(h, out=h)
            np.dot(a, h, out=r)
            r -= y
            r *= scale
            np.dot(h, r, out=ga)
            np.multiply(h, h, out=u)
            np.subtract(1, u, out=u)
            u *= r
            np.dot(u, x, out=gv)
            gv *= a[:, None]
            gv *= rate
            ga *= rate
            v -= gv
            a -= ga

    def parameters(self):
        return self.problem.join(self.a, self.v)[None]


class Batched(Form):
    name = "NumPy, by hand, 32 at once"

    def __init__(self, problem):
        super().__init__(problem)
        self.trials = len(problem.starts)

    def reset(self):
        p = self.problem
        self.a, self.v = p.split(p.starts)
        t, m, n = self.trials, p.width, p.count
        self.h, self.u = np.empty((t, m, n)), np.empty((t, m, n))
        self.r, self.ga, self.gv = np.empty((t, 1, n)), np.empty((t, m, 1)), np.empty((t * m, p.dimension + 1))

    def advance(self, steps):
        p, a, v, h, u, r, ga, gv = self.problem, self.a, self.v, self.h, self.u, self.r, self.ga, self.gv
        t, m, n, d = self.trials, p.width, p.count, p.dimension
        x, xt, y, scale, rate = p.x, p.xt, p.y, 2 / p.count, p.rate
        for _ in range(steps):
            # The inputs are the same for all trials, so one large product serves them all.
            np.dot(v.reshape(t * m, d + 1), xt, out=h.reshape(t * m, n))
            np.tanh(h, out=h)
            np.matmul(a[:, None, :], h, out=r)
            r -= y
            r *= scale
            np.matmul(h, r.reshape(t, n, 1), out=ga)
            np.multiply(h, h, out=u)
            np.subtract(1, u, out=u)
            u *= r
            np.dot(u.reshape(t * m, n), x, out=gv)
            g = gv.reshape(t, m, d + 1)
            g *= a[:, :, None]
            g *= rate
            ga *= rate
            v -= g
            a -= ga[:, :, 0]

    def parameters(self):
        return self.problem.join(self.a, self.v)


serve_forms({"NumPy": peer.numpy_version()}, [Single, Batched])
