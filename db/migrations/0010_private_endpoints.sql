-- Accounts are listed in the order in which they were made or changed; receipts name an e-mail by its Notify id.
CREATE INDEX ON users (created_at, id);
CREATE INDEX ON users (updated_at, id);
CREATE INDEX ON nomination_emails (notify_id);
