/** The tour's ticks outlive a reload of the page, not the demo that they belong to. */
const KEPT = 'threadkeeper-tour';

const NOTHING = { begun: {}, done: [] };

/** What was kept of the demo that started at this time: when each step was begun, and which are done. */
export const readTour = (startedAt) => {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? '{}');
    return kept.startedAt === startedAt ? { begun: kept.begun, done: kept.done } : NOTHING;
  } catch {
    return NOTHING;
  }
};

export const keepTour = (startedAt, { begun, done }) => {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ startedAt, begun, done }));
  } catch {
    // A browser that stores nothing forgets the ticks when the page is loaded again.
  }
};
