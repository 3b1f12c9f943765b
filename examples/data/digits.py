"""Writes digits.csv: the 8x8 digits of scikit-learn as one line of 64 pixels (0 to 16) and a class for each image.

Run once, with scikit-learn 1.9.1:  python digits.py
"""
from pathlib import Path

from sklearn.datasets import load_digits

HEAD = """# Handwritten digits, 8x8 pixels of 0 to 16, row by row, then the digit; 1797 images.
# Test set of "Optical Recognition of Handwritten Digits" (E. Alpaydin, C. Kaynak, 1998), UCI Machine Learning Repository,
# https://doi.org/10.24432/C50P49, licence CC BY 4.0; as packaged by scikit-learn (BSD-3-Clause). Values unchanged.
"""

digits = load_digits()
lines = [",".join(str(int(pixel)) for pixel in image) + f",{label}" for image, label in zip(digits.data, digits.target)]
(Path(__file__).parent / "digits.csv").write_text(HEAD + "\n".join(lines) + "\n")
