import { it } from '@jest/globals';
import { expectNoWayOut } from './no-way-out.ts';

it('lets no answer out that leads elsewhere, of 100,000 made to', () => expectNoWayOut(100_000));
