import Sequencer from '@jest/test-sequencer';

/** Stories that start whole applications, the longest first. */
const longest = [
  'embedding-walk',
  'guard-packed',
  'browser/pages',
  'command-line',
  'workers.spec',
  'differential.spec',
];

/**
 * The long ones begin, so that none of them runs alone at the end while the other cores wait: a new machine has no durations of
 * earlier runs to go by, and takes the largest files first. Then those of `test/`, then the others.
 */
export default class LongestFirstSequencer extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const place = longest.findIndex((name) => path.includes(name));
      if (place >= 0) return place;
      return path.includes('/test/') ? longest.length : longest.length + 1;
    };
    return super
      .sort(tests)
      .map((test, index) => ({ test, index }))
      .sort((a, b) => rank(a.test) - rank(b.test) || a.index - b.index)
      .map(({ test }) => test);
  }
}
