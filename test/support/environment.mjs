import { TestEnvironment } from 'jest-environment-node';

// Node would free a worker's memory piece by piece before it ends: that of two hundred files takes longer than the half
// second that jest gives a worker, which it then kills, and warns of tests that left something open. None did: its
// event loop
// is empty.
if (process.send) process.on('exit', () => process.exit());

/** Jest's own for Node, whose workers end at once when they have nothing more to do. */
export default TestEnvironment;
