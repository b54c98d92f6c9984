/*
 * Loaded into each server by `--import`. The standard input is a pipe from the launcher and closes when the launcher is
 * gone, however it went; SIGKILL leaves it no time to end anybody.
 */
process.stdin.on('close', () => process.kill(process.pid, 'SIGTERM')).resume();
process.stdin.unref();
