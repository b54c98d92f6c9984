import { resolve } from 'node:path';
import { wordsOf, writeSuiteFiles } from './suite-files.js';
import { suitePlans } from './suite-plans.js';

// README.md says what this is for.
const [folder, issuer, suite, suiteAuthority] = process.argv.slice(2);
if (folder === undefined || issuer === undefined || suite === undefined) {
  process.stderr.write('Usage: write-suite-files FOLDER ISSUER SUITE [FILE WITH THE AUTHORITY OF THE SUITE]\n');
  process.exitCode = 2;
} else {
  writeSuiteFiles(folder, { issuer, suite, suiteAuthority: suiteAuthority && resolve(suiteAuthority) });
  for (const { name, server } of suitePlans) process.stdout.write(`${server}: ${wordsOf(name).join(' ')}\n`);
}
