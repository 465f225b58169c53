import { customerAsks, isAnswered, until } from './customers.ts';
import { commandsOf } from './pages.ts';
import type { Ran, Stack } from './stack.ts';

/** A part of the test. It gives its figures in a line, and throws where something is not as promised. */
export interface Step {
  name: string;
  run(stack: Stack): Promise<string>;
}

export const PAGE = 'docs/docker.md';
export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
export const expect = (holds: boolean, problem: string): void => {
  if (!holds) throw new Error(problem);
};

/** Runs a part of docs/docker.md, line for line. `exec` needs no terminal here. */
export const runPage = async (stack: Stack, heading: string, omit = /^$/): Promise<Ran[]> => {
  const ran: Ran[] = [];
  for (const line of commandsOf(PAGE, heading).filter((command) => !omit.test(command))) {
    ran.push(await stack.run(line.replace(/docker compose exec (?!-T)/, 'docker compose exec -T ')));
  }
  expect(ran.length > 0, `${PAGE} shows no command below "${heading}"`);
  return ran;
};

export const container = async (stack: Stack, service: string): Promise<string> =>
  (await stack.run(`docker compose ps --all --quiet ${service}`)).stdout.trim();

export const inspect = async (stack: Stack, service: string, format: string): Promise<string> =>
  (await stack.run(`docker inspect --format '${format}' ${await container(stack, service)}`)).stdout.trim();

export const healthOf = (stack: Stack, service: string): Promise<string> =>
  inspect(stack, service, '{{.State.Health.Status}}');

export const answered = async (stack: Stack, what: string, timeoutMs?: number): Promise<number> => {
  const asked = customerAsks(stack.simulator);
  return await until(what, () => isAnswered(stack.simulator, asked), timeoutMs);
};
