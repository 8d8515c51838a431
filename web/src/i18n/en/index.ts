import type { zh } from '../zh';
import { catalogue } from './catalogue';
import { app, common, errors, keys } from './common';
import { imports } from './imports';
import { mobile } from './mobile';
import { orgs, people, person } from './people';
import { home, palette, session, setup, shell } from './shell';
import { accounts, doctor, ledger, search } from './system';
import { proof, viewer } from './viewer';
import { jobs, volumeImport, volumes } from './volumes';

export const en = {
  app, common, errors, keys, session, setup, shell, palette, home, orgs, people, person, imports, volumes, volumeImport, jobs, catalogue, viewer,
  proof, search, ledger, accounts, doctor, mobile,
  chineseNumerals: ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'],
} satisfies typeof zh;
