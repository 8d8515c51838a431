// The desk: the four first steps while the installation is empty, the day's work afterwards.
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { api, ask } from '@/api/client';
import { t } from '@/i18n';
import { useMe } from '@/shared/me';
import { PageHead } from '@/shared/ui/Page';
import { ErrorBox, Loading } from '@/shared/ui/States';
import { Desk } from './Desk';
import { FirstSteps } from './FirstSteps';

// Only those without a list of people see it here.
const OwnRecord = lazy(() => import('@/features/people/PersonRecordView').then((m) => ({ default: m.PersonRecordView })));

export type Totals = { orgs?: number; people?: Counted; volumes?: Counted };
type Counted = { total: number; capped: boolean };

export function HomePage() {
  const me = useMe();
  const may = (action: string) => me.actions.includes(action);
  const orgs = useQuery({ queryKey: ['orgs'], queryFn: () => ask(api.GET('/api/v1/orgs')), enabled: may('org.read') });
  const people = useQuery({
    queryKey: ['persons', 'count'],
    queryFn: () => ask(api.POST('/api/v1/persons/search', { body: { limit: 1 } })),
    enabled: may('person.list'),
  });
  const volumes = useQuery({
    queryKey: ['volumes', 'count'],
    queryFn: () => ask(api.POST('/api/v1/volumes/search', { body: { limit: 1 } })),
    enabled: may('volume.list'),
  });
  const all = [orgs, people, volumes];
  const waiting = all.some((q) => q.isLoading);
  const failed = all.find((q) => q.isError);
  const totals: Totals = { orgs: orgs.data?.orgs.length, people: people.data, volumes: volumes.data };
  // Only those who can fill the archive are led through filling it.
  const fresh =
    may('import.run') && may('org.edit') && ((totals.orgs ?? 0) <= 1 || totals.people?.total === 0 || (may('volume.edit') && totals.volumes?.total === 0));

  return (
    <div className="page">
      <PageHead title={t.home.hello(me.name)} note={me.school} />
      {failed && <ErrorBox error={failed.error} retry={() => all.forEach((q) => void q.refetch())} />}
      {waiting ? <Loading /> : (
        <>
          {fresh && !failed && <FirstSteps totals={totals} />}
          {me.person && !may('person.list') && (
            <div className="card gap-below">
              <Suspense fallback={<Loading />}><OwnRecord id={me.person} /></Suspense>
            </div>
          )}
          <Desk totals={totals} fresh={fresh} />
        </>
      )}
    </div>
  );
}
