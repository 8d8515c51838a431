// Start of the phone application.
import '@/shared/polyfill';
import { loadWords } from '@/i18n';

async function boot(): Promise<void> {
  await loadWords();
  const { start } = await import('./app');
  start();
}

void boot();
