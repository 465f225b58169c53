import { describe, expect, it } from '@jest/globals';
import type { ActorId } from '../../src/hubspot/ids.ts';
import { StateRefused } from '../../src/installations/errors.ts';
import { beginInstall, INSTALL_MS, readState } from '../../src/installations/install-state.ts';
import { createSeal } from '../../src/installations/seal.ts';
import { tokenKeys } from '../support/oauth.ts';

const seal = createSeal(tokenKeys('key'));
const NOW = 1_700_000_000_000;
const { state, nonce } = beginInstall(seal, 'A-5' as ActorId, NOW);

describe('the state of an installation', () => {
  it('comes back with what it was begun with', () => {
    expect(readState(seal, state, nonce, NOW + INSTALL_MS - 1)).toEqual({ nonce, aiActorId: 'A-5' });
  });

  it.each([
    ['is forged', 'key:Zm9yZ2Vk', nonce, NOW],
    ['is empty', '', nonce, NOW],
    [
      'was made with another key',
      beginInstall(createSeal(tokenKeys('other')), 'A-5' as ActorId, NOW).state,
      nonce,
      NOW,
    ],
    ['is a token of the same seal', seal.seal('{}', 'access-token:1'), nonce, NOW],
    ['is too old', state, nonce, NOW + INSTALL_MS],
    ['comes from another browser', state, beginInstall(seal, 'A-5' as ActorId, NOW).nonce, NOW],
    ['comes without the cookie', state, undefined, NOW],
  ])('is refused where it %s', (_, said, cookie, now) => {
    expect(() => readState(seal, said, cookie, now)).toThrow(StateRefused);
  });
});
