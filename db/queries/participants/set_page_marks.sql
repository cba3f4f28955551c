-- Sets the marks of deep pages anew for the lead providers with whom much has changed. How many are they?
SELECT set_stale_page_marks();
