-- What is done with the lines before the first table is merged.
SELECT import_prepare();
