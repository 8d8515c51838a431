import { useMutation, useQuery } from '@tanstack/react-query';
import { Alert, App, Button, Space } from 'antd';
import { api, ask, asProblem } from '@/api/client';
import { t } from '@/i18n';
import { download } from '@/shared/download';
import { count, instant } from '@/shared/format';
import { Facts } from '@/shared/ui/Page';
import { ErrorBox, QueryView } from '@/shared/ui/States';
import { Tag, word } from '@/shared/ui/Tags';

/** Size and root of the tree, and the button that recomputes all of it. */
export function StatusCard({ verifies }: { verifies: boolean }) {
  const status = useQuery({ queryKey: ['ledger-status'], queryFn: () => ask(api.GET('/api/v1/ledger/status')) });
  const verify = useMutation({ mutationFn: () => ask(api.POST('/api/v1/ledger/verify')) });
  const { message } = App.useApp();
  const take = (url: string, name: string) => void download(url, name).catch((e: unknown) => void message.error(asProblem(e).detail));
  const l = t.ledger;
  return (
    <section className="card" aria-labelledby="ledger-status">
      <h2>
        <span id="ledger-status">{l.status}</span>
        <Space>
          <Button onClick={() => take('/api/v1/ledger/checkpoint', 'checkpoint.txt')}>{l.takeCheckpoint}</Button>
          <Button onClick={() => take('/api/v1/ledger/offline', 'juanzong-verify.html')}>{l.offline}</Button>
          {verifies && <Button loading={verify.isPending} onClick={() => verify.mutate()}>{l.verify}</Button>}
        </Space>
      </h2>
      <QueryView query={status} rows={2}>
        {(s) => (
          <Facts
            columns={2}
            items={[
              [l.size, count(s.size)],
              [l.status, <><Tag tone={s.state === 'ok' ? 'good' : 'bad'}>{word(l.states, s.state)}</Tag> {s.reason}</>],
              [l.root, <span className="mono digest">{s.root}</span>],
              [l.checkpoint, s.checkpoint_size ? l.checkpointAt(count(s.checkpoint_size), instant(s.checkpoint_at ?? undefined)) : l.checkpointNone],
              [l.origin, <span className="mono">{s.origin}</span>],
              [l.cosigned, s.cosigned_size ? count(s.cosigned_size) : l.cosignedNone],
              [l.keys, <>{s.keys.map((k) => <div key={k} className="mono digest">{k}</div>)}</>],
            ]}
          />
        )}
      </QueryView>
      <div aria-live="polite" className="gap-above">
        {verify.isPending && <Alert type="info" showIcon title={l.verifying} />}
        {verify.isError && <ErrorBox error={verify.error} retry={() => verify.mutate()} />}
        {verify.data && (
          <Alert
            type={verify.data.ok ? 'success' : 'error'} showIcon title={verify.data.ok ? l.verifyOk : l.verifyBad(verify.data.findings.length)}
            description={
              <>
                <p>{Object.entries(verify.data.checked).map(([k, n]) => `${word(l.checked, k)} ${typeof n === 'number' ? count(n) : n}`).join(' · ')}</p>
                {verify.data.findings.length > 0 && (
                  <ul className="error-list">{verify.data.findings.map((f, i) => <li key={i}>{f.message} <span className="dim mono">{f.code} {f.place} {f.record}</span></li>)}</ul>
                )}
              </>
            }
          />
        )}
      </div>
    </section>
  );
}
