"""A simulated Ongoing WMS: the Goods Owner REST API, v1, of one warehouse with one goods owner for each account."""
