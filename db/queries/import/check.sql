-- Everything is merged: does it hold together?
SELECT import_check_references();
