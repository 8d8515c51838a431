// The names screens use for what the API sends. They are taken from the operations, not
// from the names of the schemas, so that a schema can be renamed without a change here.
import type { paths } from './schema';

type Json<R> = R extends { content: { 'application/json': infer T } } ? T : never;
type Answer<P extends keyof paths, M extends keyof paths[P]> =
  paths[P][M] extends { responses: infer R }
    ? R extends { 200: infer A } ? Json<A> : R extends { 201: infer A } ? Json<A> : never
    : never;
type Sent<P extends keyof paths, M extends keyof paths[P]> =
  paths[P][M] extends { requestBody?: infer B } ? Json<NonNullable<B>> : never;

export type Me = Answer<'/api/v1/me', 'get'>;
export type Org = Answer<'/api/v1/orgs', 'get'>['orgs'][number];
export type PersonQuery = Sent<'/api/v1/persons/search', 'post'>;
export type PersonRow = Answer<'/api/v1/persons/search', 'post'>['rows'][number];
export type PersonRecord = Answer<'/api/v1/persons/{person}', 'get'>;
export type NewPerson = Sent<'/api/v1/persons', 'post'>;
export type PersonPatch = Sent<'/api/v1/persons/{person}', 'patch'>;
export type HistoryEvent = Answer<'/api/v1/persons/{person}/history', 'get'>['events'][number];
export type Look = Answer<'/api/v1/persons/{person}/looks', 'get'>['looks'][number];
export type Batch = Answer<'/api/v1/imports/{batch}', 'get'>;
export type SheetInfo = Batch['sheets'][number];
export type Finding = Answer<'/api/v1/imports/{batch}/findings', 'get'>['findings'][number];
export type RowChange = Answer<'/api/v1/imports/{batch}/changes', 'get'>['changes'][number];
export type VolumeBatch = Answer<'/api/v1/volume-imports/{batch}', 'get'>;
export type FoundVolume = VolumeBatch['volumes'][number];
export type VolumeRow = Answer<'/api/v1/volumes/search', 'post'>['rows'][number];
export type Volume = Answer<'/api/v1/volumes/{volume}', 'get'>;
export type VolumeClass = Volume['classes'][number];
export type Material = VolumeClass['materials'][number];
export type PageRef = Material['pages'][number];
export type CatalogueOp = Sent<'/api/v1/volumes/{volume}/catalogue', 'post'>['ops'][number];
export type Revision = Answer<'/api/v1/volumes/{volume}/revisions', 'get'>['revisions'][number];
export type PageInfo = Answer<'/api/v1/pages/{page}', 'get'>;
export type TextLine = PageInfo['lines'][number];
export type LowPage = Answer<'/api/v1/low-confidence', 'get'>['rows'][number];
export type SearchRequest = Sent<'/api/v1/search', 'post'>;
export type Hit = Answer<'/api/v1/search', 'post'>['hits'][number];
export type Job = Answer<'/api/v1/jobs', 'get'>['jobs'][number];
export type LedgerQuery = Sent<'/api/v1/ledger/search', 'post'>;
export type LedgerEntry = Answer<'/api/v1/ledger/search', 'post'>['entries'][number];
export type LedgerStatus = Answer<'/api/v1/ledger/status', 'get'>;
export type LedgerReport = Answer<'/api/v1/ledger/verify', 'post'>;
export type Account = Answer<'/api/v1/accounts', 'get'>['accounts'][number];
export type Grant = Account['roles'][number];
export type Check = Answer<'/api/v1/system/doctor', 'get'>['checks'][number];
export type Scheme = Answer<'/api/v1/schemes', 'get'>['schemes'][number];

/** RFC 9457, as every refusal is sent. */
export type ProblemBody = {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  errors: { pointer: string; message: string }[];
};
