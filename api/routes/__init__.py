"""The contract's endpoints, and the pages beside them."""
