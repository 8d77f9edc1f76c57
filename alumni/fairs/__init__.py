"""A networking fair: companies, the times that they have, and who asks to meet them."""
