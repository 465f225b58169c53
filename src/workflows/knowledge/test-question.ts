import { testRequest } from '../../rules/replying/test-request.ts';
import { type TestedAnswer, testVerdict, type UnknownAnswer } from '../../rules/replying/test-verdict.ts';
import { type TestQuestionResult, testQuestionRun } from '../../runs/test-question.ts';
import { failureReason } from '../shared/activity-failures.ts';
import { activitiesOf, portalSettings } from '../shared/activity-options.ts';
import { parseTestQuestion } from '../shared/input.ts';
import { RunStory } from '../shared/run-story.ts';

/** An operator waits for it: longer than that says that something is wrong, which a test is to show. */
const GIVE_UP_MS = 2 * 60_000;

/**
 * Asks the AI what an operator wants to try, with the limits and rules of a customer's question, and says what would
 * become of the answer. Nothing is posted, and no session is opened: it counts as nobody's conversation.
 * @throws {ApplicationFailure} `InvalidInput` or `UnknownPortal`, at once.
 */
export async function testQuestion(input: unknown): Promise<TestQuestionResult> {
  const asked = parseTestQuestion(input);
  const { portalId, channel, question } = asked;
  const settings = await portalSettings(portalId);
  const story = new RunStory<TestQuestionResult>(testQuestionRun.about(asked));
  if (asked.by !== undefined) story.step(`asked by ${asked.by}`);
  const { aiCalls, articleSearches } = activitiesOf(portalId, 'reply', GIVE_UP_MS);
  const request = testRequest(asked, { now: new Date(Date.now()), timeZone: settings.timeZone });
  try {
    const near = await articleSearches.nearArticles('what the articles say', { portalId, question });
    const answer: TestedAnswer | UnknownAnswer = await aiCalls.generateReply(`a test question on ${channel}`, request);
    if (answer.spent) story.spent(answer.spent);
    const result = testVerdict(answer, near, channel, settings);
    story.step(`would be: ${result.would}`);
    return story.end(result);
  } catch (error) {
    const reason = `The AI gave no answer: ${failureReason(error)}`;
    const nothing = { text: '', sources: [], confidence: null, near: [], rules: [], tools: [] };
    return story.end({ outcome: 'tested', would: 'no-answer', reason, ...nothing });
  }
}
