-- The base: tree of organisations, people, accounts, volumes, pages, ledger, jobs.
--
-- One text for both engines. {text} is text with bytewise order, {nr} ends a table
-- whose rows live in their primary key (SQLite "without rowid"). Every big table's key
-- starts with the archive-holding unit, which keeps partitioning and federation open.
-- Instants are milliseconds UTC; dates are YYYY[-MM[-DD]].

create table unit_key (              -- wrapped data key of each archive-holding unit
    unit    bigint primary key,
    wrapped bytea  not null
);

create table setting (
    unit  bigint not null,
    key   {text} not null,
    value {text} not null,
    primary key (unit, key)
){nr};

create table org (
    unit       bigint not null,
    id         bigint not null,
    parent     bigint,               -- null for the top
    kind       {text} not null,      -- jz_domain::org::KINDS
    full_name  {text} not null,
    short_name {text} not null,
    lo         bigint not null,      -- pre-order numbers with gaps
    hi         bigint not null,
    state      {text} not null,      -- active, closed
    extra      bytea  not null,      -- sealed JSON: terms, contact, documents
    version    bigint not null,
    digest     bytea  not null,      -- keyed digest of the row
    primary key (unit, id)
){nr};
create unique index org_name on org (unit, full_name);
create unique index org_lo on org (unit, lo);
create index org_parent on org (unit, parent, lo);

create table person (
    unit        bigint not null,
    id          bigint not null,
    org         bigint not null,
    org_no      bigint not null,     -- org.lo, for the rights filter
    name        {text} not null,
    former_name {text},
    sex         {text} not null,
    birth       {text},
    number      {text},              -- 学号/工号
    id_enc      bytea,               -- 公民身份号码, sealed
    id_key      bytea,               -- keyed index for exact look-up
    phone_enc   bytea,
    stage       {text} not null,
    status      {text},
    joined      {text},              -- 入党日期 as handed over
    regular     {text},              -- 转正日期 as handed over
    detail      bytea  not null,     -- sealed JSON: all other fields
    volumes     bigint not null,
    state       {text} not null,     -- active, withdrawn (an undone import)
    version     bigint not null,
    digest      bytea  not null,
    primary key (unit, id)
){nr};
create unique index person_id_no on person (unit, id_key);
create index person_number on person (unit, number, name);
create index person_org on person (unit, org_no, stage, state, id);
create index person_stage on person (unit, stage, id, org_no, state);

create table person_key (            -- what people are looked up by; digits of the ID number as keyed hashes
    unit   bigint not null,
    key    {text} not null,
    org_no bigint not null,
    person bigint not null,
    primary key (unit, key, org_no, person)
){nr};
create index person_key_person on person_key (unit, person);

create table person_tally (          -- counts, kept in the same transaction
    unit   bigint not null,
    org_no bigint not null,
    stage  {text} not null,
    n      bigint not null,
    primary key (unit, org_no, stage)
){nr};

create table account (
    unit    bigint not null,
    id      bigint not null,
    login   {text} not null,
    name    {text} not null,
    pw      {text} not null,         -- Argon2id
    person  bigint,
    state   {text} not null,         -- active, disabled
    failed  bigint not null,
    retry_at bigint not null,        -- no attempt before this instant
    version bigint not null,
    digest  bytea  not null,
    primary key (unit, id)
){nr};
create unique index account_login on account (unit, login);
create index account_person on account (unit, person);

create table role_grant (
    unit     bigint not null,
    id       bigint not null,
    account  bigint not null,
    role     {text} not null,
    org      bigint not null,
    from_day {text} not null,
    to_day   {text},                 -- last day; null is open-ended
    ended    bigint,                 -- instant it was taken back
    digest   bytea  not null,
    primary key (unit, id)
){nr};
create index role_grant_account on role_grant (unit, account);

create table session (
    token   bytea  not null,         -- SHA-256 of the cookie
    unit    bigint not null,
    account bigint not null,
    made    bigint not null,
    seen    bigint not null,
    ends    bigint not null,
    addr    {text} not null,
    agent   {text} not null,
    primary key (token)
){nr};
create index session_account on session (unit, account);

create table event (                 -- every change: who, when, on what evidence
    unit     bigint not null,
    subject  bigint not null,        -- the person, volume, organisation … it is about
    id       bigint not null,
    kind     {text} not null,
    happened {text} not null,        -- day it happened
    recorded bigint not null,
    actor    bigint not null,
    basis    {text},
    detail   bytea  not null,        -- sealed JSON: before and after
    seq      bigint not null,        -- its entry in the ledger
    primary key (unit, subject, id)
);                                   -- rows are too long for a table that lives in its key

create table ledger (                -- RFC 6962 leaves, in order
    seq     bigint primary key,      -- from 0
    at      bigint not null,
    actor   bigint not null,
    action  {text} not null,
    subject bigint,                  -- whose file, for 谁看过
    object  bigint,
    leaf    bytea  not null,         -- the bytes that are hashed
    salt    bytea,                   -- opens the commitment; gone when detail is erased
    detail  bytea                    -- sealed JSON
);
create index ledger_subject on ledger (subject, seq);
create index ledger_actor on ledger (actor, seq);

create table ledger_head (           -- one row: size and the hashes of the full subtrees
    one      bigint primary key,
    size     bigint not null,
    frontier bytea  not null
);

create table object (                -- stored bytes, content-addressed
    unit    bigint not null,
    sha256  bytea  not null,
    sm3     bytea  not null,
    len     bigint not null,
    name    {text} not null,         -- keyed name in the store
    cipher  bytea  not null,         -- SHA-256 of what lies on the disk
    wrapped bytea  not null,         -- its data key, wrapped by the unit key
    made    bigint not null,
    checked bigint,
    primary key (unit, sha256)
){nr};

create table volume (
    unit      bigint not null,
    id        bigint not null,
    no        {text} not null,       -- 档号
    person    bigint not null,
    org_no    bigint not null,
    scheme    {text} not null,
    secrecy   {text} not null,
    state     {text} not null,       -- active, withdrawn
    rev       bigint not null,       -- catalogue revision
    materials bigint not null,
    pages     bigint not null,
    made      bigint not null,
    digest    bytea  not null,
    primary key (unit, id)
){nr};
create unique index volume_no on volume (unit, no);
create index volume_person on volume (unit, person, id);
create index volume_org on volume (unit, org_no, id);

create table material (
    unit       bigint not null,
    id         bigint not null,
    volume     bigint not null,
    class_code {text} not null,
    seq        bigint not null,
    title      {text} not null,
    formed     {text},
    page_count bigint,
    copies     bigint not null,
    remark     {text} not null,
    removed    {text},
    org_no     bigint not null,
    digest     bytea  not null,
    primary key (unit, id)
){nr};
create index material_volume on material (unit, volume);

create table page (
    unit       bigint not null,
    id         bigint not null,
    volume     bigint not null,
    material   bigint not null,
    person     bigint not null,
    org_no     bigint not null,
    no         bigint not null,
    object     bytea  not null,      -- SHA-256 of the master
    source     bytea  not null,      -- sealed: path or file name it came from
    format     {text} not null,
    w          bigint not null,
    h          bigint not null,
    dpi        bigint,
    facts      {text} not null,      -- JSON: skew, ink, blur
    ocr        {text} not null,      -- pending, done, failed, none
    confidence double precision,
    text_rev   bigint not null,
    state      {text} not null,      -- active, withdrawn
    digest     bytea  not null,
    primary key (unit, id)
){nr};
create index page_material on page (unit, material, no);
create index page_volume on page (unit, volume);
create index page_ocr on page (unit, ocr, confidence);
create index page_object on page (unit, object);

create table page_text (             -- every reading of a page; the machine's is revision 1
    unit  bigint not null,
    page  bigint not null,
    rev   bigint not null,
    kind  {text} not null,           -- machine, corrected
    at    bigint not null,
    actor bigint,
    folded bytea not null,           -- sealed folded text, for verification; short, so it comes first
    lines bytea  not null,           -- sealed JSON with boxes and positions
    primary key (unit, page, rev)
);                                   -- rows are too long for a table that lives in its key

create table job (
    unit   bigint not null,
    id     bigint not null,
    kind   {text} not null,
    arg    {text} not null,
    state  {text} not null,          -- queued, running, done, failed
    run_at bigint not null,
    lease  bigint not null,          -- instant until which a worker has it
    tries  bigint not null,
    done   bigint not null,
    total  bigint not null,
    error  {text},
    made   bigint not null,
    ended  bigint,
    primary key (unit, id)
){nr};
create index job_next on job (state, run_at);

create table batch (                 -- an import, from upload to undo
    unit    bigint not null,
    id      bigint not null,
    kind    {text} not null,         -- orgs, members, volumes
    file    bytea  not null,         -- sealed file name or folder
    object  bytea,                   -- SHA-256 of the original upload
    plan    bytea,                   -- SHA-256 of the stored plan
    state   {text} not null,         -- preview, running, committed, undone, failed
    made    bigint not null,
    actor   bigint not null,
    summary bytea  not null,         -- sealed JSON for the page
    primary key (unit, id)
){nr};

create table batch_item (            -- what a committed batch touched, for its undo
    unit    bigint not null,
    batch   bigint not null,
    n       bigint not null,
    kind    {text} not null,         -- person, org, volume, material, page
    object  bigint not null,
    version bigint not null,         -- version it left behind
    before  bytea,                   -- sealed JSON; null when it was new
    primary key (unit, batch, n)
){nr};

create table catalogue_rev (
    unit    bigint not null,
    volume  bigint not null,
    rev     bigint not null,
    at      bigint not null,
    actor   bigint not null,
    reason  {text},
    changes bytea  not null,         -- sealed JSON
    rows    bytea  not null,         -- sealed JSON: the catalogue after the change
    primary key (unit, volume, rev)
){nr};

{sqlite}create virtual table page_fts using fts5(codes, content='', contentless_delete=1, detail=none, tokenize='ascii');
{sqlite}create virtual table title_fts using fts5(codes, content='', contentless_delete=1, detail=none, tokenize='ascii');
{pg}create table page_code (id bigint primary key, codes int[] not null);
{pg}create index page_code_gin on page_code using gin (codes);
{pg}create table title_code (id bigint primary key, codes int[] not null);
{pg}create index title_code_gin on title_code using gin (codes);
