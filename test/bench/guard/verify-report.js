import { median } from '../statistics.js';
import { table, whole } from '../table.js';

const floor = 'node:crypto';

/** One table for each algorithm: the medians, and what share of the bare signature check they are. */
export function verifyReport(samples) {
  return [...new Set(samples.map(({ algorithm }) => algorithm))]
    .map((algorithm) => {
      const rates = medians(samples.filter((sample) => sample.algorithm === algorithm));
      const lines = [...rates].map(([name, rate]) => [name, whole(rate), shareOf(rate, rates.get(floor))]);
      return table([algorithm, 'verifications/s', `of ${floor}`], lines);
    })
    .join('\n\n');
}

/** In the order of the first round. */
function medians(samples) {
  const names = [...new Set(samples.map(({ contender }) => contender))];
  return new Map(names.map((name) => [name, median(samples.filter(isOf(name)).map(({ perSecond }) => perSecond))]));
}

function isOf(name) {
  return ({ contender }) => contender === name;
}

function shareOf(rate, base) {
  return base === undefined ? '' : `${whole((rate / base) * 100)}%`;
}
