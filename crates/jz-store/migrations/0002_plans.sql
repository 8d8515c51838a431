-- What the planner of SQLite has to be told: `unit` is the same in every row.
--
-- Without a word it believes that the first column of a key leaves ten rows, and walks a
-- whole table by its primary key (unit) although an index of (unit, number) stands beside.
-- The figures are those of a large house and never measured anew: a plan must not change
-- because a table has grown. Queries that want to walk a primary key say so with a plus
-- sign (`+org_no`). PostgreSQL measures by itself.
{sqlite}analyze sqlite_schema;
{sqlite}insert into sqlite_stat1(tbl, idx, stat) values
{sqlite}    ('person', 'person', '1000000 1000000 1'),
{sqlite}    ('person_key', 'person_key', '1000000 1000000 10 10 1'),
{sqlite}    ('account', 'account', '1000000 1000000 1'),
{sqlite}    ('role_grant', 'role_grant', '1000000 1000000 1'),
{sqlite}    ('object', 'object', '1000000 1000000 1'),
{sqlite}    ('volume', 'volume', '1000000 1000000 1'),
{sqlite}    ('material', 'material', '1000000 1000000 1'),
{sqlite}    ('page', 'page', '1000000 1000000 1'),
{sqlite}    ('page_text', 'sqlite_autoindex_page_text_1', '1000000 1000000 10 1'),
{sqlite}    ('batch_item', 'batch_item', '1000000 1000000 10 1'),
{sqlite}    ('catalogue_rev', 'catalogue_rev', '1000000 1000000 10 1');
{sqlite}analyze sqlite_schema;
