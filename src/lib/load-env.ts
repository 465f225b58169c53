import { existsSync } from 'node:fs';

// The npm scripts load this before the program. Node's own --env-file-if-exists says on every start that there is no
// .env, also where none is needed. What the environment has already stays.
if (existsSync('.env')) process.loadEnvFile('.env');
