import { Collapse } from 'antd';
import type { Batch, SheetInfo } from '@/api/types';
import { t } from '@/i18n';
import { Tag } from '@/shared/ui/Tags';

export function SheetsTab({ batch }: { batch: Batch }) {
  const data = batch.sheets.filter((s) => s.role !== 'skipped');
  const skipped = batch.sheets.filter((s) => s.role === 'skipped');
  return (
    <>
      <Collapse
        size="small" defaultActiveKey={data[0]?.name}
        items={data.map((s) => ({ key: s.name, label: <SheetTitle sheet={s} />, children: <Mapping sheet={s} /> }))}
      />
      <h2 className="gap-above">{t.imports.skipped(skipped.length)}</h2>
      {skipped.length === 0 ? <p className="dim">{t.imports.skippedNone}</p> : (
        <ul className="plain-list">
          {skipped.map((s) => (
            <li key={s.name}>
              <span>{s.name}</span>
              <span className="dim">{s.reason}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function SheetTitle({ sheet }: { sheet: SheetInfo }) {
  const unmapped = sheet.columns.filter((c) => !c.field).length;
  return (
    <span className="row-gap">
      <strong>{sheet.name}</strong>
      <span className="dim">{t.imports.headerRows(sheet.header_rows)}</span>
      <span className="dim">{t.imports.sheetRows(sheet.rows, sheet.bad)}</span>
      {sheet.org_name && sheet.org_name !== sheet.name && <span className="dim">{sheet.org_name}</span>}
      {unmapped > 0 && <Tag tone="warn">{t.imports.unmappedCount(unmapped)}</Tag>}
    </span>
  );
}

function Mapping({ sheet }: { sheet: SheetInfo }) {
  return (
    <>
      <ul className="mapping" aria-label={t.imports.mapping}>
        {sheet.columns.map((c, i) => (
          <li key={`${i}-${c.header}`} className={c.field ? undefined : 'unmapped'}>
            <span className="visually-hidden">{t.imports.header}: </span>
            <span>{c.header}</span>
            <span aria-hidden="true">→</span>
            <span className="visually-hidden">{t.imports.field}: </span>
            <span>
              {c.field ? (c.field_label ?? c.field) : t.imports.unmapped}
              {c.note && <span className="dim"> {c.note}</span>}
            </span>
          </li>
        ))}
      </ul>
      {sheet.skipped_rows.length > 0 && (
        <>
          <p className="gap-above"><strong>{t.imports.skippedRows(sheet.skipped_rows.length)}</strong></p>
          <ul className="plain-list">
            {sheet.skipped_rows.map((r) => (
              <li key={r.row}>
                <span>{t.imports.rowNo(r.row)}</span>
                <span className="dim">{r.reason}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
