import { useParams, useRouter } from '@tanstack/react-router';
import { usePerson } from '@/features/people/api';
import { t } from '@/i18n';
import { Head, QueryView } from '../ui';
import { FactsCard, HistoryCard, LooksCard, RecordHead, VolumesCard } from './PersonCards';

export function Person() {
  const { person: id } = useParams({ from: '/people/$person' });
  const router = useRouter();
  const person = usePerson(id);
  return (
    <>
      <Head title={t.people.record} onBack={() => router.history.back()} />
      <QueryView query={person}>
        {(p) => (
          <>
            <RecordHead person={p} />
            <FactsCard person={p} />
            {p.actions.includes('volume.read') && <VolumesCard person={p} />}
            {p.actions.includes('person.history') && <HistoryCard id={p.id} />}
            {p.actions.includes('person.looks') && <LooksCard id={p.id} />}
          </>
        )}
      </QueryView>
    </>
  );
}
