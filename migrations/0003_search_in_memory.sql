-- Names are searched in memory (record 0018): the terms of two characters, ten and more for each organisation, go.
DROP TABLE search_term;
