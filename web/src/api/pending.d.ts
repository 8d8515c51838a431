// Operations the screens need and ../docs/openapi.json does not hold yet, by hand from the
// contract, in the shape openapi-typescript makes. Whatever schema.d.ts knows wins over
// this (see paths.ts); when it knows everything here, this file goes.

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
}

export interface components {
  schemas: {
    Problem: {
      type?: string | null; title: string; status: number; code: string; detail?: string | null;
      errors?: { pointer: string; message: string }[];
    };
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
      | { op: 'add'; class_code: string; title: string; formed?: string | null; page_count?: number | null; copies?: number | null; remark?: string | null; at?: number | null }
      | { op: 'edit'; material: string; field: string; value: string }
      | { op: 'move'; material: string; class_code: string; at: number }
      | { op: 'remove'; material: string; reason: string }
      | { op: 'page_move'; page: string; material: string; at: number };
    CatalogueEdit: { rev: number; reason?: string | null; ops: S['CatalogueOp'][] };
    CatalogueUndo: { rev: number };
    Revisions: { revisions: { rev: number; at: number; actor: string; reason?: string | null; summary: string }[] };
    SchemeClass: { code: string; parent?: string | null; name: string; label: string; leaf: boolean };
  };
}
