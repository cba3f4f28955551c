-- What is the service open for?
SELECT mode, ends_at FROM service_mode;
