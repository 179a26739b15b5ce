-- What goes with a product is said by other numbers now, and the half-life of a sale's weight is another one: the counts begin anew.
truncate sold_pair, sold_product;
