import { describe, expect, it } from '@jest/globals';
import { sts } from './running-cli.fixture.js';

describe('The command line', () => {
  it('shows its commands with --help, on standard output', async () => {
    const { exitCode, output, errors } = await sts(['--help']);
    expect([exitCode, errors]).toEqual([0, '']);
    expect(output).toMatch(/^Usage: sts/);
    expect(output).toContain('sts doctor');
  });

  it('says its version', async () => {
    expect(await sts(['--version'])).toMatchObject({ exitCode: 0, output: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  it.each([
    [['strat'], "unknown command 'strat'\n(Did you mean start?)\nSee sts --help."],
    [['config', 'validat'], "unknown command 'validat'\n(Did you mean validate?)\nSee sts config --help."],
    [['doctor', '--isuer', 'x'], "unknown option '--isuer'\n(Did you mean --issuer?)\nSee sts doctor --help."],
    [
      ['keys', 'revoke', '-qUrRTNfBSdwxxRX', '--yes'],
      "unknown option '-qUrRTNfBSdwxxRX'\nSee sts keys revoke --help.\nA name that begins with - stands behind --, after all options.",
    ],
    [
      ['perform', 'client-credentials'],
      "required option '--issuer <url>' not specified\nSee sts perform client-credentials --help.",
    ],
    [['init', 'a', 'b'], "too many arguments for 'init'. Expected 1 argument but got 2.\nSee sts init --help."],
  ])('ends with 2 where it is called wrongly: %j', async (args, says) => {
    expect(await sts(args)).toMatchObject({ exitCode: 2, output: '', errors: `error: ${says}\n` });
  });

  it('shows where a command failed with --debug only', async () => {
    const args = ['config', 'export', '/nowhere/sts.yaml'];
    const plain = await sts(args);
    expect(plain).toMatchObject({ exitCode: 1, output: '' });
    expect(plain.errors).toBe('/nowhere/sts.yaml is not valid: sts config validate /nowhere/sts.yaml says why.\n');
    expect((await sts([...args, '--debug'])).errors).toMatch(/\n\s+at .*[^]*ENOENT/);
  });
});

describe('sts start', () => {
  it('takes options in the place of variables, and says why it does not start', async () => {
    const { exitCode, errors } = await sts(['start', '--port', 'abc', '--config', '/nowhere.yaml'], {
      variables: { STS_PORT: '5001', STS_CONFIG: 'sts.yaml' },
    });
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/^The server does not start: its configuration has 2 faults\.\n/);
    expect(errors).toContain('STS_PORT: must be a port from 0 to 65535');
    expect(errors).toContain('/nowhere.yaml');
  });
});
