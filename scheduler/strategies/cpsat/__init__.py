"""The constraint-programming model: variables, constraints, levels, search."""
