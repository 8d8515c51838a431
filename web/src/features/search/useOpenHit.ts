import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { Hit } from '@/api/types';

/** Goes to what a hit is about: the record, the catalogue row, or the page with its marks. */
export function useOpenHit(): (hit: Hit) => void {
  const navigate = useNavigate();
  return useCallback(
    (hit) => {
      if (hit.kind === 'page' && hit.volume && hit.page) {
        void navigate({ to: '/read/$volume', params: { volume: hit.volume }, search: { page: hit.page } });
      } else if (hit.kind === 'material' && hit.volume) {
        void navigate({ to: '/volumes/$volume', params: { volume: hit.volume }, search: { material: hit.material ?? undefined } });
      } else {
        void navigate({ to: '/people/$person', params: { person: hit.person ?? hit.id } });
      }
    },
    [navigate],
  );
}
