// The words of the UI. `zh` is the master; `en` is checked against it by the compiler.
// The language is chosen once, before the application is loaded; changing it reloads.
import type { zh } from './zh';

export type Words = typeof zh;
export type Lang = 'zh' | 'en';

const KEY = 'juanzong.lang';

/** The dictionary in use. Set by `loadWords` before any screen is loaded. */
export let t: Words;

export function currentLang(): Lang {
  try {
    return localStorage.getItem(KEY) === 'en' ? 'en' : 'zh';
  } catch {
    return 'zh';
  }
}

/** Remembers the language and starts the page again with it. */
export function switchLang(lang: Lang): void {
  try {
    localStorage.setItem(KEY, lang);
  } catch {
    // Storage may be closed; the language then lasts until the page is left.
  }
  location.reload();
}

export async function loadWords(): Promise<void> {
  const lang = currentLang();
  document.documentElement.lang = lang === 'en' ? 'en' : 'zh-CN';
  t = lang === 'en' ? (await import('./en')).en : (await import('./zh')).zh;
}
