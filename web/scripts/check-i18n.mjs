// Every sentence a person can read lives in src/i18n; Han characters anywhere else in
// the sources are a mistake. The two html shells and the manifest are read before any
// script runs, so they are outside src. Comments count too: they are English.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
const han = /\p{Script=Han}|[\u3000-\u303f\uff00-\uffef]/u;
const bad = [];

function walk(dir) {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) {
      if (relative(root, path) !== join('src', 'i18n', 'zh')) walk(path);
    } else if (/\.(tsx?|css)$/.test(entry.name) && !path.endsWith('schema.d.ts')) {
      readFileSync(path, 'utf8').split('\n').forEach((line, i) => {
        if (han.test(line)) bad.push(`${relative(root, path)}:${i + 1}: ${line.trim()}`);
      });
    }
  }
}

walk(join(root, 'src'));
if (bad.length > 0) {
  process.stderr.write(`Han characters outside src/i18n/zh:\n${bad.join('\n')}\n`);
  process.exit(1);
}
