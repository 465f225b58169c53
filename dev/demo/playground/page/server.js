/** Asks the playground's server. @throws {Error} whose message says why it refused, with the HTTP `status` */
export const ask = async (method, path, body) => {
  const response = await fetch(`/playground/${path}`, {
    method,
    // Bodies are JSON always: a page from elsewhere can't send that unasked.
    ...(method === 'GET' ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) }),
  });
  const answer = await response.json();
  if (!response.ok) {
    const problem = new Error(answer.problem ?? `The playground answered ${response.status}.`);
    throw Object.assign(problem, { status: response.status });
  }
  return answer;
};

/** Calls back whenever something has changed, also after a break, when changes were missed. */
export const listen = ({ onChange, onConnected }) => {
  const changes = new EventSource('/playground/events');
  changes.addEventListener('message', onChange);
  changes.addEventListener('open', () => {
    onConnected(true);
    onChange();
  });
  changes.addEventListener('error', () => onConnected(false));
};

/**
 * Runs `look` one at a time, and once more if it was asked for meanwhile: an older answer never overwrites a newer one.
 * Done when a look has ended that began after it was asked for.
 */
export const oneAtATime = (look) => {
  let last = Promise.resolve();
  let waiting = null;
  const begin = () => {
    waiting = null;
    return look();
  };
  return () => {
    if (waiting === null) {
      waiting = last.then(begin, begin);
      last = waiting;
    }
    return waiting;
  };
};
