import { askOnce } from './requests.js';

/** One row at one server: the answer is checked, the server warmed up, then measured. */
export async function measure(row, running, load, { connections, seconds, warmUpSeconds }) {
  await checkAnswer(row, running);
  if (warmUpSeconds > 0) {
    await load.run({
      request: await row.prepare(running, connections, 'warm-up'),
      connections,
      seconds: warmUpSeconds,
    });
  }
  const request = await row.prepare(running, connections, 'load');
  const cpuBefore = running.cpuMicroseconds();
  const databaseBefore = running.databaseCpuMicroseconds();
  const result = await load.run({ request, connections, seconds });
  const cpu = cpuBefore === undefined ? undefined : running.cpuMicroseconds() - cpuBefore;
  const database = databaseBefore === undefined ? undefined : running.databaseCpuMicroseconds() - databaseBefore;
  await checkAnswer(row, running);
  return {
    seconds: result.seconds,
    perSecond: result.requests / result.seconds,
    failures: result.failures,
    cpuMicrosecondsPerRequest: cpu === undefined ? undefined : cpu / result.requests,
    databaseCpuMicrosecondsPerRequest: database === undefined ? undefined : database / result.requests,
    serverBusy: cpu === undefined ? undefined : cpu / (result.seconds * 1e6),
    loadBusy: result.loadBusy,
    latency: result.latency,
    residentMebibytes: running.residentMebibytes(),
  };
}

/** @throws Error unless the answer is the intended one */
async function checkAnswer(row, running) {
  const request = await row.prepare(running, 1, 'check');
  try {
    row.check(await (row.ask ?? askOnce)(request), running, request);
  } catch (cause) {
    throw new Error(`${row.name} at ${running.name}: ${cause.message}`, { cause });
  }
}
