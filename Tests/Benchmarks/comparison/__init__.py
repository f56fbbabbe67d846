"""The other side of the engine's benchmark: the same computations in other libraries.

`contest`, `disturbance`, `engine`, `machine`, `report`, `targets` and `turns` need nothing but
Python; the rest needs torch. Tests hold the first ones (test_comparison.py).
"""
