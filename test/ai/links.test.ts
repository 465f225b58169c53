import { it } from '@jest/globals';
import { expectNoWayOut } from './no-way-out.ts';

it('lets no answer out that leads elsewhere, of 3,000 made to', () => expectNoWayOut(3_000));
