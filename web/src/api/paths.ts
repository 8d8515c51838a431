import type { paths as Pending } from './pending';
import type { paths as Generated } from './schema';

/** All operations: the generated ones, and by hand those not generated yet. */
export type paths = Generated & Omit<Pending, keyof Generated>;
