/** What takes longest; nobody else is to be left waiting for it at the end. */
const LONGEST = [
  'chaos/short',
  'processes/',
  'demo/',
  'e2e/',
  'temporal/',
  'sessions/embedded',
  'doctor/',
  'activities/',
];

const rank = ({ path }) => {
  const found = LONGEST.findIndex((part) => path.includes(`/test/${part}`));
  return found === -1 ? LONGEST.length : found;
};

/** The order of test files (jest's `testSequencer`). Jest's own knows it only where the suite has run before. */
export default class LongestFirst {
  sort(tests) {
    return tests.toSorted((a, b) => rank(a) - rank(b));
  }

  shard(tests) {
    return tests;
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {
    // The order doesn't depend on them.
  }
}
