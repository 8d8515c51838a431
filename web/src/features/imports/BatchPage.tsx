// One import batch: what was recognised, what is wrong, what would change; then write it, or undo it.
import { DownloadOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Alert, App, Button, Steps, Tabs } from 'antd';
import { api, ask, asProblem } from '@/api/client';
import type { Batch } from '@/api/types';
import { t } from '@/i18n';
import { download } from '@/shared/download';
import { count, instant } from '@/shared/format';
import { useCan } from '@/shared/me';
import { Figure, PageHead } from '@/shared/ui/Page';
import { ErrorBox, QueryView } from '@/shared/ui/States';
import { word } from '@/shared/ui/Tags';
import { useBatch } from './api';
import { ChangesTab } from './ChangesTab';
import { FindingsTab } from './FindingsTab';
import { BatchState } from './ImportsPage';
import { SheetsTab } from './SheetsTab';

export function BatchPage() {
  const { batch } = useParams({ from: '/imports/$batch' });
  const query = useBatch(batch);
  return (
    <div className="page">
      <QueryView query={query} rows={10}>{(data) => <Loaded batch={data} />}</QueryView>
    </div>
  );
}

function Loaded({ batch }: { batch: Batch }) {
  const f = t.imports.figures;
  return (
    <>
      <PageHead
        back={<Link to="/imports">{t.imports.back}</Link>}
        title={<>{batch.file_name} <BatchState state={batch.state} /></>}
        note={`${word(t.imports.kinds, batch.kind)} · ${instant(batch.created_at)} · ${batch.actor}`}
        actions={<Actions batch={batch} />}
      />
      <Steps
        size="small" className="gap-below batch-steps" current={batch.state === 'preview' ? 1 : 2}
        status={batch.state === 'failed' ? 'error' : batch.state === 'preview' ? 'process' : 'finish'}
        items={[{ title: t.imports.steps.upload }, { title: t.imports.steps.check }, { title: t.imports.steps.commit }]}
      />
      {batch.state === 'preview' && !batch.can_commit && (
        <Alert
          className="gap-below" showIcon type={batch.bad > 0 ? 'warning' : 'info'}
          title={batch.bad > 0 ? t.imports.cannotCommit : t.imports.upToDate}
        />
      )}
      {batch.undo_blocked && <Alert className="gap-below" showIcon type="info" title={t.imports.undoBlocked(batch.undo_blocked)} />}
      <div className="figures">
        <Figure label={f.rows} value={count(batch.rows)} />
        <Figure label={f.good} value={count(batch.good)} tone="good" />
        <Figure label={f.bad} value={count(batch.bad)} tone={batch.bad > 0 ? 'bad' : undefined} />
        <Figure label={f.new} value={count(batch.new)} />
        <Figure label={f.changed} value={count(batch.changed)} />
        <Figure label={f.same} value={count(batch.same)} />
      </div>
      <div className="card">
        <Tabs
          defaultActiveKey={batch.bad > 0 ? 'findings' : 'sheets'}
          items={[
            { key: 'findings', label: `${t.imports.findings}${batch.bad > 0 ? ` (${count(batch.bad)})` : ''}`, children: <FindingsTab batch={batch} /> },
            { key: 'changes', label: `${t.imports.changes} (${count(batch.new + batch.changed)})`, children: <ChangesTab id={batch.id} /> },
            { key: 'sheets', label: `${t.imports.sheets} (${batch.sheets.length})`, children: <SheetsTab batch={batch} /> },
          ]}
        />
      </div>
    </>
  );
}

function Actions({ batch }: { batch: Batch }) {
  const can = useCan();
  const client = useQueryClient();
  const { modal, message } = App.useApp();
  const settle = async (now: Batch) => {
    client.setQueryData(['import', batch.id], now);
    await Promise.all(['imports', 'orgs', 'persons', 'person'].map((key) => client.invalidateQueries({ queryKey: [key] })));
  };
  const path = { params: { path: { batch: batch.id } } };
  const commit = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/imports/{batch}/commit', path)),
    onSuccess: async (now) => {
      void message.success(t.imports.committed);
      await settle(now);
    },
  });
  const undo = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/imports/{batch}/undo', path)),
    onSuccess: async (now) => {
      void message.success(t.imports.undone);
      await settle(now);
    },
  });
  const save = () => {
    download(`/api/v1/imports/${batch.id}/annotated`, batch.file_name).catch((e: unknown) => void message.error(asProblem(e).detail));
  };
  const failed = commit.error ?? undo.error;
  return (
    <div>
      <div className="page-actions">
        <Button icon={<DownloadOutlined aria-hidden />} onClick={save} title={t.imports.annotatedHint}>{t.imports.annotated}</Button>
        {batch.state === 'preview' && can('import.run') && (
          <Button
            type="primary" disabled={!batch.can_commit} loading={commit.isPending}
            onClick={() => void modal.confirm({
              title: t.imports.commitTitle(batch.new + batch.changed),
              content: t.imports.commitText(batch.new, batch.changed, batch.bad),
              okText: t.imports.commit, cancelText: t.common.cancel, onOk: () => commit.mutateAsync().catch(() => undefined),
            })}
          >
            {t.imports.commit}
          </Button>
        )}
        {batch.state === 'committed' && can('import.run') && (
          <Button
            danger disabled={!batch.can_undo} loading={undo.isPending}
            onClick={() => void modal.confirm({
              title: t.imports.undoTitle, content: t.imports.undoText, okText: t.imports.undo, okButtonProps: { danger: true },
              cancelText: t.common.cancel, onOk: () => undo.mutateAsync().catch(() => undefined),
            })}
          >
            {t.imports.undo}
          </Button>
        )}
      </div>
      {failed && <div className="gap-above"><ErrorBox error={failed} /></div>}
    </div>
  );
}
