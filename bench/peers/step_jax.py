"""The same in JAX: whole loops compiled, gradients by hand and by jax.grad; one network and 32 by vmap."""

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

from step import Form, serve_forms


def by_hand(x, xt, y, rate):
    def step(state):
        a, v = state
        h = jnp.tanh(v @ xt)
        r = (a @ h - y) * (2 / y.size)
        return a - rate * (h @ r), v - rate * ((r - h * h * r) @ x) * a[:, None]

    return step


def by_grad(x, xt, y, rate):
    gradient = jax.grad(lambda state: jnp.mean((state[0] @ jnp.tanh(state[1] @ xt) - y) ** 2))
    return lambda state: jax.tree.map(lambda p, g: p - rate * g, state, gradient(state))


class JaxForm(Form):
    batched = False
    step_of = staticmethod(by_hand)

    def __init__(self, problem):
        super().__init__(problem)
        x, xt, y = (jnp.asarray(v) for v in (problem.x, problem.xt, problem.y))
        step = self.step_of(x, xt, y, problem.rate)
        if self.batched:
            self.trials = len(problem.starts)
            step = jax.vmap(step)
        # The number of steps is an argument, so that it is compiled once.
        self.loop = jax.jit(lambda state, steps: jax.lax.fori_loop(0, steps, lambda _, s: step(s), state), donate_argnums=0)

    def reset(self):
        starts = self.problem.starts
        self.state = tuple(jnp.asarray(part) for part in self.problem.split(starts if self.batched else starts[0]))

    def advance(self, steps):
        self.state = jax.block_until_ready(self.loop(self.state, steps))

    def parameters(self):
        joined = self.problem.join(*(np.asarray(part) for part in self.state))
        return joined if self.batched else joined[None]


class HandSingle(JaxForm):
    name = "JAX, by hand, compiled loop"


class HandBatched(JaxForm):
    name = "JAX, by hand, vmap of 32, compiled loop"
    batched = True


class GradSingle(JaxForm):
    name = "JAX, grad, compiled loop"
    step_of = staticmethod(by_grad)


class GradBatched(JaxForm):
    name = "JAX, grad, vmap of 32, compiled loop"
    step_of = staticmethod(by_grad)
    batched = True


serve_forms({"JAX": jax.__version__}, [HandSingle, HandBatched, GradSingle, GradBatched])
