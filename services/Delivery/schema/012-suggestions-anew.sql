-- The half-life of a sale's weight is in these sums, and is another one now: the counts begin anew.
truncate sold_pair, sold_product;
