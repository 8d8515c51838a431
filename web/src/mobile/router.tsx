import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { t } from '@/i18n';
import { Frame } from './Frame';
import { Empty, Loading } from './ui';

const root = createRootRoute({
  component: () => (
    <Frame>
      <Outlet />
    </Frame>
  ),
  notFoundComponent: () => <Empty title={t.errors.notFoundTitle} hint={t.errors.notFound} />,
});

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const mine = createRoute({ getParentRoute: () => root, path: '/', component: lazyRouteComponent(() => import('./screens/Mine'), 'Mine') });
const search = createRoute({ getParentRoute: () => root, path: '/search', component: lazyRouteComponent(() => import('./screens/PhoneSearch'), 'PhoneSearch') });
const todo = createRoute({ getParentRoute: () => root, path: '/todo', component: lazyRouteComponent(() => import('./screens/Todo'), 'Todo') });
const person = createRoute({ getParentRoute: () => root, path: '/people/$person', component: lazyRouteComponent(() => import('./screens/Person'), 'Person') });
const work = createRoute({ getParentRoute: () => root, path: '/work', component: lazyRouteComponent(() => import('./screens/Work'), 'Work') });
const imports = createRoute({ getParentRoute: () => root, path: '/imports', component: lazyRouteComponent(() => import('./screens/Imports'), 'Imports') });
const importBatch = createRoute({ getParentRoute: () => root, path: '/imports/$batch', component: lazyRouteComponent(() => import('./screens/ImportBatch'), 'ImportBatch') });
const volumes = createRoute({ getParentRoute: () => root, path: '/volumes', component: lazyRouteComponent(() => import('./screens/Volumes'), 'Volumes') });
const volumeImports = createRoute({ getParentRoute: () => root, path: '/volumes/import', component: lazyRouteComponent(() => import('./screens/VolumeImports'), 'VolumeImports') });
const volumeImport = createRoute({ getParentRoute: () => root, path: '/volumes/import/$batch', component: lazyRouteComponent(() => import('./screens/VolumeImport'), 'VolumeImport') });
const jobs = createRoute({ getParentRoute: () => root, path: '/jobs', component: lazyRouteComponent(() => import('./screens/Jobs'), 'Jobs') });
const ledger = createRoute({ getParentRoute: () => root, path: '/ledger', component: lazyRouteComponent(() => import('./screens/Ledger'), 'Ledger') });
const volume = createRoute({
  getParentRoute: () => root, path: '/volumes/$volume',
  validateSearch: (s: Record<string, unknown>): { material?: string } => ({ material: text(s['material']) }),
  component: lazyRouteComponent(() => import('./screens/Catalogue'), 'Catalogue'),
});
const read = createRoute({
  getParentRoute: () => root, path: '/read/$volume',
  validateSearch: (s: Record<string, unknown>): { page?: string; text?: string } => ({ page: text(s['page']), text: text(s['text']) }),
  component: lazyRouteComponent(() => import('./screens/PhoneReader'), 'PhoneReader'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    mine, search, todo, person, volume, read, work, imports, importBatch, volumes, volumeImports, volumeImport, jobs, ledger,
  ]),
  basepath: '/m',
  defaultPendingComponent: () => <Loading />,
  defaultErrorComponent: () => <Empty title={t.errors.crashedTitle} hint={t.errors.crashed} />,
  parseSearch: (s) => Object.fromEntries(new URLSearchParams(s)),
  stringifySearch: (s) => {
    const q = new URLSearchParams(Object.entries(s).flatMap(([k, v]): [string, string][] => (v === undefined || v === null ? [] : [[k, String(v)]]))).toString();
    return q ? `?${q}` : '';
  },
});
