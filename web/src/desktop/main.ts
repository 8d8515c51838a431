// Start of the desktop application. Telephones are led to the pages made for them.
import '@/shared/polyfill';
import { loadWords } from '@/i18n';
import { listenEarly } from '@/shared/early';
import { leadToPhone } from './phone';

async function boot(): Promise<void> {
  if (leadToPhone()) return;
  listenEarly();
  await loadWords();
  const { start } = await import('./app');
  start();
}

void boot();
