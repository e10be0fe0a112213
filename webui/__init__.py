"""The web application: staff, students and companies around the engine."""
