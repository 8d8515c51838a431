import { Link, useRouter } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useVolumes } from '@/features/volumes/api';
import { t } from '@/i18n';
import { capped } from '@/shared/format';
import { Empty, Head, QueryView } from '../ui';

export function Volumes() {
  const router = useRouter();
  const [draft, setDraft] = useState('');
  const [q, setQ] = useState('');
  const volumes = useVolumes({ q: q || undefined, limit: 50 });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setQ(draft.trim());
  };
  return (
    <>
      <Head title={t.volumes.title} onBack={() => router.history.back()} />
      <form role="search" className="m-search" onSubmit={submit}>
        <input
          type="search" enterKeyHint="search" value={draft} onChange={(e) => setDraft(e.target.value)} placeholder={t.volumes.search}
          aria-label={t.volumes.search} autoComplete="off" spellCheck={false}
        />
        <button type="submit">{t.search.button}</button>
      </form>
      <QueryView query={volumes}>
        {(data) =>
          data.rows.length === 0 ? <Empty title={q ? t.volumes.noMatchTitle : t.volumes.emptyTitle} hint={q ? t.volumes.noMatchHint : t.mobile.volumes.emptyHint} /> : (
            <section className="m-card" aria-label={t.volumes.list}>
              <p className="dim">
                {t.common.items(capped(data.total, data.capped))}{data.next && ` · ${t.mobile.volumes.first(data.rows.length)}`}
              </p>
              <ul className="m-list">
                {data.rows.map((v) => (
                  <li key={v.id}>
                    <Link to="/volumes/$volume" params={{ volume: v.id }} search={{}} className="m-row">
                      <span><strong>{v.person_name}</strong> <span className="dim">{v.scheme_label}</span><span className="dim m-sub">{v.no} · {v.org_name}</span></span>
                      <span className="dim nowrap">{t.mobile.pages(v.pages)}</span>
                    </Link>
                  </li>
                ))}
              </ul>
            </section>
          )
        }
      </QueryView>
    </>
  );
}
