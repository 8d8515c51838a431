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
  '/api/v1/pages/low-confidence': { get: Get<S['LowConfidence'], { after?: string }> };
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
      type?: string; title: string; status: number; code: string; detail?: string;
      errors?: { pointer: string; message: string }[];
    };
    SetupState: { needed: boolean };
    SetupRequest: { code: string; school: string; login: string; password: string };
    LoginRequest: { login: string; password: string };
    PasswordChange: { old: string; new: string };
    PasswordSet: { password: string };
    Me: {
      account: string; login: string; name: string; person?: string;
      roles: { role: string; org: string; org_name: string; from?: string; to?: string }[];
      actions: string[]; school: string; watermark?: string; custodian: boolean; readonly?: string;
    };
    OrgList: { orgs: S['Org'][] };
    Org: {
      id: string; parent?: string; kind: string; kind_label: string; full_name: string; short_name?: string;
      people: number; depth: number; state: string; version: number;
    };
    NewOrg: { parent?: string; kind: string; full_name: string; short_name?: string };
    OrgPatch: { full_name?: string; short_name?: string; version: number };
    PersonQuery: { org?: string; stage?: string; q?: string; after?: string; limit?: number };
    PersonPage: { rows: S['PersonRow'][]; next?: string; total: number; capped: boolean };
    PersonRow: {
      id: string; org: string; org_name: string; name: string; former_name?: string; sex: string; sex_label: string;
      birth?: string; number?: string; id_masked?: string; phone_masked?: string; stage: string; stage_label: string;
      status?: string; status_label?: string; joined?: string; regular?: string; volumes: number;
    };
    PersonRecord: S['PersonRow'] & {
      ethnicity?: string; education?: string; applied?: string; activist?: string; candidate?: string;
      reports: string[]; extra: { key: string; label: string; value: string }[];
      volume_list: { id: string; no: string; scheme_label: string; materials: number; pages: number }[];
      version: number; actions: string[];
    };
    PersonFields: {
      name?: string; former_name?: string; sex?: string; birth?: string; number?: string; id_no?: string;
      phone?: string; ethnicity?: string; education?: string; stage?: string; status?: string; applied?: string;
      activist?: string; candidate?: string; joined?: string; regular?: string; org?: string;
    };
    NewPerson: S['PersonFields'] & { org: string; name: string };
    PersonPatch: S['PersonFields'] & { version: number; basis: string };
    RevealRequest: { reason: string };
    Revealed: { id_no?: string; phone?: string };
    History: { events: S['HistoryEvent'][] };
    HistoryEvent: {
      id: string; kind: string; kind_label: string; at: number; happened?: string; actor: string; basis?: string;
      changes: { field: string; label: string; before?: string; after?: string }[];
    };
    Looks: { looks: { at: number; actor: string; role_label: string; action_label: string; purpose?: string }[] };
    BatchList: { batches: S['Batch'][] };
    Batch: {
      id: string; kind: string; file_name: string; state: string; created_at: number; actor: string;
      rows: number; good: number; bad: number; new: number; changed: number; same: number;
      sheets: S['SheetInfo'][]; can_commit: boolean; can_undo: boolean; undo_blocked?: string;
    };
    SheetInfo: {
      name: string; role: string; reason?: string; org?: string; header_rows: number;
      columns: { header: string; field?: string; field_label?: string }[]; rows: number; good: number; bad: number;
    };
    FindingPage: { findings: S['Finding'][]; next?: string };
    Finding: {
      sheet: string; row: number; column: string; value: string; code: string; severity: string; message: string;
    };
    ChangePage: { changes: S['RowChange'][]; next?: string };
    RowChange: {
      sheet: string; row: number; name: string; kind: string;
      fields: { label: string; before?: string; after?: string }[];
    };
    VolumeBatchList: { batches: S['VolumeBatch'][] };
    VolumeBatch: {
      id: string; layout: string; state: string; created_at?: number; actor?: string;
      volumes: S['FoundVolume'][]; unmatched: { path: string; reason: string }[];
    };
    FoundVolume: {
      root: string; person?: string; person_name?: string; materials: number; pages: number;
      findings: { path: string; code: string; severity: string; message: string }[];
    };
    VolumeQuery: { org?: string; person?: string; q?: string; after?: string; limit?: number };
    VolumePage: { rows: S['VolumeRow'][]; next?: string; total: number; capped: boolean };
    VolumeRow: {
      id: string; no: string; person: string; person_name: string; org_name: string; scheme: string;
      scheme_label: string; materials: number; pages: number; secrecy?: string; state: string; catalogue_rev: number;
    };
    NewVolume: { person: string; scheme: string };
    Volume: S['VolumeRow'] & { classes: S['VolumeClass'][]; rev: number; actions: string[] };
    VolumeClass: S['SchemeClass'] & { materials: S['Material'][] };
    Material: {
      id: string; class_code: string; seq: number; title: string; formed?: string; pages: S['PageRef'][];
      page_count?: number; copies: number; remark: string; state: string;
    };
    PageRef: { id: string; no: number; w: number; h: number; state: string; confidence?: number; low: boolean };
    CatalogueOp:
      | { op: 'add'; class_code: string; title: string; formed?: string; page_count?: number; copies?: number; remark?: string; at?: number }
      | { op: 'edit'; material: string; field: string; value: string }
      | { op: 'move'; material: string; class_code: string; at: number }
      | { op: 'remove'; material: string; reason: string }
      | { op: 'page_move'; page: string; material: string; at: number };
    CatalogueEdit: { rev: number; reason?: string; ops: S['CatalogueOp'][] };
    CatalogueUndo: { rev: number };
    Revisions: { revisions: { rev: number; at: number; actor: string; reason?: string; summary: string }[] };
    PageInfo: {
      id: string; volume: string; material: string; no: number; w: number; h: number; dpi?: number; sha256: string;
      sm3: string; format: string; bytes: number; ocr: string; confidence?: number; rev?: number;
      lines: S['TextLine'][]; corrected?: { at: number; actor: string }; image: string;
    };
    TextLine: { text: string; machine?: string; conf: number; box: number[]; quad?: number[]; chars?: number[] };
    TextEdit: { rev: number; lines: { index: number; text: string }[] };
    LowConfidence: {
      threshold: number; next?: string;
      rows: { page: string; volume: string; volume_no: string; person_name: string; material_title: string; no: number; confidence: number }[];
    };
    SearchRequest: { q: string; kind?: string; org?: string; after?: string; limit?: number };
    SearchResult: { hits: S['Hit'][]; next?: string; total: number; capped: boolean; took?: number };
    Hit: {
      kind: string; id: string; person?: string; person_name?: string; volume?: string; volume_no?: string;
      material?: string; material_title?: string; page?: string; page_no?: number;
      snippet: { text: string; hit: boolean }[]; boxes: number[][]; w?: number; h?: number;
    };
    JobList: { jobs: S['Job'][]; pending: number };
    Job: {
      id: string; kind: string; kind_label: string; state: string; done: number; total: number; tries: number;
      error?: string; at: number;
    };
    LedgerPage: { entries: S['LedgerEntry'][]; next?: number };
    LedgerEntry: {
      seq: number; at: number; actor: string; role: string; action: string; action_label: string; kind: string;
      object?: string; result: string; purpose?: string;
    };
    LedgerQuery: { login?: string; action?: string; subject?: string; from?: number; to?: number; before?: number; limit?: number };
    LedgerStatus: {
      size: number; root: string; checkpoint_size?: number; checkpoint_at?: number; state: string; reason?: string;
    };
    LedgerReport: { ok: boolean; findings: { place: string; record: string; code: string; message: string }[]; checked: { [what: string]: number }; root: string; size: number };
    AccountList: { accounts: S['Account'][] };
    Account: {
      id: string; login: string; name: string; state: string; locked_until?: number;
      roles: { id: string; role: string; role_label: string; org: string; org_name: string; from: string; to?: string; ended: boolean }[];
    };
    NewAccount: { login: string; name?: string; password: string; person?: string };
    AccountPatch: { state: string };
    NewGrant: { role: string; org: string; from?: string; to?: string };
    Doctor: { checks: { key: string; state: string; sentence: string }[] };
    SchemeList: { schemes: S['Scheme'][] };
    Scheme: { code: string; name: string; valid_from?: string; classes: S['SchemeClass'][] };
    SchemeClass: { code: string; parent?: string; name: string; label: string; leaf: boolean };
  };
}
