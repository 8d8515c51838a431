import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, ask } from '@/api/client';
import type { PersonQuery } from '@/api/types';

export function usePeople(query: PersonQuery, enabled = true) {
  return useQuery({
    queryKey: ['persons', query],
    queryFn: ({ signal }) => ask(api.POST('/api/v1/persons/search', { body: query, signal })),
    placeholderData: keepPreviousData,
    enabled,
  });
}

export function usePerson(id: string) {
  return useQuery({
    queryKey: ['person', id],
    queryFn: () => ask(api.GET('/api/v1/persons/{person}', { params: { path: { person: id } } })),
  });
}

export function useHistory(id: string) {
  return useQuery({
    queryKey: ['person', id, 'history'],
    queryFn: () => ask(api.GET('/api/v1/persons/{person}/history', { params: { path: { person: id } } })),
  });
}

export function useLooks(id: string) {
  return useQuery({
    queryKey: ['person', id, 'looks'],
    queryFn: () => ask(api.GET('/api/v1/persons/{person}/looks', { params: { path: { person: id } } })),
    // Opening the record is itself a look.
    staleTime: 0,
  });
}
