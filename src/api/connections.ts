import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

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

const first = <T>(items: Iterable<T>): T | undefined => {
  for (const item of items) return item;
  return undefined;
};

/**
 * Keeps at most `max` connections open. For one more, the oldest is closed of those that have sent no head of a request yet; else
 * the one that was idle longest; else the oldest whose request hasn't come whole, or whose caller doesn't read the answer. Only
 * where all are at work is the newcomer itself closed. By address nobody can be told apart: behind a proxy all share one.
 * `onDropped` hears of each.
 */
export const createConnections = (max: number, onDropped: () => void): Connections => {
  // Sets keep the order in which something was added: the oldest is the first.
  const silent = new Set<Socket>();
  const idle = new Set<Socket>();
  const busy = new Map<Socket, Set<ServerResponse>>();

  const unfinished = (): Socket | undefined => {
    for (const [socket, responses] of busy) if (![...responses].some(isAtWork)) return socket;
    return undefined;
  };
  const forget = (socket: Socket): void => {
    silent.delete(socket);
    idle.delete(socket);
    busy.delete(socket);
  };
  const drop = (socket: Socket): void => {
    forget(socket);
    socket.destroy();
    onDropped();
  };

  return {
    opened: (socket) => {
      if (silent.size + idle.size + busy.size >= max) {
        const missedLeast = first(silent) ?? first(idle) ?? unfinished() ?? socket;
        drop(missedLeast);
        if (missedLeast === socket) return;
      }
      silent.add(socket);
      socket.once('close', () => forget(socket));
    },
    answering: (response) => {
      const { socket } = response.req;
      if (socket.destroyed) return;
      silent.delete(socket);
      idle.delete(socket);
      const responses = busy.get(socket) ?? new Set();
      busy.set(socket, responses.add(response));
      response.once('close', () => {
        responses.delete(response);
        if (responses.size > 0 || !busy.delete(socket)) return;
        if (!socket.destroyed) idle.add(socket);
      });
    },
    unanswered: () => [...busy.values()].flatMap((responses) => [...responses]),
    closeIdle: () => {
      for (const socket of [...silent, ...idle]) socket.destroy();
    },
  };
};
