// What Linux knows about a process; undefined where there is no /proc, or no such process.
import { readdirSync, readFileSync } from 'node:fs';

/** The unit of utime and stime: USER_HZ, 100 on every Linux that Node runs on. */
const microsecondsPerTick = 10_000;

/** User and system time since the start in microseconds, all threads. */
export function cpuMicroseconds(pid) {
  const stat = readStat(pid);
  return stat && stat.own * microsecondsPerTick;
}

/** The same, with all processes that it has started: those that still run, and those that have ended. */
export function cpuMicrosecondsWithChildren(pid) {
  const stat = readStat(pid);
  if (stat === undefined) return undefined;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(readStat)
    .filter((child) => child?.parent === pid);
  const ticks = children.reduce((sum, { own, ended }) => sum + own + ended, stat.own + stat.ended);
  return ticks * microsecondsPerTick;
}

/** Resident memory in MiB. */
export function residentMebibytes(pid) {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(read(pid, 'status') ?? '')?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) / 1024;
}

function readStat(pid) {
  const stat = read(pid, 'stat');
  if (stat === undefined) return undefined;
  // The second field is the command in parentheses, which may hold anything; ppid is the 4th, utime, stime, cutime and cstime the 14th to 17th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system, endedUser, endedSystem] = fields.slice(11, 15).map(Number);
  return { parent: Number(fields[1]), own: user + system, ended: endedUser + endedSystem };
}

function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}
