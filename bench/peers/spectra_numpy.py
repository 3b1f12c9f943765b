"""Gradient and Hessian-vector product in NumPy, by hand; what does not depend on the vector is made once."""

import numpy as np

import peer
from spectra import serve_spectra


class Network:
    def __init__(self, x, y, parameters, width):
        n, d = x.shape
        self.n, self.m, self.d = n, width, d
        self.x = np.hstack([x, np.ones((n, 1))])
        self.y = y
        self.a, self.v = self.split(parameters)
        self.h = np.tanh(self.x @ self.v.T)
        self.r = self.h @ self.a - y
        self.s = 1 - self.h * self.h
        self.slope = self.a * self.s
        self.rs = self.r[:, None] * self.s
        self.bend = self.r[:, None] * self.a * (-2 * self.h * self.s)

    def split(self, theta):
        """(a, V) with V = [W b]."""
        m, d = self.m, self.d
        return theta[:m], np.hstack([theta[m : m + m * d].reshape(m, d), theta[m + m * d :].reshape(m, 1)])

    def join(self, a, v):
        return np.concatenate([a, v[:, :-1].ravel(), v[:, -1]])

    def gradient(self):
        """From the parameters, as a training needs it."""
        h = np.tanh(self.x @ self.v.T)
        r = (2 / self.n) * (h @ self.a - self.y)
        return self.join(h.T @ r, ((r[:, None] * (1 - h * h)).T @ self.x) * self.a[:, None])

    def product(self, vector):
        da, dv = self.split(vector)
        dz = self.x @ dv.T
        df = self.h @ da + (self.slope * dz).sum(1)
        weights = df[:, None] * self.slope + self.rs * da + self.bend * dz
        return (2 / self.n) * self.join(self.h.T @ df + (self.rs * dz).sum(0), weights.T @ self.x)


serve_spectra({"NumPy": peer.numpy_version()}, Network)
