"""Gradient flow dθ/dt = −∇R(θ) of a two-layer tanh network, θ = (a, W by rows, b), in NumPy."""

import numpy as np


class Network:
    def __init__(self, x, y, width):
        self.n, self.d = x.shape
        self.m = width
        self.x = np.hstack([x, np.ones((self.n, 1))])
        self.y = y
        # Place of each parameter when the bias stands behind the weights of its neuron: a, then rows of V = [W b].
        w = self.m + np.arange(self.m * self.d).reshape(self.m, self.d)
        b = self.m + self.m * self.d + np.arange(self.m).reshape(self.m, 1)
        self.order = np.concatenate([np.arange(self.m), np.hstack([w, b]).ravel()])
        self.gradients = self.hessians = 0

    def forward(self, theta):
        theta = theta[self.order]
        a, v = theta[: self.m], theta[self.m :].reshape(self.m, self.d + 1)
        h = np.tanh(self.x @ v.T)
        return a, h, h @ a - self.y

    def loss(self, theta):
        residuals = self.forward(theta)[2]
        return residuals @ residuals / self.n

    def slope(self, _, theta):
        """−∇R."""
        self.gradients += 1
        a, h, r = self.forward(theta)
        out = np.empty_like(theta)
        out[self.order] = np.concatenate([h.T @ r, (((r[:, None] * (1 - h * h)) * a).T @ self.x).ravel()])
        return (-2 / self.n) * out

    def jacobian(self, _, theta):
        """−∇²R, exact."""
        self.hessians += 1
        a, h, r = self.forward(theta)
        m, k, x = self.m, self.d + 1, self.x
        s = 1 - h * h
        j = np.concatenate([h, ((a * s)[:, :, None] * x[:, None, :]).reshape(self.n, m * k)], axis=1)
        hessian = j.T @ j
        mixed = (r[:, None] * s).T @ x
        curved = np.einsum("im,ij,ik->mjk", r[:, None] * a * (-2 * h * s), x, x, optimize=True)
        for neuron in range(m):
            rows = slice(m + neuron * k, m + (neuron + 1) * k)
            hessian[rows, rows] += curved[neuron]
            hessian[neuron, rows] += mixed[neuron]
            hessian[rows, neuron] += mixed[neuron]
        out = np.empty_like(hessian)
        out[np.ix_(self.order, self.order)] = hessian
        return (-2 / self.n) * out
