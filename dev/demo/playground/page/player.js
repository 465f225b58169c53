/** A person reads a line before the next step begins. */
const READ_MS = 3_500;
/** What has not happened by then does not happen. */
const LONGEST_MS = 90_000;
const LOOK_AGAIN_MS = 1_000;

/** Someone has stopped the scene. */
class Stopped extends Error {}

/**
 * Plays scenes, one at a time. `onLine` is called with the line that the page shows (`null`: none), `stateNow` gives
 * the page's newest state, `look` makes that the demo's, and `hands` does what a person could do.
 */
export const createPlayer = ({ hands, look, stateNow, onLine, readMs = READ_MS }) => {
  /** The scene that plays; another object each time. */
  let playing = null;
  /** The end of the scene before, which puts back what it has changed. */
  let last = Promise.resolve();

  const pauseIn = (play) => async (ms) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    if (playing !== play) throw new Stopped();
  };

  const untilSeen = async ({ until, longest = LONGEST_MS }, pause) => {
    const startedAt = Date.now();
    while (!until(stateNow(), startedAt)) {
      if (Date.now() - startedAt > longest) throw new Error('This takes longer than the scene waits.');
      await pause(Math.min(LOOK_AGAIN_MS, readMs));
    }
  };

  const take = async (play, { title, steps }) => {
    const pause = pauseIn(play);
    for (const [index, step] of steps.entries()) {
      onLine({ title, say: step.say, place: `${index + 1} of ${steps.length}`, plays: true });
      await step.act?.({ ...hands, pause });
      await pause(readMs);
      if (step.until) await untilSeen(step, pause);
    }
    onLine({ title, say: steps.at(-1).say, place: 'The end', plays: false });
  };

  const stop = () => {
    playing = null;
    onLine(null);
  };

  const playOne = async (own, scene) => {
    // The scene before may just have put back what it had changed.
    await look();
    const { autonomy, maxRepliesPerHour, quietPeriodMs } = stateNow().switches;
    try {
      await hands.repair();
      if (autonomy !== 'auto') await hands.set({ autonomy: 'auto' });
      await take(own, scene);
    } catch (error) {
      if (!(error instanceof Stopped))
        onLine({ title: scene.title, say: error.message, place: 'Stopped', plays: false });
    } finally {
      if (playing === own) playing = null;
      const before = { hubspot: 'none', maxRepliesPerHour, quietPeriodMs };
      await hands.set({ ...before, ...(autonomy === 'auto' ? {} : { autonomy }) });
    }
  };

  /** Done when the scene has ended, or was stopped, and what it changed is as before. */
  const play = async (scene) => {
    const own = {};
    playing = own;
    onLine({ title: scene.title, say: scene.text, place: null, plays: true });
    const before = last;
    last = (async () => {
      await before;
      if (playing === own) await playOne(own, scene);
    })().catch((error) => onLine({ title: scene.title, say: error.message, place: 'Stopped', plays: false }));
    await last;
  };

  return { play, stop };
};
