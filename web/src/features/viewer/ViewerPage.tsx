import { useParams, useSearch } from '@tanstack/react-router';
import { App, ConfigProvider } from 'antd';
import { useMemo } from 'react';
import { useVolume } from '@/features/volumes/api';
import { t } from '@/i18n';
import { dark } from '@/shared/theme';
import { Empty, QueryView } from '@/shared/ui/States';
import { leaves } from './layout';
import { Reader } from './Reader';
import './viewer.css';

export function ViewerPage() {
  const { volume } = useParams({ from: '/read/$volume' });
  const { page } = useSearch({ from: '/read/$volume' });
  const query = useVolume(volume);
  const all = useMemo(() => (query.data ? leaves(query.data) : []), [query.data]);
  return (
    <ConfigProvider theme={dark}>
      <App className="viewer">
        <QueryView query={query}>
          {(data) =>
            all.length === 0 ? <Empty title={t.viewer.emptyTitle} hint={t.viewer.emptyHint} />
            : <Reader key={data.id} volume={data} all={all} page={page} />
          }
        </QueryView>
        <p className="print-note">{t.viewer.printBlocked}</p>
      </App>
    </ConfigProvider>
  );
}
