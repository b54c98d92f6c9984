import { EncryptionError, Reencryption } from '@tessera/typeorm-store';
import type { OpenedStores } from '../../opened-stores.js';
import { type Finding, findings } from '../finding.js';

const { fine, warning, problem } = findings('encryption');

/** Do the encryption keys open the signing keys, and whatever else is encrypted in the database? */
export async function checkEncryption(stores: OpenedStores): Promise<Finding[]> {
  const reencryption = stores.get(Reencryption);
  try {
    const counts = await reencryption.survey();
    const [values, old] = [sum(counts.map((one) => one.values)), sum(counts.map((one) => one.old))];
    if (old === 0) return [fine(`the encryption keys open all that is encrypted in the database, ${values} values`)];
    const remedy = 'sts keys reencrypt renews them, so that the older keys can be taken away.';
    return [warning(`${old} of ${values} values are encrypted with another key than the first`, remedy)];
  } catch (error) {
    if (!(error instanceof EncryptionError)) throw error;
    return [problem(error.message, 'Give that key in STS_ENCRYPTION_KEYS, behind the one that encrypts.')];
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
