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
const volume = createRoute({
  getParentRoute: () => root, path: '/volumes/$volume',
  validateSearch: (s: Record<string, unknown>): { material?: string } => ({ material: text(s['material']) }),
  component: lazyRouteComponent(() => import('./screens/Catalogue'), 'Catalogue'),
});
const read = createRoute({
  getParentRoute: () => root, path: '/read/$volume',
  validateSearch: (s: Record<string, unknown>): { page?: string } => ({ page: text(s['page']) }),
  component: lazyRouteComponent(() => import('./screens/PhoneReader'), 'PhoneReader'),
});

export const router = createRouter({
  routeTree: root.addChildren([mine, search, todo, person, volume, read]),
  basepath: '/m',
  defaultPendingComponent: () => <Loading />,
  defaultErrorComponent: () => <Empty title={t.errors.crashedTitle} hint={t.errors.crashed} />,
  parseSearch: (s) => Object.fromEntries(new URLSearchParams(s)),
  stringifySearch: (s) => {
    const q = new URLSearchParams(Object.entries(s).flatMap(([k, v]): [string, string][] => (v === undefined || v === null ? [] : [[k, String(v)]]))).toString();
    return q ? `?${q}` : '';
  },
});
