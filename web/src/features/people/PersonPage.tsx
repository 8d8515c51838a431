import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { t } from '@/i18n';
import { useMe } from '@/shared/me';
import { PersonRecordView } from './PersonRecordView';

export function PersonPage() {
  const me = useMe();
  const { person } = useParams({ from: '/people/$person' });
  const { tab } = useSearch({ from: '/people/$person' });
  const navigate = useNavigate({ from: '/people/$person' });
  return (
    <div className="page">
      {me.actions.includes('person.list') && (
        <nav className="page-back no-print"><Link to="/people">{t.people.title}</Link></nav>
      )}
      <div className="card">
        <PersonRecordView id={person} tab={tab} onTab={(key) => void navigate({ search: { tab: key }, replace: true })} />
      </div>
    </div>
  );
}
