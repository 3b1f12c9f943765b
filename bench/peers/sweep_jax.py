"""The sweep in JAX: vmap over the cells, loops compiled."""

import peer

try:
    import jax
    import jax.numpy as jnp
except ImportError as missing:
    peer.absent(missing)

import functools

import numpy as np

from sweep import CHECK, Compiled, serve_sweep


def product_step(a, b, weights, target, rate):
    e = (a @ b - target) * weights
    return a - rate * (e @ b.T), b - rate * (a.T @ e)


def sum_step(a, b, weights, target, rate):
    """The products written as sums, which the compiler joins into one loop over the cells."""
    e = ((a[:, :, None] * b[None, :, :]).sum(1) - target) * weights
    ga = (e[:, None, :] * b[None, :, :]).sum(2)
    gb = (a[:, :, None] * e[:, None, :]).sum(0)
    return a - rate * ga, b - rate * gb


@functools.partial(jax.jit, static_argnums=(5, 6, 7), donate_argnums=(0, 1))
def advance(a, b, weights, target, rate, steps, step, axis):
    """`steps` steps, and the loss after them."""
    one = jax.vmap(step, in_axes=(axis, axis, axis, None, None), out_axes=axis)
    a, b = jax.lax.fori_loop(0, steps, lambda _, s: one(*s, weights, target, rate), (a, b))
    product = jax.vmap(jnp.matmul, in_axes=axis, out_axes=axis)(a, b)
    misfit = product - (target[:, :, None] if axis == 2 else target)
    return a, b, (misfit**2 * weights).sum((0, 1) if axis == 2 else (1, 2)) / 2


class Products(Compiled):
    name = "JAX, vmap over cells, matrix products"
    step = staticmethod(product_step)
    cells_first = True

    def put(self, array):
        return jnp.asarray(array)

    def get(self, array):
        return np.asarray(array)

    def advance(self, a, b, weights):
        s = self.sweep
        return advance(a, b, weights, s.target, s.rate, CHECK, self.step, 0 if self.cells_first else 2)


class Sums(Products):
    name = "JAX, vmap over cells, sums"
    step = staticmethod(sum_step)
    cells_first = False


serve_sweep({"JAX": jax.__version__}, [Products, Sums])
