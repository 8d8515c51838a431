import { Link, useParams, useRouter } from '@tanstack/react-router';
import { classNumber } from '@/features/catalogue/rows';
import { useVolume } from '@/features/volumes/api';
import { t } from '@/i18n';
import { showPartialDate } from '@/shared/partial-date';
import { Empty, Head, QueryView } from '../ui';

export function Catalogue() {
  const { volume: id } = useParams({ from: '/volumes/$volume' });
  const router = useRouter();
  const volume = useVolume(id);
  return (
    <>
      <Head title={volume.data ? `${volume.data.person_name} · ${volume.data.scheme_label}` : t.catalogue.grid} onBack={() => router.history.back()} />
      <QueryView query={volume}>
        {(v) => {
          const reads = v.actions.includes('page.view');
          const classes = v.classes.filter((c) => c.materials.length > 0);
          if (classes.length === 0) return <Empty title={t.catalogue.emptyTitle} />;
          return classes.map((c) => (
            <section key={c.code} className="m-card">
              <h2>{classNumber(c.code)} {c.label}</h2>
              <ol className="m-list">
                {c.materials.map((m) => {
                  const row = (
                    <>
                      <span>{m.seq}. {m.title}<span className="dim m-sub">{showPartialDate(m.formed)}</span></span>
                      <span className="dim nowrap">{t.mobile.pages(m.page_count ?? m.pages.length)}</span>
                    </>
                  );
                  const first = m.pages[0];
                  return (
                    <li key={m.id}>
                      {reads && first ? (
                        <Link to="/read/$volume" params={{ volume: v.id }} search={{ page: first.id }} className="m-row">{row}</Link>
                      ) : <span className="m-row">{row}</span>}
                    </li>
                  );
                })}
              </ol>
            </section>
          ));
        }}
      </QueryView>
    </>
  );
}
