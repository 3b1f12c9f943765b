"""Gradient by jax.grad, Hessian-vector product by jvp of grad, compiled."""

import os

import peer

if peer.THREADS == 1:
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
try:
    import jax
    import jax.numpy as jnp
except ImportError as missing:
    peer.absent(missing)

import numpy as np

from spectra import serve_spectra


class Network:
    def __init__(self, x, y, parameters, width):
        m, d = width, x.shape[1]
        x, y = jnp.asarray(x), jnp.asarray(y)

        def risk(theta):
            a, w, b = theta[:m], theta[m : m + m * d].reshape(m, d), theta[m + m * d :]
            return jnp.mean((jnp.tanh(x @ w.T + b) @ a - y) ** 2)

        self.theta = jnp.asarray(parameters)
        self.compiled_gradient = jax.jit(jax.grad(risk))
        self.compiled_product = jax.jit(lambda theta, v: jax.jvp(jax.grad(risk), (theta,), (v,))[1])

    def gradient(self):
        return np.asarray(self.compiled_gradient(self.theta))

    def product(self, vector):
        return np.asarray(self.compiled_product(self.theta, vector))


serve_spectra({"JAX": jax.__version__}, Network)
