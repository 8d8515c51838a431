// What is wrong in the file, by sheet, row and column, so that it can be found in the workbook.
import { Button, Select } from 'antd';
import { useState } from 'react';
import type { Batch, Finding } from '@/api/types';
import { t } from '@/i18n';
import { ListTable, type Column } from '@/shared/ui/ListTable';
import { Empty, ErrorBox, Loading } from '@/shared/ui/States';
import { Severity, word } from '@/shared/ui/Tags';
import { useFindings } from './api';

function columns(): Column<Finding>[] {
  const c = t.imports.findingColumns;
  return [
    { key: 'severity', title: c.severity, render: (f) => <Severity value={f.severity} /> },
    { key: 'sheet', title: c.sheet, render: (f) => f.sheet },
    { key: 'row', title: c.row, align: 'right', render: (f) => f.row },
    { key: 'column', title: c.column, nowrap: true, render: (f) => f.column },
    { key: 'value', title: c.value, render: (f) => <span className="mono cell-value">{f.value}</span> },
    {
      key: 'code', title: c.code,
      render: (f) => (
        <span className="nowrap">
          {word(t.imports.codes, f.code)} <span className="dim mono code">{f.code}</span>
        </span>
      ),
    },
    { key: 'message', title: c.message, render: (f) => f.message },
  ];
}

export function FindingsTab({ batch }: { batch: Batch }) {
  const [sheet, setSheet] = useState<string | undefined>();
  const [code, setCode] = useState<string | undefined>();
  const query = useFindings(batch.id, sheet, code);
  if (query.isPending) return <Loading />;
  if (query.isError) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;

  const shown = query.data.pages.flatMap((p) => p.findings);
  const codes = query.data.pages[0]?.codes ?? [];
  if (codes.length === 0) return <Empty title={t.imports.findingsNone} />;
  return (
    <>
      <div className="filter-bar">
        <Select
          value={sheet ?? ''} onChange={(v) => setSheet(v || undefined)} aria-label={t.imports.findingColumns.sheet} style={{ minWidth: 260 }}
          options={[
            { value: '', label: t.imports.allSheets },
            ...batch.sheets.filter((s) => s.role !== 'skipped').map((s) => ({ value: s.name, label: s.name })),
          ]}
        />
        <Select
          value={code ?? ''} onChange={(v) => setCode(v || undefined)} aria-label={t.imports.findingColumns.code} style={{ minWidth: 200 }}
          options={[{ value: '', label: t.imports.allCodes }, ...codes.map((c) => ({ value: c.code, label: t.imports.codeCount(word(t.imports.codes, c.code), c.count) }))]}
        />
        <span className="dim" role="status">{query.hasNextPage ? t.imports.partLoaded(shown.length) : t.common.items(shown.length)}</span>
      </div>
      {shown.length === 0 ? <Empty title={t.imports.findingsNoMatch} /> : (
        <ListTable
          label={t.imports.findings} columns={columns()} rows={shown} busy={query.isPlaceholderData}
          rowKey={(f) => [f.sheet, f.row, f.column, f.code].join('/')}
        />
      )}
      {query.hasNextPage && (
        <p className="gap-above">
          <Button size="small" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t.imports.loadMore}</Button>
        </p>
      )}
    </>
  );
}
