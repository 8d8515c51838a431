// The line of the day for the paper register, and the field to type an old one back in.
import { useMutation, useQuery } from '@tanstack/react-query';
import { Alert, Button, Form, Input, QRCode } from 'antd';
import { api, ask } from '@/api/client';
import { t } from '@/i18n';
import { count } from '@/shared/format';
import { Facts, PageHead } from '@/shared/ui/Page';
import { ErrorBox, QueryView } from '@/shared/ui/States';

export function DailyPage() {
  const d = t.ledger.daily;
  const line = useQuery({ queryKey: ['daily-line'], queryFn: () => ask(api.GET('/api/v1/ledger/daily')), staleTime: 0 });
  return (
    <div className="page">
      <PageHead title={d.title} note={<span className="no-print">{d.note}</span>} />
      <QueryView query={line} rows={4}>
        {(s) => (
          <section className="card" aria-labelledby="daily-line">
            <h2>
              <span id="daily-line">{s.school} {d.title} {s.date}</span>
              <Button className="no-print" type="primary" onClick={() => window.print()}>{d.print}</Button>
            </h2>
            <div className="daily">
              <div>
                <Facts
                  columns={2}
                  items={[
                    [d.date, <span className="mono daily-digits">{s.date_text}</span>],
                    [d.size, <span className="mono daily-digits">{s.size_text}</span>],
                    [t.ledger.origin, <span className="mono">{s.origin}</span>],
                  ]}
                />
                <p className="dim gap-above">{d.groups}</p>
                <ol className="daily-groups" aria-label={d.groups}>
                  {s.groups.map((g, i) => <li key={i} className="mono daily-digits">{g}</li>)}
                </ol>
                <p className="gap-above">{d.signed}</p>
              </div>
              <figure>
                <QRCode value={s.code} type="svg" size={190} errorLevel="M" bordered={false} aria-label={d.qr} />
                <figcaption className="dim">{d.qr}</figcaption>
              </figure>
            </div>
          </section>
        )}
      </QueryView>
      <CheckCard />
    </div>
  );
}

function CheckCard() {
  const d = t.ledger.daily;
  const check = useMutation({ mutationFn: (text: string) => ask(api.POST('/api/v1/ledger/daily/check', { body: { text } })) });
  return (
    <section className="card gap-above no-print" aria-labelledby="daily-check">
      <h2 id="daily-check">{d.check}</h2>
      <p className="dim gap-below">{d.checkHint}</p>
      <Form layout="vertical" requiredMark={false} onFinish={(v: { text: string }) => check.mutate(v.text)}>
        <Form.Item name="text" label={d.text} rules={[{ required: true, message: d.checkHint }]}>
          <Input.TextArea className="mono" autoSize={{ minRows: 2 }} maxLength={300} autoComplete="off" />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={check.isPending}>{d.submit}</Button>
      </Form>
      <div aria-live="polite" className="gap-above">
        {check.isError && <ErrorBox error={check.error} />}
        {check.data && (
          <Alert
            type={check.data.ok ? 'success' : 'error'} showIcon title={check.data.ok ? d.same : d.differs}
            description={<>{check.data.message} <span className="dim">{check.data.date} · {count(check.data.size)} / {count(check.data.now)}</span></>}
          />
        )}
      </div>
    </section>
  );
}
