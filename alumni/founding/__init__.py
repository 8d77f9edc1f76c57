"""Founding a national association: who founds it, its papers, and who approves them."""
