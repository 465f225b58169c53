import { setTimeout as sleep } from 'node:timers/promises';
import { PORTAL_ID } from '../support/simulator.ts';
import { allAnsweredOnce, customerAsks, isAnswered, traffic, until } from './customers.ts';
import { load } from './load.ts';
import { monitoring } from './monitoring.ts';
import { proxies } from './proxies.ts';
import type { Ran, Stack } from './stack.ts';
import { answered, expect, healthOf, inspect, runPage, type Step, seconds } from './support.ts';
import { changeSetting, rollback, upgrade } from './upgrades.ts';

const up: Step = {
  name: 'up',
  run: async (stack) => {
    const missing = await stack.attempt('POSTGRES_PASSWORD= docker compose config --quiet');
    expect(missing.code !== 0 && missing.output.includes('openssl rand'), 'A missing password is not explained');
    const [first] = await runPage(stack, 'Start', /^(?:cp|echo) |exec worker/);
    const states = (await stack.run("docker compose ps --all --format '{{.Service}} {{.State}} {{.ExitCode}}'")).stdout;
    const wrong = states.split('\n').filter((line) => line && !/ running 0$| exited 0$/.test(line));
    expect(wrong.length === 0, `Not as it should be: ${wrong.join(', ')}`);
    const size = await stack.run('docker image inspect --format "{{.Size}}" threadkeeper-containers-test:1');
    const megabytes = Math.round(Number(size.stdout) / 1e6);
    return `up --build --wait ended with 0 in ${seconds(first?.ms ?? 0)}; image ${megabytes} MB`;
  },
};

const reply: Step = {
  name: 'reply',
  run: async (stack) => `a customer is answered after ${seconds(await answered(stack, 'a reply'))}`,
};

const exposure: Step = {
  name: 'exposure',
  run: async (stack) => {
    const status = async (url: string): Promise<number> => (await fetch(url)).status;
    expect((await status(`${stack.apiUrl}/metrics`)) === 404, 'The API serves /metrics on its own port');
    expect((await status(`${stack.opsUrl}/metrics`)) === 200, 'OPS_PORT serves no /metrics');
    const psql = (role: string, database: string): Promise<Ran> =>
      stack.attempt(
        'docker compose exec -T postgresql psql --command "select 1" ' +
          `postgres://${role}:a-first-password-of-the-database@postgresql/${database}`,
      );
    for (const [role, database] of [
      ['threadkeeper', 'temporal'],
      ['temporal', 'threadkeeper'],
      ['postgres', 'postgres'],
    ] as const) {
      expect((await psql(role, database)).code !== 0, `${role} may open the database ${database}`);
    }
    expect((await psql('threadkeeper', 'threadkeeper')).code === 0, 'The product may not open its database');
    const written = await stack.attempt('docker compose exec -T worker touch /app/dist/worker.js');
    expect(written.code !== 0, 'A worker may change its own program');
    return 'metrics on OPS_PORT only; roles apart; read-only';
  },
};

const silent = async (stack: Stack, what: string): Promise<void> => {
  const asked = customerAsks(stack.simulator);
  const { threadId, messageId } = asked;
  const id = `message:${PORTAL_ID}:${threadId}-${messageId}`;
  const ask = `docker compose exec -T worker threadkeeper temporal workflow result --output json --workflow-id ${id}`;
  let result = await stack.attempt(ask, 60_000);
  // Its webhook may still be on its way.
  await until(
    `the run of ${id}`,
    async () => {
      if (result.code !== 0) result = await stack.attempt(ask, 60_000);
      return result.code === 0;
    },
    60_000,
  );
  expect(/"stopped"/.test(result.output) && !isAnswered(stack.simulator, asked), `${what}: the AI answered`);
};

const emergencyStop: Step = {
  name: 'stop',
  run: async (stack) => {
    const stop = 'docker compose exec -T worker threadkeeper stop';
    const { ms } = await stack.run(`${stop} --by "the test"`);
    expect(ms < 5_000, `The stop took ${seconds(ms)}`);
    try {
      await silent(stack, 'after the stop');
      await stack.run('docker compose restart worker api');
      await silent(stack, 'after a restart');
    } finally {
      await stack.run(`${stop} --end`);
    }
    await answered(stack, 'a reply after the stop has ended');
    return `in force after ${seconds(ms)}, and after a restart; answers again when it is ended`;
  },
};

/** Opens the inspector of the worker's process, and has its event loop do nothing else any more. */
const HANG = `
  const [target] = await (await fetch('http://127.0.0.1:9229/json/list')).json();
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  socket.onopen = () => {
    socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: 'for (;;) {}' } }));
    setTimeout(() => process.exit(0), 500);
  };`.replace(/\s*\n\s*/g, ' ');

/** Sends a signal to the worker itself, not to the init before it. */
const signalWorker = (stack: Stack, signal: string): Promise<Ran> => {
  const script = `
    const { readdirSync, readFileSync } = require('node:fs');
    const own = readdirSync('/proc').filter((name) => Number(name) > 1 && Number(name) !== process.pid);
    const isWorker = (pid) => readFileSync('/proc/' + pid + '/cmdline', 'utf8').startsWith('node\\0dist/worker.js');
    process.kill(Number(own.find(isWorker)), '${signal}');`;
  return stack.run(`docker compose exec -T worker node --eval "${script.replace(/\s*\n\s*/g, ' ')}"`);
};

const hungWorker: Step = {
  name: 'hung',
  run: async (stack) => {
    const starts = (): Promise<string> => inspect(stack, 'worker', '{{.State.StartedAt}}');
    const before = await starts();
    await signalWorker(stack, 'SIGUSR1');
    await sleep(1_000);
    await stack.run(`docker compose exec -T worker node --input-type=module --eval "${HANG}"`);
    const asked = customerAsks(stack.simulator);
    const replacedMs = await until('a new worker process', async () => (await starts()) !== before, 60_000);
    const answeredMs = await until('the reply of the new process', () => isAnswered(stack.simulator, asked));
    await signalWorker(stack, 'SIGSTOP');
    const seenMs = await until(
      'a frozen worker is unhealthy',
      async () => (await healthOf(stack, 'worker')) === 'unhealthy',
      90_000,
    );
    await signalWorker(stack, 'SIGCONT');
    await until('the worker is healthy again', async () => (await healthOf(stack, 'worker')) === 'healthy', 90_000);
    return (
      `blocked loop: replaced after ${seconds(replacedMs)}, its customer answered ${seconds(answeredMs)} later; ` +
      `frozen (SIGSTOP): unhealthy after ${seconds(seenMs)}`
    );
  },
};

const temporalHealth: Step = {
  name: 'health',
  run: async (stack) => {
    await stack.run('docker compose pause postgresql');
    const ms = await until(
      'Temporal is unhealthy',
      async () => (await healthOf(stack, 'temporal')) === 'unhealthy',
      240_000,
    );
    const asked = customerAsks(stack.simulator);
    await stack.run('docker compose unpause postgresql');
    await until('Temporal is healthy again', async () => (await healthOf(stack, 'temporal')) === 'healthy', 120_000);
    await allAnsweredOnce(stack.simulator, [asked]);
    return `database away: Temporal unhealthy after ${seconds(ms)}; healthy again, the customer answered once`;
  },
};

const backupAndRestore: Step = {
  name: 'backup',
  run: async (stack) => {
    const { simulator } = stack;
    const before = traffic(simulator, 1_000);
    await sleep(10_000);
    const [backup] = await runPage(stack, 'Backup');
    const asked = before.stop();
    await allAnsweredOnce(simulator, asked);
    const after = Array.from({ length: 10 }, () => customerAsks(simulator));
    await allAnsweredOnce(simulator, after);
    await stack.run('docker compose down --volumes');
    // Nobody takes these: HubSpot still brings them when the stack is back.
    const meanwhile = Array.from({ length: 5 }, () => customerAsks(simulator));
    await stack.run('docker compose up --detach --wait');
    const half = await stack.attempt(
      'head -c 2000 threadkeeper.sql.gz | gunzip --stdout 2>/dev/null | ' +
        'docker compose exec -T postgresql sh /opt/threadkeeper/restore.sh',
    );
    expect(half.code !== 0 && half.output.includes('no whole backup'), 'Half a backup is taken');
    const restore = await runPage(stack, 'Restore');
    await allAnsweredOnce(simulator, [...asked, ...after, ...meanwhile]);
    // Runs of before the backup may still come to their end.
    await sleep(15_000);
    await allAnsweredOnce(simulator, [...asked, ...after, ...meanwhile]);
    const ms = restore.reduce((sum, one) => sum + one.ms, 0);
    const customers = asked.length + after.length + meanwhile.length;
    const took = `backup under traffic ${seconds(backup?.ms ?? 0)}, restore ${seconds(ms)}`;
    return `${took}; ${customers} customers, each answered once`;
  },
};

const password: Step = {
  name: 'password',
  run: async (stack) => {
    await stack.set({ POSTGRES_PASSWORD: 'a-second-password', TEMPORAL_POSTGRES_PASSWORD: 'a-third-password' });
    const [changed] = await runPage(stack, 'Passwords of the database');
    const ms = await answered(stack, 'a reply with the new passwords');
    return `changed in ${seconds(changed?.ms ?? 0)}; a customer is answered after ${seconds(ms)}`;
  },
};

const down: Step = {
  name: 'down',
  run: async (stack) => {
    const [first] = await runPage(stack, 'Stop and remove');
    const left = (await stack.run('docker compose ps --all --quiet')).stdout.trim();
    expect(left === '', 'Containers are left');
    await stack.run('docker compose up --detach --wait');
    await answered(stack, 'a reply after down and up');
    return `${seconds(first?.ms ?? 0)}; the data is there after the next up`;
  },
};

/** In this order: each begins with what the one before has left. */
export const STEPS: Step[] = [
  up,
  reply,
  exposure,
  monitoring,
  load,
  emergencyStop,
  hungWorker,
  temporalHealth,
  backupAndRestore,
  upgrade,
  rollback,
  proxies,
  changeSetting,
  password,
  down,
];
