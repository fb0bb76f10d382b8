"""One module an area of benchmarks: its quantities, and who computes them."""
