import { reservePort } from '../../src/lib/ports.ts';

/**
 * A port of the loopback address for a program that a test starts, or that nobody ever listens on. No other test of the
 * run gets it: what is looked for and then used may be taken in between.
 */
export const freePort = async (): Promise<number> => (await reservePort(0)).port;
