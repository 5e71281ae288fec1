"""Speed against what a careful person writes in an afternoon with the same libraries."""
