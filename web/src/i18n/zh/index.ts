// The master dictionary. `en` has the same keys; the compiler sees to it.
import { catalogue } from './catalogue';
import { app, common, errors, keys } from './common';
import { imports } from './imports';
import { mobile } from './mobile';
import { orgs, people, person } from './people';
import { home, palette, session, setup, shell } from './shell';
import { accounts, doctor, ledger, search } from './system';
import { proof, viewer } from './viewer';
import { jobs, volumeImport, volumes } from './volumes';

export const zh = {
  app, common, errors, keys, session, setup, shell, palette, home, orgs, people, person, imports, volumes, volumeImport, jobs, catalogue, viewer,
  proof, search, ledger, accounts, doctor, mobile,
  chineseNumerals: ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'],
};
