-- Invoice, contact, sale and record are written by one transaction (IssueInvoice), and none of them is ever deleted: asking for each row
-- whether the other is there told nothing new, and was half of what the database did for an invoice.
alter table invoice drop constraint invoice_seller_id_fkey;
alter table invoice_contact drop constraint invoice_contact_seller_id_invoice_id_fkey;
alter table sale drop constraint sale_seller_id_invoice_id_fkey;
alter table fiscal_record drop constraint fiscal_record_seller_id_invoice_id_fkey;
