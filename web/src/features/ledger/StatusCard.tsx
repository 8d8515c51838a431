import { useMutation, useQuery } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { api, ask } from '@/api/client';
import { t } from '@/i18n';
import { count, instant } from '@/shared/format';
import { Facts } from '@/shared/ui/Page';
import { ErrorBox, QueryView } from '@/shared/ui/States';
import { Tag, word } from '@/shared/ui/Tags';

/** Size and root of the tree, and the button that recomputes all of it. */
export function StatusCard({ verifies }: { verifies: boolean }) {
  const status = useQuery({ queryKey: ['ledger-status'], queryFn: () => ask(api.GET('/api/v1/ledger/status')) });
  const verify = useMutation({ mutationFn: () => ask(api.POST('/api/v1/ledger/verify')) });
  const l = t.ledger;
  return (
    <section className="card" aria-labelledby="ledger-status">
      <h2>
        <span id="ledger-status">{l.status}</span>
        {verifies && <Button loading={verify.isPending} onClick={() => verify.mutate()}>{l.verify}</Button>}
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
