// All desktop addresses. Each screen is its own chunk, loaded when it is opened.
// Addresses hold ids and places, never names or words somebody searched for.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { Button } from 'antd';
import { Shell } from '@/features/shell/Shell';
import { t } from '@/i18n';
import { Empty, Loading } from '@/shared/ui/States';

const root = createRootRoute({
  component: () => (
    <Shell>
      <Outlet />
    </Shell>
  ),
  notFoundComponent: () => (
    <div className="page">
      <Empty heading title={t.errors.notFoundTitle} hint={t.errors.notFound}>
        <Button href="/">{t.shell.menu.home}</Button>
      </Empty>
    </div>
  ),
});

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;

const home = createRoute({
  getParentRoute: () => root, path: '/',
  component: lazyRouteComponent(() => import('@/features/home/HomePage'), 'HomePage'),
});
const people = createRoute({
  getParentRoute: () => root, path: '/people',
  validateSearch: (s: Record<string, unknown>): { org?: string; stage?: string; open?: string } => ({
    org: text(s['org']), stage: text(s['stage']), open: text(s['open']),
  }),
  component: lazyRouteComponent(() => import('@/features/people/PeoplePage'), 'PeoplePage'),
});
const person = createRoute({
  getParentRoute: () => root, path: '/people/$person',
  validateSearch: (s: Record<string, unknown>): { tab?: string } => ({ tab: text(s['tab']) }),
  component: lazyRouteComponent(() => import('@/features/people/PersonPage'), 'PersonPage'),
});
const imports = createRoute({
  getParentRoute: () => root, path: '/imports',
  validateSearch: (s: Record<string, unknown>): { kind?: string } => ({ kind: text(s['kind']) }),
  component: lazyRouteComponent(() => import('@/features/imports/ImportsPage'), 'ImportsPage'),
});
const batch = createRoute({
  getParentRoute: () => root, path: '/imports/$batch',
  component: lazyRouteComponent(() => import('@/features/imports/BatchPage'), 'BatchPage'),
});
const volumes = createRoute({
  getParentRoute: () => root, path: '/volumes',
  validateSearch: (s: Record<string, unknown>): { org?: string; person?: string } => ({ org: text(s['org']), person: text(s['person']) }),
  component: lazyRouteComponent(() => import('@/features/volumes/VolumesPage'), 'VolumesPage'),
});
const volumeImport = createRoute({
  getParentRoute: () => root, path: '/volumes/import',
  component: lazyRouteComponent(() => import('@/features/volumes/VolumeImportPage'), 'VolumeImportPage'),
});
const volumeBatch = createRoute({
  getParentRoute: () => root, path: '/volumes/import/$batch',
  component: lazyRouteComponent(() => import('@/features/volumes/VolumeBatchPage'), 'VolumeBatchPage'),
});
const volume = createRoute({
  getParentRoute: () => root, path: '/volumes/$volume',
  validateSearch: (s: Record<string, unknown>): { material?: string } => ({ material: text(s['material']) }),
  component: lazyRouteComponent(() => import('@/features/catalogue/CataloguePage'), 'CataloguePage'),
});
const read = createRoute({
  getParentRoute: () => root, path: '/read/$volume',
  validateSearch: (s: Record<string, unknown>): { page?: string } => ({ page: text(s['page']) }),
  component: lazyRouteComponent(() => import('@/features/viewer/ViewerPage'), 'ViewerPage'),
});
const search = createRoute({
  getParentRoute: () => root, path: '/search',
  component: lazyRouteComponent(() => import('@/features/search/SearchPage'), 'SearchPage'),
});
const jobs = createRoute({
  getParentRoute: () => root, path: '/jobs',
  component: lazyRouteComponent(() => import('@/features/jobs/JobsPage'), 'JobsPage'),
});
const proof = createRoute({
  getParentRoute: () => root, path: '/proof',
  component: lazyRouteComponent(() => import('@/features/proof/ProofPage'), 'ProofPage'),
});
const ledger = createRoute({
  getParentRoute: () => root, path: '/ledger',
  component: lazyRouteComponent(() => import('@/features/ledger/LedgerPage'), 'LedgerPage'),
});
const daily = createRoute({
  getParentRoute: () => root, path: '/ledger/daily',
  component: lazyRouteComponent(() => import('@/features/ledger/DailyPage'), 'DailyPage'),
});
const accounts = createRoute({
  getParentRoute: () => root, path: '/accounts',
  component: lazyRouteComponent(() => import('@/features/accounts/AccountsPage'), 'AccountsPage'),
});
const doctor = createRoute({
  getParentRoute: () => root, path: '/doctor',
  component: lazyRouteComponent(() => import('@/features/doctor/DoctorPage'), 'DoctorPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home, people, person, imports, batch, volumes, volumeImport, volumeBatch, volume, read, search, jobs, proof, ledger, daily,
    accounts, doctor,
  ]),
  defaultPreload: 'intent',
  defaultPendingComponent: () => <div className="page"><Loading /></div>,
  defaultErrorComponent: () => (
    <div className="page">
      <Empty heading title={t.errors.crashedTitle} hint={t.errors.crashed}>
        <Button type="primary" onClick={() => location.reload()}>{t.errors.refresh}</Button>
      </Empty>
    </div>
  ),
  scrollRestoration: false,
  // Ids are 63-bit numbers written as text; the default would turn them into numbers and lose digits.
  parseSearch: (s) => Object.fromEntries(new URLSearchParams(s)),
  stringifySearch: (s) => {
    const q = new URLSearchParams(
      Object.entries(s).flatMap(([k, v]): [string, string][] => (v === undefined || v === null ? [] : [[k, String(v)]])),
    ).toString();
    return q ? `?${q}` : '';
  },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
