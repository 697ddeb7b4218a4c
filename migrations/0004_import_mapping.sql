-- Lists of gifts with headings of their own are read by the columns that a clerk chose: `code:place,…#mark of the
-- headings`. The run keeps them, so that posting reads what was staged, and the next list of the same headings is
-- read without asking. Empty for the known layouts.
ALTER TABLE import_run ADD COLUMN mapping TEXT NOT NULL DEFAULT '';
