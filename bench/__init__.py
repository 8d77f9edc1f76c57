"""How fast the product answers, as ratios to a bare Flask page, and what a first visit weighs."""
