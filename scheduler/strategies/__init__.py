"""Ways to solve an event: allocation by flow, placing by colouring, CP-SAT for the rest."""
