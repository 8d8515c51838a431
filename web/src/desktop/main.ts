// Start of the desktop application. Telephones are led to the pages made for them.
import '@/shared/polyfill';
import { loadWords } from '@/i18n';
import { leadToPhone } from './phone';

async function boot(): Promise<void> {
  if (leadToPhone()) return;
  await loadWords();
  const { start } = await import('./app');
  start();
}

void boot();
