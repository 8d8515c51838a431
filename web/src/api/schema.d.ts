// Written by hand from the contract of API v1, in the shape openapi-typescript makes.
// `npm run gen` replaces this file as soon as ../docs/openapi.json exists.

type Json<T> = { headers: { [name: string]: unknown }; content: { 'application/json': T } };
type Fault = { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } };
type Answers<T> = { responses: { 200: Json<T>; default: Fault } };
type Params<P, Q> = {
  parameters: { query?: Q; header?: never; path: P; cookie?: never };
};
type Free<Q = never> = { parameters: { query?: Q; header?: never; path?: never; cookie?: never } };
type Body<B> = { requestBody: { content: { 'application/json': B } } };
type Form = { requestBody: { content: { 'multipart/form-data': Record<string, unknown> } } };
type NoBody = { requestBody?: never };

type Get<T, Q = never> = Free<Q> & NoBody & Answers<T>;
type GetBy<K extends string, T, Q = never> = Params<Record<K, string>, Q> & NoBody & Answers<T>;
type Send<B, T> = Free & Body<B> & Answers<T>;
type SendBy<K extends string, B, T> = Params<Record<K, string>, never> & Body<B> & Answers<T>;
type PokeBy<K extends string, T> = Params<Record<K, string>, never> & NoBody & Answers<T>;
type S = components['schemas'];

export interface paths {
  '/api/v1/setup': { get: Get<S['SetupState']>; post: Send<S['SetupRequest'], undefined> };
  '/api/v1/session': { post: Send<S['LoginRequest'], S['Me']>; delete: Get<undefined> };
  '/api/v1/me': { get: Get<S['Me']> };
  '/api/v1/me/password': { post: Send<S['PasswordChange'], undefined> };
  '/api/v1/orgs': { get: Get<S['OrgList']>; post: Send<S['NewOrg'], S['Org']> };
  '/api/v1/orgs/{org}': { patch: SendBy<'org', S['OrgPatch'], S['Org']> };
  '/api/v1/persons': { post: Send<S['NewPerson'], S['PersonRecord']> };
  '/api/v1/persons/search': { post: Send<S['PersonQuery'], S['PersonPage']> };
  '/api/v1/persons/{person}': {
    get: GetBy<'person', S['PersonRecord']>;
    patch: SendBy<'person', S['PersonPatch'], S['PersonRecord']>;
  };
  '/api/v1/persons/{person}/reveal': { post: SendBy<'person', S['RevealRequest'], S['Revealed']> };
  '/api/v1/persons/{person}/history': { get: GetBy<'person', S['History']> };
  '/api/v1/persons/{person}/looks': { get: GetBy<'person', S['Looks']> };
  '/api/v1/imports': { get: Get<S['BatchList']>; post: Free & Form & Answers<S['Batch']> };
  '/api/v1/imports/{batch}': { get: GetBy<'batch', S['Batch']> };
  '/api/v1/imports/{batch}/findings': {
    get: GetBy<'batch', S['FindingPage'], { sheet?: string; after?: string; limit?: number }>;
  };
  '/api/v1/imports/{batch}/changes': { get: GetBy<'batch', S['ChangePage'], { after?: string; limit?: number }> };
  '/api/v1/imports/{batch}/commit': { post: PokeBy<'batch', S['Batch']> };
  '/api/v1/imports/{batch}/undo': { post: PokeBy<'batch', S['Batch']> };
  '/api/v1/volume-imports': { get: Get<S['VolumeBatchList']>; post: Free & Form & Answers<S['VolumeBatch']> };
  '/api/v1/volume-imports/{batch}': { get: GetBy<'batch', S['VolumeBatch']> };
  '/api/v1/volume-imports/{batch}/commit': { post: PokeBy<'batch', S['VolumeBatch']> };
  '/api/v1/volumes': { post: Send<S['NewVolume'], S['Volume']> };
  '/api/v1/volumes/search': { post: Send<S['VolumeQuery'], S['VolumePage']> };
  '/api/v1/volumes/{volume}': { get: GetBy<'volume', S['Volume']> };
  '/api/v1/volumes/{volume}/catalogue': { post: SendBy<'volume', S['CatalogueEdit'], S['Volume']> };
  '/api/v1/volumes/{volume}/catalogue/undo': { post: SendBy<'volume', S['CatalogueUndo'], S['Volume']> };
  '/api/v1/volumes/{volume}/revisions': { get: GetBy<'volume', S['Revisions']> };
  '/api/v1/materials/{material}/pages': { post: Params<{ material: string }, never> & Form & Answers<S['Material']> };
  '/api/v1/pages/{page}': { get: GetBy<'page', S['PageInfo']> };
  '/api/v1/pages/{page}/text': { put: SendBy<'page', S['TextEdit'], S['PageInfo']> };
  '/api/v1/low-confidence': { get: Get<S['LowConfidence'], { after?: string }> };
  '/api/v1/search': { post: Send<S['SearchRequest'], S['SearchResult']> };
  '/api/v1/jobs': { get: Get<S['JobList']> };
  '/api/v1/jobs/{job}/retry': { post: PokeBy<'job', undefined> };
  '/api/v1/ledger/search': { post: Send<S['LedgerQuery'], S['LedgerPage']> };
  '/api/v1/ledger/status': { get: Get<S['LedgerStatus']> };
  '/api/v1/ledger/verify': { post: Get<S['LedgerReport']> };
  '/api/v1/accounts': { get: Get<S['AccountList']>; post: Send<S['NewAccount'], { id: string }> };
  '/api/v1/accounts/{account}': { patch: SendBy<'account', S['AccountPatch'], undefined> };
  '/api/v1/accounts/{account}/password': { post: SendBy<'account', S['PasswordSet'], undefined> };
  '/api/v1/accounts/{account}/roles': { post: SendBy<'account', S['NewGrant'], { id: string }> };
  '/api/v1/accounts/{account}/roles/{grant}': {
    delete: Params<{ account: string; grant: string }, never> & NoBody & Answers<undefined>;
  };
  '/api/v1/system/doctor': { get: Get<S['Doctor']> };
  '/api/v1/schemes': { get: Get<S['SchemeList']> };
}

export interface components {
  schemas: {
    Problem: {
      type?: string | null; title: string; status: number; code: string; detail?: string | null;
      errors?: { pointer: string; message: string }[];
    };
    SetupState: { needed: boolean };
    SetupRequest: { code: string; school: string; login: string; password: string };
    LoginRequest: { login: string; password: string };
    PasswordChange: { old: string; new: string };
    PasswordSet: { password: string };
    Me: {
      account: string; login: string; name: string; person?: string | null;
      roles: { role: string; org: string; org_name: string; from?: string | null; to?: string }[];
      actions: string[]; school: string; watermark?: string | null; custodian: boolean; readonly?: string | null;
    };
    OrgList: { orgs: S['Org'][] };
    Org: {
      id: string; parent?: string | null; kind: string; kind_label: string; full_name: string; short_name?: string | null;
      people: number; depth: number; state: string; version: number;
    };
    NewOrg: { parent?: string | null; kind: string; full_name: string; short_name?: string };
    OrgPatch: { full_name?: string | null; short_name?: string | null; version: number };
    PersonQuery: { org?: string | null; stage?: string | null; q?: string | null; after?: string | null; limit?: number };
    PersonPage: { rows: S['PersonRow'][]; next?: string | null; total: number; capped: boolean };
    PersonRow: {
      id: string; org: string; org_name: string; name: string; former_name?: string | null; sex: string; sex_label: string;
      birth?: string | null; number?: string | null; id_masked?: string | null; phone_masked?: string | null; stage: string; stage_label: string;
      status?: string | null; status_label?: string | null; joined?: string | null; regular?: string | null; volumes: number;
    };
    PersonRecord: S['PersonRow'] & {
      ethnicity?: string | null; education?: string | null; applied?: string | null; activist?: string | null; candidate?: string | null;
      reports: string[]; extra: { key: string; label: string; value: string }[];
      volume_list: { id: string; no: string; scheme_label: string; materials: number; pages: number }[];
      version: number; actions: string[];
    };
    PersonFields: {
      name?: string | null; former_name?: string | null; sex?: string | null; birth?: string | null; number?: string | null; id_no?: string | null;
      phone?: string | null; ethnicity?: string | null; education?: string | null; stage?: string | null; status?: string | null; applied?: string | null;
      activist?: string | null; candidate?: string | null; joined?: string | null; regular?: string | null; org?: string | null;
    };
    NewPerson: S['PersonFields'] & { org: string; name: string };
    PersonPatch: S['PersonFields'] & { version: number; basis: string };
    RevealRequest: { reason: string };
    Revealed: { id_no?: string | null; phone?: string };
    History: { events: S['HistoryEvent'][] };
    HistoryEvent: {
      id: string; kind: string; kind_label: string; at: number; happened?: string | null; actor: string; basis?: string | null;
      changes: { field: string; label: string; before?: string | null; after?: string }[];
    };
    Looks: { looks: { at: number; actor: string; role_label: string; action_label: string; purpose?: string }[] };
    BatchList: { batches: S['Batch'][] };
    Batch: {
      id: string; kind: string; file_name: string; state: string; created_at: number; actor: string;
      rows: number; good: number; bad: number; new: number; changed: number; same: number;
      sheets: S['SheetInfo'][]; can_commit: boolean; can_undo: boolean; undo_blocked?: string | null;
    };
    SheetInfo: {
      name: string; role: string; reason?: string | null; org?: string | null; org_name?: string | null; header_rows: number;
      skipped_rows: { row: number; reason: string }[];
      columns: { header: string; field?: string | null; field_label?: string | null; note?: string | null }[]; rows: number; good: number; bad: number;
    };
    FindingPage: { findings: S['Finding'][]; next?: string };
    Finding: {
      sheet: string; row: number; column: string; value: string; code: string; severity: string; message: string;
    };
    ChangePage: { changes: S['RowChange'][]; next?: string };
    RowChange: {
      sheet: string; row: number; name: string; kind: string;
      fields: { label: string; before?: string | null; after?: string }[];
    };
    VolumeBatchList: { batches: S['VolumeBatch'][] };
    VolumeBatch: {
      id: string; layout: string; state: string; created_at?: number | null; actor?: string | null;
      volumes: S['FoundVolume'][]; unmatched: { path: string; reason: string }[];
    };
    FoundVolume: {
      root: string; person?: string | null; person_name?: string | null; materials: number; pages: number;
      findings: { path: string; code: string; severity: string; message: string }[];
    };
    VolumeQuery: { org?: string | null; person?: string | null; q?: string | null; after?: string | null; limit?: number };
    VolumePage: { rows: S['VolumeRow'][]; next?: string | null; total: number; capped: boolean };
    VolumeRow: {
      id: string; no: string; person: string; person_name: string; org_name: string; scheme: string;
      scheme_label: string; materials: number; pages: number; secrecy: string; secrecy_label: string; state: string; catalogue_rev: number;
    };
    NewVolume: { person: string; scheme: string };
    Volume: S['VolumeRow'] & { classes: S['VolumeClass'][]; removed: S['Material'][]; rev: number; actions: string[] };
    VolumeClass: S['SchemeClass'] & { materials: S['Material'][] };
    Material: {
      id: string; class_code: string; seq: number; title: string; formed?: string | null; pages: S['PageRef'][];
      page_count?: number | null; copies: number; remark: string; state: string; removed?: string | null;
    };
    PageRef: { id: string; no: number; w: number; h: number; state: string; confidence?: number | null; low: boolean };
    CatalogueOp:
      | { op: 'add'; class_code: string; title: string; formed?: string | null; page_count?: number | null; copies?: number | null; remark?: string | null; at?: number }
      | { op: 'edit'; material: string; field: string; value: string }
      | { op: 'move'; material: string; class_code: string; at: number }
      | { op: 'remove'; material: string; reason: string }
      | { op: 'page_move'; page: string; material: string; at: number };
    CatalogueEdit: { rev: number; reason?: string | null; ops: S['CatalogueOp'][] };
    CatalogueUndo: { rev: number };
    Revisions: { revisions: { rev: number; at: number; actor: string; reason?: string | null; summary: string }[] };
    PageInfo: {
      id: string; volume: string; material: string; no: number; w: number; h: number; dpi?: number | null; sha256: string;
      sm3: string; format: string; bytes: number; ocr: string; confidence?: number | null; rev?: number | null;
      lines: S['TextLine'][]; corrected?: { at: number; actor: string }; image: string; material_title: string; low: boolean; actions: string[];
    };
    TextLine: { text: string; machine?: string | null; conf: number; box: number[]; quad?: number[] | null; chars?: number[][] };
    TextEdit: { rev: number; lines: { index: number; text: string }[] };
    LowConfidence: {
      threshold: number; next?: string | null;
      rows: { page: string; volume: string; volume_no: string; person_name: string; material_title: string; no: number; confidence: number }[];
    };
    SearchRequest: { q: string; kind?: string | null; org?: string | null; after?: string | null; limit?: number };
    SearchResult: { hits: S['Hit'][]; next?: string | null; total: number; capped: boolean; took?: number };
    Hit: {
      kind: string; id: string; person?: string | null; person_name?: string | null; volume?: string | null; volume_no?: string | null;
      material?: string | null; material_title?: string | null; page?: string | null; page_no?: number | null;
      snippet: { text: string; hit: boolean }[]; boxes: number[][]; w?: number | null; h?: number | null;
    };
    JobList: { jobs: S['Job'][]; pending: number };
    Job: {
      id: string; kind: string; kind_label: string; state: string; done: number; total: number; tries: number;
      error?: string | null; at: number;
    };
    LedgerPage: { entries: S['LedgerEntry'][]; next?: number };
    LedgerEntry: {
      seq: number; at: number; actor: string; role: string; action: string; action_label: string; kind: string;
      object?: string | null; result: string; purpose?: string | null;
    };
    LedgerQuery: { login?: string | null; action?: string | null; subject?: string | null; from?: number | null; to?: number | null; before?: number | null; limit?: number };
    LedgerStatus: {
      size: number; root: string; checkpoint_size?: number | null; checkpoint_at?: number | null; state: string; reason?: string | null;
    };
    LedgerReport: { ok: boolean; findings: { place: string; record: string; code: string; message: string }[]; checked: { [what: string]: number }; root: string; size: number };
    AccountList: { accounts: S['Account'][] };
    Account: {
      id: string; login: string; name: string; state: string; locked_until?: number | null;
      roles: { id: string; role: string; role_label: string; org: string; org_name: string; from: string; to?: string | null; ended: boolean }[];
    };
    NewAccount: { login: string; name?: string | null; password: string; person?: string };
    AccountPatch: { state: string };
    NewGrant: { role: string; org: string; from?: string | null; to?: string };
    Doctor: { checks: { key: string; state: string; sentence: string }[] };
    SchemeList: { schemes: S['Scheme'][] };
    Scheme: { code: string; name: string; valid_from?: string | null; classes: S['SchemeClass'][] };
    SchemeClass: { code: string; parent?: string | null; name: string; label: string; leaf: boolean };
  };
}
