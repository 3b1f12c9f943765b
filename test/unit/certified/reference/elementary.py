"""Writes elementary.json: 150 digits of elementary functions at float64 arguments, with Python's decimal module alone."""

import json
from decimal import Decimal, getcontext

getcontext().prec = 400

ARGUMENTS = [
    "0.0625", "0.1", "0.3", "0.5", "0.6931471805599453", "0.75", "1.0", "1.0000000000000002", "1.5707963267948966",
    "2.0", "2.5", "3.141592653589793", "5.0", "7.853981633974483", "10.0", "17.3", "33.25", "50.0", "123.456", "700.0",
    "1e-5", "1e-17", "3e-40", "1e-110",
]


def sin_cos(x):
    halvings = 20 + max(0, int(x.copy_abs()).bit_length())
    t = x / 2**halvings
    sine, cosine, term, k = Decimal(0), Decimal(0), Decimal(1), 0
    while abs(term) > Decimal(10) ** -398:
        if k % 2 == 0:
            cosine += term if k % 4 == 0 else -term
        else:
            sine += term if k % 4 == 1 else -term
        k += 1
        term = term * t / k
    for _ in range(halvings):
        sine, cosine = 2 * sine * cosine, cosine * cosine - sine * sine
    return sine, cosine


def tanh(x):
    u = (-2 * x.copy_abs()).exp()
    return ((1 - u) / (1 + u)).copy_sign(x)


def digits(x):
    getcontext().prec = 150
    text = str(+x)
    getcontext().prec = 400
    return text


def values(x):
    sine, cosine = sin_cos(x)
    row = {"exp": x.exp(), "tanh": tanh(x), "sigmoid": 1 / (1 + (-x).exp()), "softplus": (1 + x.exp()).ln(), "sin": sine, "cos": cosine}
    if x > 0:
        row |= {"log": x.ln(), "sqrt": x.sqrt()}
    return {name: digits(value) for name, value in row.items()}


table = []
for text in ARGUMENTS:
    for number in (float(text), -float(text)):
        table.append({"x": number, **values(Decimal(number))})

with open("elementary.json", "w") as out:
    json.dump(table, out, indent=1)
    out.write("\n")
