// The names screens use for what the API sends. When the generated schema names
// something otherwise, this is the place to say so.
import type { components } from './schema';

type S = components['schemas'];

export type Me = S['Me'];
export type Org = S['Org'];
export type PersonQuery = S['PersonQuery'];
export type PersonRow = S['PersonRow'];
export type PersonRecord = S['PersonRecord'];
export type NewPerson = S['NewPerson'];
export type PersonPatch = S['PersonPatch'];
export type HistoryEvent = S['HistoryEvent'];
export type Look = S['Looks']['looks'][number];
export type Batch = S['Batch'];
export type SheetInfo = S['SheetInfo'];
export type Finding = S['Finding'];
export type RowChange = S['RowChange'];
export type VolumeBatch = S['VolumeBatch'];
export type FoundVolume = S['FoundVolume'];
export type VolumeRow = S['VolumeRow'];
export type Volume = S['Volume'];
export type VolumeClass = S['VolumeClass'];
export type Material = S['Material'];
export type PageRef = S['PageRef'];
export type CatalogueOp = S['CatalogueOp'];
export type Revision = S['Revisions']['revisions'][number];
export type PageInfo = S['PageInfo'];
export type TextLine = S['TextLine'];
export type LowPage = S['LowConfidence']['rows'][number];
export type Hit = S['Hit'];
export type SearchRequest = S['SearchRequest'];
export type Job = S['Job'];
export type LedgerEntry = S['LedgerEntry'];
export type LedgerQuery = S['LedgerQuery'];
export type LedgerStatus = S['LedgerStatus'];
export type LedgerReport = S['LedgerReport'];
export type Account = S['Account'];
export type Grant = Account['roles'][number];
export type Check = S['Doctor']['checks'][number];
export type Scheme = S['Scheme'];
export type ProblemBody = S['Problem'];
