import { expect, it } from '@jest/globals';
import { parseRunDetails, postsInWords, renderRunDetails, waitingFor } from '../../src/runs/run-details.ts';

it('says of posts how many HubSpot has, and which were found in place of being repeated', () => {
  const [reply, comment] = [
    { what: 'reply', messageId: 'm1', found: true },
    { what: 'comment', messageId: 'm2', found: false },
  ];
  expect(postsInWords([reply])).toBe('HubSpot has 1 post: reply m1, found and not repeated');
  expect(postsInWords([comment, reply])).toBe(
    'HubSpot has 2 posts: comment m2, posted once; reply m1, found and not repeated',
  );
});

it('gives back what a run waits for, and its steps', () => {
  const details = renderRunDetails({ subject: ['portal 1'], state: waitingFor('an agent'), steps: ['one', 'two'] });
  expect(parseRunDetails(details)).toEqual({ waitsFor: 'an agent', steps: ['one', 'two'] });
});
