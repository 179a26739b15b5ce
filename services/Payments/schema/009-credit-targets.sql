-- Whose corrections a credit is for is told with every allocation of it.
create index credit_target_by_payment on credit_target (seller_id, payment_id);
