"""Speed and memory, measured against solvers that are used the way everybody uses them."""
