import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A response emits this when its request is known to be genuine: its connection is then spared longest. */
export const GENUINE = 'genuine';

/** The connections of a server. */
export interface Connections {
  /** One more. Where that is one too many, another is closed for it: {@link createConnections} says which. */
  opened(socket: Socket): void;
  /** The head of a request has come, and this is to be its answer. */
  answering(response: ServerResponse): void;
  /** Answers that are not out yet. */
  unanswered(): ServerResponse[];
  /** Closes those that no request has come on, or none since the last answer. */
  closeIdle(): void;
}

/** All of the request is here, and its answer is still being made: a delivery at work, say. */
const isAtWork = (response: ServerResponse): boolean => response.req.complete && !response.writableEnded;

interface Connection {
  /** In ms: when it was opened, or has last begun a request or ended an answer. */
  sinceMs: number;
  /** It was answered before, and no other request has begun. */
  kept: boolean;
  /** It has brought a request that was known to be genuine. */
  genuine: boolean;
  /** Not out yet. */
  responses: Set<ServerResponse>;
}

/** A caller who has a reason has sent a request by then, in ms. */
const PATIENCE_MS = 1000;
/** A connection that brought a genuine request may bring the next at any moment, and is spared so long, in ms. */
const GENUINE_MS = 10_000;

/**
 * Ranks connections, the first to be closed highest: those that keep us waiting, then those that were answered, then
 * those that have only just come, then those that have just brought a genuine request.
 */
const rankOf = ({ sinceMs, kept, genuine }: Connection, atMs: number): number => {
  const forMs = atMs - sinceMs;
  if (kept) return genuine && forMs < GENUINE_MS ? 3 : 1;
  return forMs > PATIENCE_MS ? 0 : 2;
};

/**
 * Keeps at most `max` connections open. For one more, another is closed: the oldest of those whose request hasn't come,
 * or not whole, for a second, or whose caller doesn't read the answer; else the one that was idle longest since its
 * answer; else the oldest that has only just come; last one that brought a genuine request within ten seconds. Only
 * where all are at work is the newcomer itself closed. By address nobody can be distinguished: behind a proxy all share
 * one. `onDropped` hears of each.
 */
export const createConnections = (max: number, onDropped: () => void, now = () => performance.now()): Connections => {
  const connections = new Map<Socket, Connection>();

  const missedLeast = (): Socket | undefined => {
    const atMs = now();
    let found: { socket: Socket; rank: number; sinceMs: number } | undefined;
    for (const [socket, connection] of connections) {
      if ([...connection.responses].some(isAtWork)) continue;
      const rank = rankOf(connection, atMs);
      const { sinceMs } = connection;
      if (!found || rank < found.rank || (rank === found.rank && sinceMs < found.sinceMs)) {
        found = { socket, rank, sinceMs };
      }
    }
    return found?.socket;
  };

  return {
    opened: (socket) => {
      if (connections.size >= max) {
        const dropped = missedLeast() ?? socket;
        connections.delete(dropped);
        dropped.destroy();
        onDropped();
        if (dropped === socket) return;
      }
      connections.set(socket, { sinceMs: now(), kept: false, genuine: false, responses: new Set() });
      socket.once('close', () => connections.delete(socket));
    },
    answering: (response) => {
      const connection = connections.get(response.req.socket);
      if (!connection) return;
      const { responses } = connection;
      if (responses.size === 0) Object.assign(connection, { sinceMs: now(), kept: false });
      responses.add(response);
      response.once(GENUINE, () => {
        connection.genuine = true;
      });
      response.once('close', () => {
        responses.delete(response);
        if (responses.size === 0) Object.assign(connection, { sinceMs: now(), kept: true });
      });
    },
    unanswered: () => [...connections.values()].flatMap(({ responses }) => [...responses]),
    closeIdle: () => {
      for (const [socket, { responses }] of connections) if (responses.size === 0) socket.destroy();
    },
  };
};
